import { AvouchError } from '@avouch/core/errors'
import { asRaw, opened, type Raw } from '../../attack/picture-raw.ts'
import { lookOf } from '../../fingerprint/look.ts'
import { type Plane, smaller } from '../../fingerprint/shrink.ts'
import { kindOf } from '../../media/families.ts'
import { lumaOf } from '../../media/luma.ts'
import { decodePicture } from '../../media/picture-file.ts'
import { pictureMark } from '../../watermark/picture/index.ts'
import type { Bench } from '../bench.ts'
import { qualityOf } from '../quality.ts'
import { sizeOf } from '../size.ts'

/** As large as the check has it. */
const VIEW = 512

/** A picture by itself: transparency, profile and metadata left away, as PNG. */
const bench: Bench<Raw> = {
  async read(bytes) {
    const { family, kind } = await kindOf(bytes)
    if (family.name !== 'picture') throw new AvouchError('input', 'this is no picture')
    const { pixels, width, height, channels } = await decodePicture(bytes, kind)
    return asRaw(pixels, width, height, channels)
  },
  // quickly rather than small: it lives for one question
  write: async (raw) => new Uint8Array(await opened(raw).png({ compressionLevel: 1 }).toBuffer()),
  sizeOf: ({ width, height }) => sizeOf(width, height),
  likened(original, marked) {
    if (original.width !== marked.width || original.height !== marked.height)
      throw new AvouchError('input', 'the marked picture has another size than the original')
    return qualityOf(original, marked)
  },
  mark({ pixels, width, height }, payload, key) {
    const mark = pictureMark.embed(pixels, width, height, 3, payload, key)
    return { pixels: Uint8Array.from(mark.pixels), width, height }
  },
  detect({ pixels, width, height }, key) {
    const mark = pictureMark.detect(pixels, width, height, 3, key)
    return mark && { ...mark, ...mark.geometry }
  },
  look: (raw) => lookOf(planeOf(raw)),
  view: (raw) => smaller(planeOf(raw), VIEW),
}
export default bench

function planeOf({ pixels, width, height }: Raw): Plane {
  return { luma: lumaOf(pixels, 3), width, height }
}
