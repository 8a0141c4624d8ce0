import { AvouchError } from '@avouch/core/errors'
import sharp, { type Metadata, type Sharp } from 'sharp'
import type { Kind } from './family.ts'
import { inkTiff } from './ink-tiff.ts'
import { PICTURE_LIMITS } from './limits.ts'
import { opened, type Picture, SECONDS, unreadable } from './picture-file.ts'
import { isLosslessWebp, jpegQuality } from './picture-kinds.ts'

/** A picture as it is to be: samples of 8 bits, or, for ink, four inks a pixel. */
export type Changed = { pixels: Uint8Array } | { inks: Uint8Array }

/**
 * Writes a changed picture as a file of the same kind, at the same depth. ICC profile, EXIF with its turn, XMP, alpha and, for
 * JPEG, quality and subsampling stay. An older C2PA manifest is left out of it, since it spoke of other bytes. EXIF in TIFF is
 * not kept.
 */
export async function encodePicture(
  bytes: Uint8Array,
  kind: Kind,
  picture: Picture,
  changed: Changed = { pixels: picture.pixels },
): Promise<Uint8Array> {
  const whole = (await laidOver(bytes, picture, changed)).timeout({ seconds: SECONDS })
  return formatted(whole, bytes, kind, picture.metadata).toBuffer()
}

/**
 * The changed picture in sharp, with all that the file says of it. Where it says anything, or has other samples than were
 * decoded, the changes are laid over the original by exclusive or, which is exact and carries its metadata over.
 */
export async function laidOver(bytes: Uint8Array, picture: Picture, changed: Changed): Promise<Sharp> {
  const { width, height, metadata } = picture
  const channels = picture.channels as 1 | 2 | 3 | 4
  const raw = { width, height, channels }
  if ('inks' in changed) {
    const over = inkTiff(xor(await storedInks(bytes), changed.inks), width, height)
    return inSpace(opened(bytes), 'cmyk').keepMetadata().boolean(over, 'eor')
  }
  const { pixels } = changed
  if (metadata.space === 'cmyk') return inSpace(opened(bytes), 'cmyk').keepMetadata()
  if (metadata.depth === 'ushort') {
    const space = channels < 3 ? 'grey16' : 'rgb16'
    const stored = await storedDeep(bytes, space)
    const over = stored.map((value, at) => value ^ deepened(value, pixels[at]! - picture.pixels[at]!))
    // sharp takes any typed array, and must have one to know the depth; its types do not say so
    return inSpace(opened(bytes), space)
      .keepMetadata()
      .boolean(over as unknown as Buffer, 'eor', { raw })
  }
  const dressed = metadata.icc || metadata.exif || metadata.xmp
  const pipeline = dressed
    ? opened(bytes).keepMetadata().boolean(xor(picture.pixels, pixels), 'eor', { raw })
    : sharp(pixels, { raw, limitInputPixels: PICTURE_LIMITS.pixels })
  return channels < 3 ? pipeline.toColourspace('b-w') : pipeline
}

function inSpace(pipeline: Sharp, space: 'cmyk' | 'rgb16' | 'grey16'): Sharp {
  return pipeline.pipelineColourspace(space).toColourspace(space)
}

/** Four bytes of ink for each pixel, as the file has them. */
export async function storedInks(bytes: Uint8Array): Promise<Uint8Array> {
  return inSpace(opened(bytes), 'cmyk')
    .raw({ depth: 'uchar' })
    .toBuffer()
    .catch((error: unknown) => {
      throw unreadable(error)
    })
}

async function storedDeep(bytes: Uint8Array, space: 'rgb16' | 'grey16'): Promise<Uint16Array> {
  const samples = await inSpace(opened(bytes), space).raw({ depth: 'ushort' }).toBuffer()
  return new Uint16Array(Uint8Array.from(samples).buffer)
}

/** Moves 16 bits by so many steps of the 8 bits that were decoded, which are the upper ones. */
function deepened(value: number, by: number): number {
  return Math.max(0, Math.min(65_535, value + 256 * by))
}

function xor(one: Uint8Array, other: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(one.length)
  for (let at = 0; at < out.length; at++) out[at] = one[at]! ^ other[at]!
  return out
}

function formatted(pipeline: Sharp, bytes: Uint8Array, kind: Kind, metadata: Metadata): Sharp {
  switch (kind.name) {
    case 'jpeg':
      return pipeline.jpeg({
        quality: Math.max(80, Math.min(97, jpegQuality(bytes))),
        chromaSubsampling: metadata.chromaSubsampling?.startsWith('4:4:4') ? '4:4:4' : '4:2:0',
        progressive: metadata.isProgressive ?? false,
        // tables made for the picture save a twenty-fifth of its bytes, and take more time than all the rest of writing it
        optimiseCoding: false,
      })
    case 'png':
      return pipeline.png({ compressionLevel: 6 })
    case 'webp':
      return pipeline.webp(isLosslessWebp(bytes) ? { lossless: true, effort: 2 } : { quality: 92, effort: 3 })
    case 'avif':
      return pipeline.avif({ quality: 75, effort: 3, bitdepth: avifDepth(metadata) })
    case 'tiff':
      return pipeline.tiff({ compression: 'lzw' })
    default:
      throw new AvouchError('internal', `no encoder for ${kind.name}`)
  }
}

function avifDepth({ bitsPerSample }: Metadata): 8 | 10 | 12 {
  return bitsPerSample === 10 || bitsPerSample === 12 ? bitsPerSample : 8
}
