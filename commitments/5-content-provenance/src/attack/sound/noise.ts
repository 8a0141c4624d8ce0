import type { Samples } from '../../media/sound/samples.ts'
import type { Change } from '../attack.ts'
import { eachChannel, powerOf } from '../sound-raw.ts'

export default [30, 20].map(
  (decibels): Change<Samples> => ({
    kind: 'change',
    name: `noise-${decibels}`,
    title: `White noise, ${decibels} dB below the sound`,
    family: 'filter',
    expected: 'survives',
    apply(sound, random) {
      const deviation = Math.sqrt(powerOf(sound) * 10 ** (-decibels / 10))
      return eachChannel(sound, (samples) => samples.map((sample) => sample + deviation * random.normal()))
    },
  }),
)
