/** A picture's brightness, one byte a pixel, row by row. */
export type Plane = { luma: Uint8Array; width: number; height: number }

/** Brightness by cells. */
export type Cells = { values: Float64Array; columns: number; rows: number }

/** A picture shrunk to cells by the mean over each; cells of less than a pixel take the nearest one. */
export function shrink({ luma, width, height }: Plane, columns: number, rows: number): Cells {
  const values = new Float64Array(columns * rows)
  for (let row = 0; row < rows; row++) {
    const top = Math.min(height - 1, Math.floor((row * height) / rows))
    const bottom = Math.max(top + 1, Math.floor(((row + 1) * height) / rows))
    for (let column = 0; column < columns; column++) {
      const left = Math.min(width - 1, Math.floor((column * width) / columns))
      const right = Math.max(left + 1, Math.floor(((column + 1) * width) / columns))
      let sum = 0
      for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) sum += luma[y * width + x]!
      values[row * columns + column] = sum / ((bottom - top) * (right - left))
    }
  }
  return { values, columns, rows }
}

/** The same picture with its longer side at most `most` pixels, for what needs no detail. */
export function smaller(plane: Plane, most: number): Plane {
  const scale = Math.max(plane.width, plane.height) / most
  if (scale <= 1) return plane
  const [width, height] = [Math.ceil(plane.width / scale), Math.ceil(plane.height / scale)]
  return { luma: Uint8Array.from(shrink(plane, width, height).values, Math.round), width, height }
}
