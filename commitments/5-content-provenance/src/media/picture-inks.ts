import type { Kind } from './family.ts'
import { laidOver, storedInks } from './picture-encode.ts'
import { decodePicture, type Picture } from './picture-file.ts'
import { PICTURE_KINDS } from './picture-kinds.ts'

const TIFF = PICTURE_KINDS.find(({ name }) => name === 'tiff') as Kind

/** Where black ink covers more, others change little: their change is held to this share of it. */
const LEAST_LIGHT = 64

/**
 * Brings a change of the look of a picture in CMYK into its inks: more red is less cyan, and so on, black ink is left alone.
 * How much an ink shows is its profile's matter, so the first try is measured through it and corrected once. Returns the
 * inks, and how near they look to the original: PSNR in dB.
 */
export async function inksFor(
  bytes: Uint8Array,
  picture: Picture,
  pixels: Uint8Array,
): Promise<{ inks: Uint8Array; psnr: number }> {
  const stored = await storedInks(bytes)
  const wanted = meanSquare(picture.pixels, pixels)
  const tryWith = async (gain: number): Promise<{ inks: Uint8Array; got: number }> => {
    const inks = changedInks(stored, picture, pixels, gain)
    const proof = await (await laidOver(bytes, picture, { inks })).tiff({ compression: 'none' }).toBuffer()
    return { inks, got: meanSquare(picture.pixels, (await decodePicture(proof, TIFF)).pixels) }
  }
  const first = await tryWith(1)
  const gain = first.got > 0 ? Math.max(0.5, Math.min(3, Math.sqrt(wanted / first.got))) : 1
  const { inks, got } = await tryWith(gain)
  return { inks, psnr: got > 0 ? 10 * Math.log10(255 ** 2 / got) : 99 }
}

function changedInks(
  stored: Uint8Array,
  { pixels: before, width, height }: Picture,
  after: Uint8Array,
  gain: number,
): Uint8Array {
  const inks = new Uint8ClampedArray(stored)
  for (let pixel = 0; pixel < width * height; pixel++) {
    const light = Math.max(LEAST_LIGHT, 255 - stored[pixel * 4 + 3]!)
    for (let colour = 0; colour < 3; colour++) {
      const by = after[pixel * 3 + colour]! - before[pixel * 3 + colour]!
      inks[pixel * 4 + colour] = stored[pixel * 4 + colour]! - (gain * by * 255) / light
    }
  }
  return new Uint8Array(inks.buffer)
}

function meanSquare(one: Uint8Array, other: Uint8Array): number {
  let sum = 0
  for (let at = 0; at < one.length; at++) sum += (one[at]! - other[at]!) ** 2
  return sum / one.length
}
