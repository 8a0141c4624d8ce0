import type { Change } from '../attack.ts'
import { opened, rawOf } from '../raw.ts'

const flip: Change = {
  kind: 'change',
  name: 'flip',
  title: 'Mirrored',
  family: 'geometry',
  expected: 'survives',
  apply: (picture) => rawOf(opened(picture).flop()),
}
export default [flip]
