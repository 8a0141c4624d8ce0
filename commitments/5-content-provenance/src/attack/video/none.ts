import type { Change } from '../attack.ts'
import type { Clip } from '../video-raw.ts'

/** The marked film as it is: what is lost here was lost by marking. */
const untouched: Change<Clip> = {
  kind: 'change',
  name: 'none',
  title: 'Untouched',
  family: 'none',
  expected: 'survives',
  apply: (clip) => clip,
}
export default [untouched]
