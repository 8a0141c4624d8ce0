import type { Pixels } from './embed.ts'
import { kernels, places } from './kernels/kernels.ts'
import type { Grey } from './residual.ts'

/** Parts to one of 256 levels. */
export const UNIT = 8
/** Weights are whole numbers of so many parts, and fit into 16 bits. */
const PARTS = 4096
const MOST = 32_767

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
  const [from, to] = places(row * height, columns * rows * 2)
  const { buffer } = kernels.memory
  const copied = new Uint8Array(buffer, from, row * height)
  if (width === across) copied.set(pixels.subarray(top * row, (top + height) * row))
  else
    for (let y = 0; y < height; y++) {
      const at = ((top + y) * across + left) * channels
      copied.set(pixels.subarray(at, at + row), y * row)
    }
  const [red, green, blue] = (channels < 3 ? [1, 0, 0] : weights).map((weight) =>
    Math.min(MOST, Math.round(weight * UNIT * PARTS)),
  ) as [number, number, number]
  kernels.mix(from, to, width, height, channels, red, green, blue, offset * UNIT, by)
  return {
    width: columns,
    height: rows,
    values: new Uint16Array(buffer, to, columns * rows).slice(),
    unit: UNIT,
  }
}
