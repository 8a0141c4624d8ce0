import type { Pixels } from './embed.ts'
import { kernels, places } from './kernels/kernels.ts'
import type { Grey } from './residual.ts'

/** Parts to one of 256 levels. */
export const UNIT = 8
/** Weights are whole numbers of so many parts, and fit into 16 bits. */
const PARTS = 4096
const MOST = 32_767

/** Rows mixed at once: an even number. */
const STRIPE = 32

export type Window = { left: number; top: number; width: number; height: number }

/**
 * A picture's colours mixed to one grey, or those of the rows and columns of a window in it; at half the size if `halve`,
 * four pixels to one. Transparent pixels count as they are stored.
 *
 * @param weights of red, green and blue, whose magnitudes add up to 1; a grey picture is taken as it is
 * @param offset levels added, so that nothing is below 0
 */
export function mixed(
  pixels: Pixels,
  across: number,
  channels: number,
  { left, top, width, height }: Window,
  weights: readonly [number, number, number],
  { offset, halve }: { offset: number; halve: boolean },
): Grey {
  const row = width * channels
  const by = halve ? 1 : 0
  const [columns, rows] = [width >> by, height >> by]
  // A few rows at a time stay in the cache, and need little memory.
  const [from, to] = places(row * STRIPE, columns * STRIPE * 2)
  const { buffer } = kernels.memory
  const copied = new Uint8Array(buffer, from, row * STRIPE)
  const [red, green, blue] = (channels < 3 ? [1, 0, 0] : weights).map((weight) =>
    Math.min(MOST, Math.round(weight * UNIT * PARTS)),
  ) as [number, number, number]
  const values = new Uint16Array(columns * rows)
  for (let first = 0; first < height; first += STRIPE) {
    const count = Math.min(STRIPE, height - first)
    for (let y = 0; y < count; y++) {
      const at = ((top + first + y) * across + left) * channels
      copied.set(pixels.subarray(at, at + row), y * row)
    }
    kernels.mix(from, to, width, count, channels, red, green, blue, offset * UNIT, by)
    values.set(new Uint16Array(buffer, to, columns * (count >> by)), columns * (first >> by))
  }
  return { width: columns, height: rows, values, unit: UNIT }
}
