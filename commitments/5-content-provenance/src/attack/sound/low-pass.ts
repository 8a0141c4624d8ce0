import type { Samples } from '../../media/sound/samples.ts'
import type { Change } from '../attack.ts'
import { eachChannel, lowPassed } from '../sound-raw.ts'

const lowPass: Change<Samples> = {
  kind: 'change',
  name: 'low-pass',
  title: 'Low-pass at 4 kHz (12 dB an octave)',
  family: 'filter',
  expected: 'survives',
  apply: (sound) => eachChannel(sound, (samples) => lowPassed(samples, sound.rate, 4_000)),
}
export default [lowPass]
