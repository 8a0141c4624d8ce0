import type { Pixels } from './embed.ts'

/**
 * How a change is shared among red, green and blue. Its brightness is that of 1.1 in all three for the error of 1, and
 * what goes into colour besides is for pictures whose own colours are calmer than their brightness: most are.
 */
export const SHARES = [0.75, 1.2, -0.2] as const

/** Brightness by ITU-R BT.601. */
export const BRIGHTNESS = [0.299, 0.587, 0.114] as const

/** Pixels compared to learn how a picture's colours vary together: about so many. */
const COMPARED = 20_000
/** Distance in pixels over which they are compared: about a chip. */
const AWAY = 4
/** Variance of what rounding leaves, in squared levels. */
const ROUNDING = 0.3
/**
 * The mix of a picture's colours in which the mark stands out most from what the picture itself shows: the matched
 * filter across colours, the inverse of their covariance times the shares of the mark. Weights of red, green and blue whose
 * magnitudes add up to 1; nothing for grey pictures.
 */
export function matched(
  pixels: Pixels,
  width: number,
  height: number,
  channels: number,
): [number, number, number] | undefined {
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
  // All colours alike: brightness says it all.
  if (rr + gg - 2 * rg + (gg + bb - 2 * gb) < 1e-9) return undefined
  const [red, green, blue] = solve([rr + ROUNDING, rg, rb, gg + ROUNDING, gb, bb + ROUNDING], SHARES)
  const whole = Math.abs(red) + Math.abs(green) + Math.abs(blue)
  return [red / whole, green / whole, blue / whole]
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
