import { AvouchError } from '@avouch/core/errors'
import sharp, { type Metadata, type Sharp } from 'sharp'
import type { Kind } from './family.ts'
import { PICTURE_LIMITS, pictureRoom, withinLimits } from './limits.ts'
import { isAnimatedPng } from './picture-kinds.ts'
import { roomFor } from './room.ts'

/** Seconds libvips may work on one picture. */
export const SECONDS = 45

// each job has a process to itself; libvips would start more, and keep what it opened
sharp.concurrency(1)
sharp.cache(false)

/** A decoded picture, not turned by EXIF. */
export type Picture = {
  /** Rows of samples of 8 bits in the picture's own colour space; of ink (CMYK), how it looks in sRGB. */
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
  await roomFor(pictureRoom(metadata))
  const { data, info } = await rendered(bytes, metadata)
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw unreadable(error)
    })
  return { pixels: data, width: info.width, height: info.height, channels: info.channels, metadata }
}

/** What `decodePicture` reads. Grey stays grey, ink is seen through its profile, everything else that is taken is RGB. */
function rendered(bytes: Uint8Array, { space }: Metadata): Sharp {
  if (space === 'cmyk') return opened(bytes, { ignoreIcc: false }).toColourspace('srgb')
  return space === 'b-w' || space === 'grey16' ? opened(bytes).toColourspace('b-w') : opened(bytes)
}

/** The file in sharp, held to the limits, nothing read yet. Its colours are left as they are unless they are asked for. */
export function opened(bytes: Uint8Array, { ignoreIcc = true } = {}): Sharp {
  return sharp(bytes, {
    ignoreIcc,
    limitInputPixels: PICTURE_LIMITS.pixels,
    failOn: 'error',
    sequentialRead: true,
    unlimited: false,
  }).timeout({ seconds: SECONDS })
}

const SPACES = ['srgb', 'rgb', 'b-w', 'rgb16', 'grey16', 'cmyk']

function refuse(bytes: Uint8Array, kind: Kind, metadata: Metadata): void {
  const { space, depth, channels, pages = 1 } = metadata
  const no = (why: string, fix: string): never => {
    throw new AvouchError('input', why, { fix })
  }
  if (pages > 1 || (kind.name === 'png' && isAnimatedPng(bytes)))
    no(
      `the file holds ${pages > 1 ? pages : 'several'} pictures: animations and series are not taken`,
      'Mark its frames one by one.',
    )
  if (depth !== 'uchar' && depth !== 'ushort')
    no(
      `the picture has samples of type ${depth}, where whole numbers of 8 or 16 bits are taken`,
      'Convert it to 16 bits a sample first.',
    )
  if (!SPACES.includes(space) || channels > 4)
    no(
      `the picture is in the colour space ${space} with ${channels} channels, and grey, RGB and CMYK are taken`,
      'Convert it to RGB first.',
    )
  if (space === 'cmyk' && (depth !== 'uchar' || channels !== 4))
    no('the picture is in CMYK with more than four channels of 8 bits', 'Convert it to RGB first.')
}

/** What a decoder says names no path and no content; it is shortened all the same, since it speaks of a stranger's file. */
export function unreadable(error: unknown): AvouchError {
  const said = error instanceof Error ? error.message.split('\n')[0]!.slice(0, 160) : 'unknown'
  return new AvouchError('input', `the picture cannot be decoded: ${said}`, {
    fix: 'It is cut off, damaged, or not what its first bytes say.',
  })
}
