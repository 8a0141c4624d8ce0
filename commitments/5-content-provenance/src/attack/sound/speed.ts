import type { Samples } from '../../media/sound/samples.ts'
import type { Change } from '../attack.ts'
import { eachChannel, resampled } from '../sound-raw.ts'

export default [
  { by: 1.05, name: 'speed-105', title: 'Played 5 % faster, and higher' },
  { by: 0.95, name: 'speed-95', title: 'Played 5 % slower, and lower' },
].map(
  ({ by, name, title }): Change<Samples> => ({
    kind: 'change',
    name,
    title,
    family: 'speed',
    expected: 'survives',
    apply: (sound) => eachChannel(sound, (samples) => resampled(samples, by)),
  }),
)
