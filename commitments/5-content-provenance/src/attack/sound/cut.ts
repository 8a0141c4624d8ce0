import { type Samples, secondsOf } from '../../media/sound/samples.ts'
import type { Change } from '../attack.ts'
import { between } from '../sound-raw.ts'

/** Somewhere out of the sound; a shorter one stays whole. */
export default [10, 5].map(
  (seconds): Change<Samples> => ({
    kind: 'change',
    name: `cut-${seconds}`,
    title: `${seconds} seconds out of it`,
    family: 'cut',
    expected: seconds < 10 ? 'may be lost' : 'survives',
    apply(sound, random) {
      const from = random.uniform() * Math.max(0, secondsOf(sound) - seconds)
      return between(sound, from, from + seconds)
    },
  }),
)
