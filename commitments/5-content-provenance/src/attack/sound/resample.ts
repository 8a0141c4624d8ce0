import type { Samples } from '../../media/sound/samples.ts'
import type { Change } from '../attack.ts'
import { eachChannel, resampled } from '../sound-raw.ts'

export default [16_000, 8_000].map(
  (to): Change<Samples> => ({
    kind: 'change',
    name: `resample-${to / 1000}`,
    title: `Resampled to ${to / 1000} kHz`,
    family: 'filter',
    expected: to < 16_000 ? 'may be lost' : 'survives',
    apply: (sound) => ({
      ...eachChannel(sound, (samples) => resampled(samples, sound.rate / to)),
      rate: to,
    }),
  }),
)
