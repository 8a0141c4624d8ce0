import { kernels, places } from './kernels/kernels.ts'

/** A picture of one value per pixel, row by row. */
export type Plane = { width: number; height: number; values: Float32Array }

/** A grey picture in whole numbers, `unit` of them to one of 256 levels. */
export type Grey = {
  width: number
  height: number
  values: Uint8Array | Uint8ClampedArray | Uint16Array
  unit: number
}

/** A value may stand out of its neighbourhood by no more than this many deviations. */
const CUT = 2
/** Added to the local variance, in squared levels: where a picture is flat, rounding and compression remain. */
const FLOOR = 1

/**
 * What is left of a picture when what its neighbourhood foretells is taken away: each pixel less its local mean, cut off
 * at two local deviations, so that no edge outweighs a field of texture, over the deviation to the power 1.5: that weighs
 * a change that was made by the root of the deviation against noise in proportion to it.
 *
 * @param reach half the side of the neighbourhood, in pixels
 */
export function residual({ width, height, values, unit }: Grey, reach: number): Plane {
  const count = width * height
  const [valuesAt, outAt, scratchAt] = places(count * 2, count * 4, (width + 32) * 12)
  const { buffer } = kernels.memory
  new Uint16Array(buffer, valuesAt, count).set(values)
  kernels.residual(valuesAt, outAt, width, height, reach, FLOOR * unit * unit, CUT, scratchAt)
  return { width, height, values: new Float32Array(buffer, outAt, count).slice() }
}

/** The picture at half its size, four pixels to one. */
export function halved({ width, height, values, unit }: Grey): Grey {
  const columns = width >> 1
  const rows = height >> 1
  const half = new Uint16Array(columns * rows)
  // The sum of four is kept whole the first time, and a quarter of it from then on.
  const shift = unit === 1 ? 0 : 2
  for (let y = 0; y < rows; y++) {
    const upper = 2 * y * width
    const lower = upper + width
    for (let x = 0; x < columns; x++) {
      const sum =
        values[upper + 2 * x]! +
        values[upper + 2 * x + 1]! +
        values[lower + 2 * x]! +
        values[lower + 2 * x + 1]!
      half[y * columns + x] = sum >> shift
    }
  }
  return { width: columns, height: rows, values: half, unit: 4 }
}

/** The middle of a picture, at most so many pixels wide and high. */
export function middle({ width, height, values, unit }: Grey, most: number): Grey {
  const columns = Math.min(width, most)
  const rows = Math.min(height, most)
  const left = (width - columns) >> 1
  const top = (height - rows) >> 1
  const part = new Uint8Array(columns * rows)
  for (let y = 0; y < rows; y++)
    part.set(values.subarray((top + y) * width + left, (top + y) * width + left + columns), y * columns)
  return { width: columns, height: rows, values: part, unit }
}
