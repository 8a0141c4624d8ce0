/** A picture of one value per pixel. */
export type Plane = { width: number; height: number; values: Float32Array }

export type Luma = { width: number; height: number; values: Uint8Array | Uint8ClampedArray | Float32Array }

/**
 * What is left of a picture when what its neighbourhood foretells is taken away: each pixel less its local mean, over a
 * power of the local deviation, and cut off at `CUT` deviations, so that no edge outweighs a field of texture.
 *
 * @param reach half the side of the neighbourhood, in pixels
 */
export function residual({ width, height, values }: Luma, reach: number): Plane {
  const mean = boxMean(values, width, height, reach)
  const rest = new Float32Array(width * height)
  const squares = new Float32Array(width * height)
  for (let at = 0; at < rest.length; at++) {
    const value = values[at]! - mean[at]!
    rest[at] = value
    squares[at] = value * value
  }
  const power = boxMean(squares, width, height, reach)
  for (let at = 0; at < rest.length; at++) {
    const variance = power[at]! + FLOOR
    const deviation = Math.sqrt(variance)
    const limit = CUT * deviation
    const value = rest[at]!
    rest[at] = (value > limit ? limit : value < -limit ? -limit : value) / variance ** 0.75
  }
  return { width, height, values: rest }
}

const CUT = 2
/** Added to the local variance, in squared grey levels: where a picture is flat, rounding and compression remain. */
const FLOOR = 4

/** The mean over (2 · reach + 1)² pixels, fewer at the margins. */
export function boxMean(
  values: ArrayLike<number>,
  width: number,
  height: number,
  reach: number,
): Float32Array {
  const rows = new Float32Array(width * height)
  for (let y = 0; y < height; y++) {
    const row = y * width
    let sum = 0
    for (let x = 0; x < Math.min(reach, width); x++) sum += values[row + x]!
    for (let x = 0; x < width; x++) {
      if (x + reach < width) sum += values[row + x + reach]!
      if (x > reach) sum -= values[row + x - reach - 1]!
      rows[row + x] = sum / (Math.min(width - 1, x + reach) - Math.max(0, x - reach) + 1)
    }
  }
  const mean = new Float32Array(width * height)
  const sums = new Float64Array(width)
  for (let y = 0; y < Math.min(reach, height); y++)
    for (let x = 0; x < width; x++) sums[x]! += rows[y * width + x]!
  for (let y = 0; y < height; y++) {
    const count = Math.min(height - 1, y + reach) - Math.max(0, y - reach) + 1
    const entering = y + reach < height ? (y + reach) * width : -1
    const leaving = y > reach ? (y - reach - 1) * width : -1
    for (let x = 0; x < width; x++) {
      if (entering >= 0) sums[x]! += rows[entering + x]!
      if (leaving >= 0) sums[x]! -= rows[leaving + x]!
      mean[y * width + x] = sums[x]! / count
    }
  }
  return mean
}

/** The plane at half its size, four pixels to one. */
export function halved({ width, height, values }: Luma): Plane {
  const columns = width >> 1
  const rows = height >> 1
  const half = new Float32Array(columns * rows)
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      const at = 2 * y * width + 2 * x
      half[y * columns + x] =
        (values[at]! + values[at + 1]! + values[at + width]! + values[at + width + 1]!) / 4
    }
  return { width: columns, height: rows, values: half }
}
