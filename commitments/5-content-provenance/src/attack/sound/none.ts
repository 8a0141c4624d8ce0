import type { Samples } from '../../media/sound/samples.ts'
import type { Change } from '../attack.ts'

/** The marked sound as it is: what is lost here was lost by marking. */
const untouched: Change<Samples> = {
  kind: 'change',
  name: 'none',
  title: 'Untouched',
  family: 'none',
  expected: 'survives',
  apply: (sound) => sound,
}
export default [untouched]
