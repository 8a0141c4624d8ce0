import type { Change } from '../attack.ts'
import { opened, type Raw, rawOf } from '../picture-raw.ts'

const median: Change<Raw> = {
  kind: 'change',
  name: 'median',
  title: 'Median of 5 × 5 pixels',
  family: 'filter',
  expected: 'survives',
  apply: (picture) => rawOf(opened(picture).median(5)),
}
export default [median]
