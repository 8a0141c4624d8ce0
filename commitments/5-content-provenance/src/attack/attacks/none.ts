import type { Change } from '../attack.ts'

/** The marked picture as it is: what is lost here was lost by marking. */
const untouched: Change = {
  kind: 'change',
  name: 'none',
  title: 'Untouched',
  family: 'none',
  expected: 'survives',
  apply: (picture) => picture,
}
export default [untouched]
