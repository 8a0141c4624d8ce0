/** Side in pixels of the cells on which the mask is measured. */
export const MASK_CELL = 8

/** How strong a change may be in each cell of the picture, relative to one another. */
export type Mask = { columns: number; rows: number; strength: Float32Array }

/**
 * The perceptual mask of a picture: changes hide in texture, so strength grows with the root of the local deviation; and
 * a little more in the dark, less where it is bright. `samples` holds rows of pixels of `channels` bytes, green at 1 (or
 * the only one at 0).
 */
export function perceptualMask(
  samples: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  channels: number,
): Mask {
  const columns = Math.ceil(width / MASK_CELL)
  const rows = Math.ceil(height / MASK_CELL)
  const deviation = new Float32Array(columns * rows)
  const green = channels >= 3 ? 1 : 0
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const right = Math.min(width, (column + 1) * MASK_CELL)
      const bottom = Math.min(height, (row + 1) * MASK_CELL)
      let count = 0
      let sum = 0
      let squares = 0
      for (let y = row * MASK_CELL; y < bottom; y += 2)
        for (let x = column * MASK_CELL + (y & 2 ? 1 : 0); x < right; x += 2) {
          const value = samples[(y * width + x) * channels + green]!
          count++
          sum += value
          squares += value * value
        }
      deviation[row * columns + column] = Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2))
    }
  const strength = new Float32Array(columns * rows)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      // The calmest of the neighbours counts half: what is drawn beside an edge shows.
      let least = Infinity
      let sum = 0
      let count = 0
      for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++)
        for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
          const value = deviation[y * columns + x]!
          least = Math.min(least, value)
          sum += value
          count++
        }
      const busy = 0.5 * least + 0.5 * (sum / count)
      strength[row * columns + column] = (8 + Math.min(busy, 40)) ** 0.4
    }
  return { columns, rows, strength }
}
