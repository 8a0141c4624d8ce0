import { AvouchError } from '@avouch/core/errors'

/** What a picture may have at most. Memory goes with the pixels: about 20 bytes for each while it is marked. */
export const PICTURE_LIMITS = {
  bytes: 64 * 2 ** 20,
  side: 30_000,
  pixels: 50_000_000,
  /** Pixels for each byte of file: a page of one colour has a few thousand, a bomb hundreds of thousands. */
  pixelsPerByte: 20_000,
} as const

/**
 * Bytes that a picture takes outside of the heap while it is marked and read back, as measured: what is decoded, changed, laid
 * over and written, for each sample and for each pixel.
 */
export function pictureRoom(header: {
  width: number
  height: number
  channels: number
  depth: string
  space: string
}): number {
  const { width, height, channels, depth, space } = header
  return width * height * (space === 'cmyk' ? 50 : 8 + channels * (depth === 'ushort' ? 12 : 6))
}

/** Throws `limit` where a picture of this size, in a file of so many bytes, is too large to be decoded. */
export function withinLimits(width: number, height: number, bytes: number): void {
  const { side, pixels, pixelsPerByte } = PICTURE_LIMITS
  const refuse = (why: string): never => {
    throw new AvouchError('limit', `the picture is not decoded: ${why}`, { fix: 'Use a smaller picture.' })
  }
  if (!(width > 0 && height > 0)) refuse('it has no size')
  if (Math.max(width, height) > side) refuse(`a side has more than ${side} pixels`)
  if (width * height > pixels) refuse(`it has more than ${pixels / 1_000_000} million pixels`)
  if (width * height > bytes * pixelsPerByte) refuse('its pixels are far more than its bytes can hold')
}

/**
 * What sound may have at most. It passes through in pieces, so that memory goes with the file's bytes and time with the
 * samples. `whole` is what may be held decoded, where something is tried on all of it at once.
 */
export const SOUND_LIMITS = {
  /** Signing a larger file takes more memory than a content process may have. */
  bytes: 256 * 2 ** 20,
  seconds: 4 * 3_600,
  samples: 1_600_000_000,
  whole: { seconds: 600, samples: 30_000_000 },
  channels: 8,
  rate: { least: 8_000, most: 192_000 },
  /** By the clock, for everything done to one long file. */
  markSeconds: 3_600,
  inspectSeconds: 900,
} as const

/** Samples of all channels that are marked at a time: a minute of stereo at 48 kHz. */
export const SOUND_PIECE = 6_000_000

/** So many samples a byte of compressed sound may hold, as Opus does at its lowest rates. */
const SAMPLES_PER_BYTE = 64
/** What is held of long sound that passes by: ten minutes in one channel, its spectra, those of sections. */
const HELD = 250 * 2 ** 20

function samplesIn(bytes: number, kind: string): number {
  return kind === 'wav' ? bytes / 2 : bytes * SAMPLES_PER_BYTE
}

/** Bytes that a sound of so many bytes may take outside of the heap at most, while it is marked and read back. */
export function soundRoom(bytes: number, kind: string): number {
  const samples = samplesIn(bytes, kind)
  return Math.min(SOUND_PIECE, samples) * 30 + Math.min(HELD, samples * 12) + 2 * bytes
}

/** The same where all of it is decoded at once. */
export function wholeSoundRoom(bytes: number, kind: string): number {
  return Math.min(SOUND_LIMITS.whole.samples, samplesIn(bytes, kind)) * 30
}

/** Throws `limit` where sound of so many samples in each channel is too long, `input` where its rate or channels are none. */
export function soundWithinLimits(
  channels: number,
  rate: number,
  length: number,
  { seconds, samples }: { seconds: number; samples: number } = SOUND_LIMITS,
): void {
  const { channels: most, rate: rates } = SOUND_LIMITS
  if (!(channels >= 1 && channels <= most))
    throw new AvouchError('input', `sound of ${channels} channels is not taken`, {
      fix: `Use 1 to ${most} channels.`,
    })
  if (!(rate >= rates.least && rate <= rates.most))
    throw new AvouchError('input', `sound of ${rate} samples a second is not taken`, {
      fix: `Use ${rates.least} to ${rates.most}.`,
    })
  if (length > rate * seconds || length * channels > samples)
    throw new AvouchError(
      'limit',
      `the sound is longer than ${seconds >= 3_600 ? `${seconds / 3_600} hours` : `${seconds / 60} minutes`}, or has more than ${samples / 1_000_000} million samples`,
      {
        fix: 'Use it in parts.',
      },
    )
}
