import type { Change } from '../attack.ts'
import type { Raw } from '../picture-raw.ts'

/** The marked picture as it is: what is lost here was lost by marking. */
const untouched: Change<Raw> = {
  kind: 'change',
  name: 'none',
  title: 'Untouched',
  family: 'none',
  expected: 'survives',
  apply: (picture) => picture,
}
export default [untouched]
