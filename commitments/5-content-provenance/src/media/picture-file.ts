import { AvouchError } from '@avouch/core/errors'
import sharp, { type Metadata, type Sharp } from 'sharp'
import type { Kind } from './family.ts'
import { PICTURE_LIMITS, withinLimits } from './limits.ts'
import { isAnimatedPng, isLosslessWebp, jpegQuality } from './picture-kinds.ts'

/** Seconds libvips may work on one picture. */
const SECONDS = 45

/** A decoded picture: rows of pixels as they are stored, not turned by EXIF, in their own colour space. */
export type Picture = {
  pixels: Uint8Array
  width: number
  height: number
  /** 1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha. */
  channels: number
  metadata: Metadata
}

/** Decodes after the header was held to the limits. Throws `input` with the reason, or `limit`. */
export async function decodePicture(bytes: Uint8Array, kind: Kind): Promise<Picture> {
  const metadata = await opened(bytes)
    .metadata()
    .catch((error: unknown) => {
      throw unreadable(error)
    })
  refuse(bytes, kind, metadata)
  withinLimits(metadata.width, metadata.height, bytes.length)
  const { data, info } = await inOwnSpace(opened(bytes), metadata)
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw unreadable(error)
    })
  return { pixels: data, width: info.width, height: info.height, channels: info.channels, metadata }
}

/**
 * Writes changed pixels as a file of the same kind. ICC profile, EXIF with its turn, XMP, alpha and, for JPEG, quality
 * and subsampling stay. An older C2PA manifest is left out of it, since it spoke of other bytes. EXIF in TIFF is not kept.
 */
export async function encodePicture(
  bytes: Uint8Array,
  kind: Kind,
  { pixels, width, height, channels, metadata }: Picture,
): Promise<Uint8Array> {
  const raw = { width, height, channels: channels as 1 | 2 | 3 | 4 }
  const dressed = metadata.icc || metadata.exif || metadata.xmp
  // laid over the original, so that libvips carries its metadata over; decoding twice is spared where there is none
  const pipeline = dressed
    ? opened(bytes)
        .keepMetadata()
        .composite([
          { input: Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength), raw, blend: 'source' },
        ])
    : sharp(pixels, { raw, limitInputPixels: PICTURE_LIMITS.pixels })
  const opaque = channels === 1 || channels === 3
  const whole = inOwnSpace(opaque ? pipeline.removeAlpha() : pipeline, metadata).timeout({ seconds: SECONDS })
  return formatted(whole, bytes, kind, metadata).toBuffer()
}

function opened(bytes: Uint8Array): Sharp {
  return sharp(bytes, {
    ignoreIcc: true,
    limitInputPixels: PICTURE_LIMITS.pixels,
    failOn: 'error',
    sequentialRead: true,
    unlimited: false,
  }).timeout({ seconds: SECONDS })
}

/** Grey stays grey; everything else that comes this far is RGB. */
function inOwnSpace(pipeline: Sharp, { space }: Metadata): Sharp {
  return space === 'b-w' || space === 'grey16' ? pipeline.toColourspace('b-w') : pipeline
}

function refuse(bytes: Uint8Array, kind: Kind, metadata: Metadata): void {
  const { space, depth, pages = 1 } = metadata
  const no = (why: string, fix: string): never => {
    throw new AvouchError('input', why, { fix })
  }
  if (pages > 1 || (kind.name === 'png' && isAnimatedPng(bytes)))
    no(
      `the file holds ${pages > 1 ? pages : 'several'} pictures: animations and series are not taken`,
      'Mark its frames one by one.',
    )
  if (space === 'cmyk') no('the picture is in CMYK, made for print', 'Convert it to RGB first.')
  if (depth !== 'uchar')
    no(
      `the picture has samples of type ${depth}, where 8 bits are taken`,
      'Convert it to 8 bits a sample first.',
    )
}

function formatted(pipeline: Sharp, bytes: Uint8Array, kind: Kind, metadata: Metadata): Sharp {
  switch (kind.name) {
    case 'jpeg':
      return pipeline.jpeg({
        quality: Math.max(80, Math.min(97, jpegQuality(bytes))),
        chromaSubsampling: metadata.chromaSubsampling === '4:4:4' ? '4:4:4' : '4:2:0',
        progressive: metadata.isProgressive ?? false,
      })
    case 'png':
      return pipeline.png({ compressionLevel: 6 })
    case 'webp':
      return pipeline.webp(isLosslessWebp(bytes) ? { lossless: true, effort: 2 } : { quality: 92, effort: 3 })
    case 'avif':
      return pipeline.avif({ quality: 75, effort: 3 })
    case 'tiff':
      return pipeline.tiff({ compression: 'lzw' })
    default:
      throw new AvouchError('internal', `no encoder for ${kind.name}`)
  }
}

/** What a decoder says names no path and no content; it is shortened all the same, since it speaks of a stranger's file. */
function unreadable(error: unknown): AvouchError {
  const said = error instanceof Error ? error.message.split('\n')[0]!.slice(0, 160) : 'unknown'
  return new AvouchError('input', `the picture cannot be decoded: ${said}`, {
    fix: 'It is cut off, damaged, or not what its first bytes say.',
  })
}
