import { AvouchError } from '@avouch/core/errors'

/** What a picture may have at most. Memory goes with the pixels: about 20 bytes for each while it is marked. */
export const PICTURE_LIMITS = {
  bytes: 64 * 2 ** 20,
  side: 30_000,
  pixels: 50_000_000,
  /** Pixels for each byte of file: a page of one colour has a few thousand, a bomb hundreds of thousands. */
  pixelsPerByte: 20_000,
} as const

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
