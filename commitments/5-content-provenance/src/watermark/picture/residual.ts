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

/** No difference to a neighbour counts more than this many levels: about three times what a mark changes. */
const LIMIT = 6
/** Neighbours that differ by so many levels count nothing; where a picture is coarse noise all over, up to the second. */
const NOTHING = [48, 4000] as const
/** What a picture's pixels differ by in the mean, in levels, before it is taken to be coarse noise. */
const COARSE = 20
/** How fast that grows with the square of what it differs by beyond, and from where on faster, with its sixth power. */
const STEEPNESS = 0.7
const FASTER = 16
/** How far apart pixels are compared. */
const AWAY = 4
/** Differences of more levels are edges. */
const EDGE = 96
/** Pixels compared to learn how coarse a picture is: about so many. */
const COMPARED = 8000
/** Differences summed for each pixel. */
const NEIGHBOURS = 24
/** A value may stand out of its surroundings by no more than this many deviations. */
const CUT = 2
/** Added to the variance, in squared levels: where a picture is flat, rounding and compression remain. */
const FLOOR = 1
/** Rows are laid out with their ends repeated so often, so that every pixel has its neighbours. */
const MARGIN = 8

/**
 * What is left of a picture when what its neighbours foretell is taken away. Each pixel is less its 24 neighbours two and
 * four pixels away. No neighbour counts by more than 6 levels, those that differ by 12 and more ever less, and those that
 * differ by 48 nothing (a redescending estimate): what lies beyond an edge foretells nothing, and white is compared to the
 * white about it, however many black lines there are between. The rest is cut off at two local deviations and weighed by
 * their power −1.5: that suits changes made by about the root of the deviation against noise in proportion to it.
 */
export function residual(grey: Grey): Plane {
  const { width, height, values, unit } = grey
  const count = width * height
  const stride = width + 2 * MARGIN
  const [valuesAt, outAt, restAt, scratchAt] = places(
    stride * height * 2,
    count * 4,
    stride * height * 2,
    (width + 32) * 12,
  )
  const { buffer } = kernels.memory
  const rows = new Uint16Array(buffer, valuesAt, stride * height)
  for (let y = 0; y < height; y++) {
    const from = y * stride
    rows.fill(values[y * width]!, from, from + MARGIN)
    rows.set(values.subarray(y * width, (y + 1) * width), from + MARGIN)
    rows.fill(values[(y + 1) * width - 1]!, from + MARGIN + width, from + stride)
  }
  const floor = FLOOR * (NEIGHBOURS * unit) ** 2
  kernels.residual(
    valuesAt,
    outAt,
    width,
    height,
    LIMIT * unit,
    furthest(grey),
    floor,
    CUT,
    restAt,
    scratchAt,
  )
  return { width, height, values: new Float32Array(buffer, outAt, count).slice() }
}

/**
 * How far a neighbour may differ and count still, in parts of levels: among noise everything differs, and nothing would be
 * left; among lines and letters nearly nothing does but across an edge.
 */
export function furthest({ width, height, values, unit }: Grey): number {
  const step = Math.max(1, Math.floor(Math.sqrt((width * height) / COMPARED)))
  let sum = 0
  let count = 0
  for (let y = AWAY; y < height; y += step)
    for (let x = AWAY; x < width; x += step) {
      const at = y * width + x
      const size = Math.abs(values[at]! - values[at - (count & 1 ? AWAY : AWAY * width)]!)
      if (size < EDGE * unit) sum += size
      count++
    }
  const mean = sum / Math.max(1, count) / unit
  const beyond = Math.max(0, mean - COARSE)
  const growth = STEEPNESS * beyond ** 2 * (1 + (beyond / FASTER) ** 4)
  return Math.round(Math.min(NOTHING[1], NOTHING[0] + growth) * unit)
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
  return { width: columns, height: rows, values: half, unit: unit === 1 ? 4 : unit }
}
