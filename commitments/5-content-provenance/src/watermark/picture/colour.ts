import type { Pixels } from './embed.ts'
import type { Grey } from './residual.ts'

/**
 * How a change is shared among red, green and blue. Its brightness is that of 1.1 in all three for the error of 1, and
 * what goes into colour besides is for pictures whose own colours are calmer than their brightness: most are.
 */
export const SHARES = [0.75, 1.2, -0.2] as const

/** Brightness by ITU-R BT.601 of the rows and columns from (left, top). Transparent pixels count as they are stored. */
export function brightness(
  pixels: Pixels,
  across: number,
  channels: number,
  { left, top, width, height }: { left: number; top: number; width: number; height: number },
): Grey {
  const values = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    let from = ((top + y) * across + left) * channels
    const end = (y + 1) * width
    if (channels <= 2) for (let at = y * width; at < end; at++, from += channels) values[at] = pixels[from]!
    else
      for (let at = y * width; at < end; at++, from += channels)
        values[at] =
          (pixels[from]! * 19_595 + pixels[from + 1]! * 38_470 + pixels[from + 2]! * 7_471 + 32_768) >> 16
  }
  return { width, height, values, unit: 1 }
}

/** Pixels compared to learn how a picture's colours vary together: about so many. */
const COMPARED = 20_000
/** Distance in pixels over which they are compared: about a chip. */
const AWAY = 4
/** Variance of what rounding leaves, in squared levels. */
const ROUNDING = 0.3
/** Parts to one of 256 levels. */
const UNIT = 8

/**
 * The mix of a picture's colours in which the mark stands out most from what the picture itself shows: the matched
 * filter across colours, the inverse of their covariance times the shares of the mark. Nothing for grey pictures.
 */
export function matched(pixels: Pixels, width: number, height: number, channels: number): Grey | undefined {
  if (channels < 3) return undefined
  const sums = new Float64Array(6)
  const step = Math.max(1, Math.floor(Math.sqrt((width * height) / COMPARED)))
  let count = 0
  for (let y = AWAY; y < height - AWAY; y += step)
    for (let x = AWAY; x < width - AWAY; x += step) {
      const at = (y * width + x) * channels
      const aside = AWAY * channels * (count & 1 ? width : 1)
      const r = clip(pixels[at]! - (pixels[at - aside]! + pixels[at + aside]!) / 2)
      const g = clip(pixels[at + 1]! - (pixels[at - aside + 1]! + pixels[at + aside + 1]!) / 2)
      const b = clip(pixels[at + 2]! - (pixels[at - aside + 2]! + pixels[at + aside + 2]!) / 2)
      sums[0]! += r * r
      sums[1]! += r * g
      sums[2]! += r * b
      sums[3]! += g * g
      sums[4]! += g * b
      sums[5]! += b * b
      count++
    }
  if (count === 0) return undefined
  const [rr, rg, rb, gg, gb, bb] = Array.from(sums, (sum) => sum / count) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const [red, green, blue] = solve([rr + ROUNDING, rg, rb, gg + ROUNDING, gb, bb + ROUNDING], SHARES)
  const whole = UNIT / (Math.abs(red) + Math.abs(green) + Math.abs(blue))
  const values = new Uint16Array(width * height)
  const [r, g, b, offset] = [red * whole, green * whole, blue * whole, 255 * UNIT + 0.5]
  for (let at = 0, from = 0; at < values.length; at++, from += channels)
    values[at] = r * pixels[from]! + g * pixels[from + 1]! + b * pixels[from + 2]! + offset
  return { width, height, values, unit: UNIT }
}

/** Edges say nothing of what is about a chip. */
function clip(difference: number): number {
  return Math.max(-24, Math.min(24, difference))
}

/** Solves S x = m for a symmetric S, given as its upper rows (Cramer's rule). */
function solve(
  [a, b, c, d, e, f]: readonly [number, number, number, number, number, number],
  [x, y, z]: readonly [number, number, number],
): [number, number, number] {
  const [A, B, C] = [d * f - e * e, c * e - b * f, b * e - c * d]
  const [D, E, F] = [a * f - c * c, b * c - a * e, a * d - b * b]
  const over = a * A + b * B + c * C
  return [(A * x + B * y + C * z) / over, (B * x + D * y + E * z) / over, (C * x + E * y + F * z) / over]
}
