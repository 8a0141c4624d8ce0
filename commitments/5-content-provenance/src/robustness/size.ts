import type { Size } from './medium.ts'

/** By pixels, rounded to hundredths of a megapixel: 0.5 and more, 0.25 and more, less. */
export function sizeOf(width: number, height: number): Size {
  const hundredths = Math.round((width * height) / 10_000)
  return hundredths >= 50 ? 'large' : hundredths >= 25 ? 'quarter' : 'small'
}

/** By the pixels of a frame: 1280 × 720 and more, 640 × 360 and more, less. */
export function sizeOfFrames(width: number, height: number): Size {
  const pixels = width * height
  return pixels >= 1280 * 720 ? 'hd' : pixels >= 640 * 360 ? 'sd' : 'tiny'
}

/** By length, of which ten seconds and more are promised. */
export function sizeOfSeconds(seconds: number): Size {
  return seconds >= 10 ? 'long' : 'short'
}
