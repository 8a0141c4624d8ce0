import type { Change } from '../attack.ts'
import { opened, rawOf } from '../raw.ts'

const median: Change = {
  kind: 'change',
  name: 'median',
  title: 'Median of 5 × 5 pixels',
  family: 'filter',
  expected: 'survives',
  apply: (picture) => rawOf(opened(picture).median(5)),
}
export default [median]
