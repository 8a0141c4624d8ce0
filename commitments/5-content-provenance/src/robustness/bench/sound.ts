import { AvouchError } from '@avouch/core/errors'
import { soundLookOf, soundViewOf } from '../../fingerprint/sound.ts'
import { kindOf } from '../../media/families.ts'
import { decodeSound } from '../../media/sound/decode.ts'
import { type Samples, secondsOf } from '../../media/sound/samples.ts'
import { writeWav } from '../../media/sound/wav.ts'
import { detectInSound, embedInSound, spectraOf } from '../../watermark/sound/index.ts'
import type { Bench } from '../bench.ts'
import { signalToChange } from '../quality.ts'
import { sizeOfSeconds } from '../size.ts'

/** A sound by itself, without tags, as WAV of 16 bits. */
const bench: Bench<Samples> = {
  async read(bytes) {
    const { family, kind } = await kindOf(bytes)
    if (family.name !== 'sound') throw new AvouchError('input', 'this is no sound')
    return decodeSound(bytes, kind)
  },
  write: async (samples) => writeWav(samples, { depth: 16, float: false }),
  sizeOf: (samples) => sizeOfSeconds(secondsOf(samples)),
  likened(original, marked) {
    if (original.rate !== marked.rate || original.channels.length !== marked.channels.length)
      throw new AvouchError('input', 'the marked sound has another rate or other channels than the original')
    return { snr: signalToChange(original.channels, marked.channels) }
  },
  mark({ channels, rate }, payload, key) {
    return { channels: embedInSound(channels, rate, payload, key).channels, rate }
  },
  detect({ channels, rate }, key) {
    const mark = detectInSound(channels, rate, key)
    return mark && { ...mark, scale: 1, rotation: 0, mirrored: false }
  },
  look: ({ channels, rate }) => soundLookOf(spectraOf(channels, rate)),
  view: ({ channels, rate }, { speed }) => soundViewOf(spectraOf(channels, rate), speed),
}
export default bench
