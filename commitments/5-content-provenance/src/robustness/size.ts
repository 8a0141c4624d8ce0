import type { Size } from './medium.ts'

/** By pixels, rounded to hundredths of a megapixel: 0.5 and more, 0.25 and more, less. */
export function sizeOf(width: number, height: number): Size {
  const hundredths = Math.round((width * height) / 10_000)
  return hundredths >= 50 ? 'large' : hundredths >= 25 ? 'quarter' : 'small'
}

/** By length, of which ten seconds and more are promised. */
export function sizeOfSeconds(seconds: number): Size {
  return seconds >= 10 ? 'long' : 'short'
}
