import { AvouchError } from '@avouch/core/errors'

/**
 * What a film may have at most. Frames pass through one at a time, so that memory goes with a frame's pixels and the
 * file's bytes, and time with the pixels of all frames.
 */
export const VIDEO_LIMITS = {
  bytes: 256 * 2 ** 20,
  seconds: 1_200,
  frames: 72_000,
  side: { least: 64, most: 8_192 },
  /** Of one frame: 4K. */
  pixels: 9_437_184,
  /** Of all frames: 20 minutes of 720p, 10 of 1080p, two of 4K, at 30 frames a second. */
  work: 38_000_000_000,
  framesPerSecond: 120,
  /** By the clock, for everything done to one file. */
  markSeconds: 3_600,
  inspectSeconds: 120,
} as const

export type FilmSize = { width: number; height: number; seconds: number; frames: number }

/** Throws `limit` where a film of this size is too large to be decoded. Header and stream are both held to it. */
export function filmWithinLimits({ width, height, seconds, frames }: FilmSize): void {
  const { side, pixels, work, framesPerSecond } = VIDEO_LIMITS
  const refuse = (why: string): never => {
    throw new AvouchError('limit', `the film is not decoded: ${why}`, {
      fix: 'Use a smaller or shorter film, or mark it in parts.',
    })
  }
  if (Math.max(width, height) > side.most) refuse(`a side has more than ${side.most} pixels`)
  if (width * height > pixels) refuse(`a frame has more than ${(pixels / 1e6).toFixed(1)} million pixels`)
  if (seconds > VIDEO_LIMITS.seconds) refuse(`it is longer than ${VIDEO_LIMITS.seconds / 60} minutes`)
  if (frames > VIDEO_LIMITS.frames || frames > Math.max(1, seconds) * framesPerSecond)
    refuse(`it has more than ${VIDEO_LIMITS.frames} frames, or more than ${framesPerSecond} a second`)
  if (frames * width * height > work)
    refuse(`its frames together have more than ${work / 1e9} thousand million pixels`)
}
