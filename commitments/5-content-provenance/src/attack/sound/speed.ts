import type { Samples } from '../../media/sound/samples.ts'
import type { Change } from '../attack.ts'
import { eachChannel, filtered, resampled } from '../sound-raw.ts'

/** Faster and slower, first with its pitch, as a tape, then without. */
export default [
  { by: 1.05, how: '5 % faster', pitched: 'higher' },
  { by: 0.95, how: '5 % slower', pitched: 'lower' },
].flatMap(({ by, how, pitched }): Change<Samples>[] => [
  {
    kind: 'change',
    name: `speed-${Math.round(by * 100)}`,
    title: `Played ${how}, and ${pitched}`,
    family: 'speed',
    expected: 'survives',
    apply: (sound) => eachChannel(sound, (samples) => resampled(samples, by)),
  },
  {
    kind: 'change',
    name: `tempo-${Math.round(by * 100)}`,
    title: `${how} at the same pitch`,
    family: 'speed',
    expected: 'survives',
    needs: 'ffmpeg',
    apply: (sound) => filtered(sound, `atempo=${by}`),
  },
])
