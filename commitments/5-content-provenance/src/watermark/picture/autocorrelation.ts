import { field, transform } from './fourier.ts'
import type { Plane } from './residual.ts'

/** Side of the field of lags, which are cyclic: lag (x, y) stands at (y mod 512) · 512 + (x mod 512). */
export const LAG_SIDE = 512

/**
 * How sharply a picture resembles itself at each lag, in standard deviations of all lags. In `coarse` only changes slower
 * than 0.16 turns per pixel count, which is where tiles of 64 pixels and more have their chips and where scaling and
 * compression leave few traces of their own; in `fine` those up to 0.42.
 */
export type Lags = { coarse: Float32Array; fine: Float32Array }

/** The autocorrelation of a picture, taken over parts of at most 512 × 512 pixels, its spectrum whitened. */
export function autocorrelation({ width, height, values }: Plane): Lags {
  const columns = Math.ceil(width / LAG_SIDE)
  const rows = Math.ceil(height / LAG_SIDE)
  const w = Math.floor(width / columns)
  const h = Math.floor(height / rows)
  const power = new Float32Array(LAG_SIDE * LAG_SIDE)
  for (let part = 0; part < columns * rows; part += 2) {
    const pair = field(LAG_SIDE)
    for (const [lane, into] of [pair.re, pair.im].entries()) {
      if (part + lane >= columns * rows) break
      const from = Math.floor((part + lane) / columns) * h * width + ((part + lane) % columns) * w
      for (let y = 0; y < h; y++)
        into.set(values.subarray(from + y * width, from + y * width + w), y * LAG_SIDE)
    }
    addPower(power, transform(pair, 'forward'))
  }
  // Both spectra are real and even, so that one transform brings back both: one as its real part, one as its imaginary.
  const both = field(LAG_SIDE)
  whiten(power, both.re, both.im)
  transform(both, 'back')
  return { coarse: sharpness(both.re, 5), fine: sharpness(both.im, 3) }
}

/** Adds |A|² + |B|² where the transform is of A + iB: half of |Z(k)|² + |Z(−k)|². */
function addPower(
  power: Float32Array,
  { side, re, im }: { side: number; re: Float32Array; im: Float32Array },
): void {
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const at = y * side + x
      const other = ((side - y) & (side - 1)) * side + ((side - x) & (side - 1))
      power[at]! += re[at]! ** 2 + im[at]! ** 2 + re[other]! ** 2 + im[other]! ** 2
    }
}

const CELL = 16
const COARSE = (0.16 * LAG_SIDE) ** 2
const FINE = (0.42 * LAG_SIDE) ** 2
/** A line may count no more than this many times the mean about it. */
const TALLEST = 5

/** Every line over the mean about it, so that no part of the spectrum outweighs another, and no single line the rest. */
function whiten(power: Float32Array, coarse: Float32Array, fine: Float32Array): void {
  const side = LAG_SIDE
  const cells = side / CELL
  const mean = new Float32Array(cells * cells)
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      mean[Math.floor(y / CELL) * cells + Math.floor(x / CELL)]! += power[y * side + x]! / CELL ** 2
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const fx = Math.min(x, side - x)
      const fy = Math.min(y, side - y)
      const square = fx * fx + fy * fy
      if (square < 9 || square > FINE) continue
      const at = y * side + x
      const ratio = power[at]! / (mean[Math.floor(y / CELL) * cells + Math.floor(x / CELL)]! + 1e-20)
      const value = Math.min(ratio, TALLEST) - 1
      fine[at] = value
      if (square < COARSE) coarse[at] = value
    }
}

/**
 * How far each lag stands above its surroundings: above the higher pair of opposite neighbours at this distance, so that
 * a ridge, which every straight edge of a picture raises, counts for nothing.
 */
function sharpness(lags: Float32Array, away: number): Float32Array {
  const side = LAG_SIDE
  const mask = side - 1
  let squares = 0
  for (let at = 1; at < lags.length; at++) squares += lags[at]! ** 2
  const deviation = Math.sqrt(squares / lags.length) + 1e-20
  const out = new Float32Array(side * side)
  for (let y = 0; y <= side / 2; y++) {
    const row = y * side
    const opposite = (-y & mask) * side
    const up = ((y - away) & mask) * side
    const down = ((y + away) & mask) * side
    for (let x = 0; x < side; x++) {
      const left = (x - away) & mask
      const right = (x + away) & mask
      const beside = Math.max(
        lags[row + left]! + lags[row + right]!,
        lags[up + x]! + lags[down + x]!,
        lags[up + left]! + lags[down + right]!,
        lags[up + right]! + lags[down + left]!,
      )
      const value = (lags[row + x]! - 0.5 * beside) / deviation
      out[row + x] = value
      out[opposite + (-x & mask)] = value
    }
  }
  return out
}
