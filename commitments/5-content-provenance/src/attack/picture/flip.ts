import type { Change } from '../attack.ts'
import { opened, type Raw, rawOf } from '../picture-raw.ts'

const flip: Change<Raw> = {
  kind: 'change',
  name: 'flip',
  title: 'Mirrored',
  family: 'geometry',
  expected: 'survives',
  apply: (picture) => rawOf(opened(picture).flop()),
}
export default [flip]
