import type { Change } from '../attack.ts'
import { opened, type Raw, rawOf } from '../picture-raw.ts'

const blur: Change<Raw> = {
  kind: 'change',
  name: 'blur',
  title: 'Blurred (Gauss, σ 1.5 pixels)',
  family: 'filter',
  expected: 'survives',
  apply: (picture) => rawOf(opened(picture).blur(1.5)),
}
export default [blur]
