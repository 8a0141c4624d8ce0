import { kernels, places } from './kernels/kernels.ts'

/** A picture's brightness, one byte a pixel, row by row. */
export type Plane = { luma: Uint8Array; width: number; height: number }

/** Brightness by cells. */
export type Cells = { values: Float64Array; columns: number; rows: number }

/** Bytes of rows summed in one go, and rows at most: see the kernel. */
const AT_ONCE = 2 ** 18
const ROWS = 256

/** A picture shrunk to cells by the mean over each; cells of less than a pixel take the nearest one. */
export function shrink(plane: Plane, columns: number, rows: number): Cells {
  const values = new Float64Array(columns * rows)
  eachRow(plane, columns, rows, (means, row) => values.set(means, row * columns))
  return { values, columns, rows }
}

/** Gives the cells row by row; what is given holds until the next. */
function eachRow(
  { luma, width, height }: Plane,
  columns: number,
  rows: number,
  take: (means: Float64Array, row: number) => void,
): void {
  const most = Math.max(1, Math.min(ROWS, height, Math.floor(AT_ONCE / width)))
  const [sumsAt, rowsAt, acrossAt, meansAt] = places(width * 4, most * width, columns * 8, columns * 8)
  const { buffer } = kernels.memory
  const memory = new Uint8Array(buffer)
  const sums = new Uint32Array(buffer, sumsAt, width)
  const means = new Float64Array(buffer, meansAt, columns)
  new Int32Array(buffer, acrossAt, 2 * columns).set(bounds(width, columns))
  const down = bounds(height, rows)
  for (let row = 0; row < rows; row++) {
    const [top, bottom] = [down[2 * row]!, down[2 * row + 1]!]
    sums.fill(0)
    for (let y = top; y < bottom; y += most) {
      const end = Math.min(bottom, y + most)
      memory.set(luma.subarray(y * width, end * width), rowsAt)
      kernels.addRows(sumsAt, rowsAt, width, end - y)
    }
    kernels.means(sumsAt, acrossAt, meansAt, columns, bottom - top)
    take(means, row)
  }
}

/** Where each of so many parts of a length begins and ends. */
function bounds(length: number, parts: number): Int32Array {
  const found = new Int32Array(2 * parts)
  for (let part = 0; part < parts; part++) {
    const from = Math.min(length - 1, Math.floor((part * length) / parts))
    found[2 * part] = from
    found[2 * part + 1] = Math.max(from + 1, Math.floor(((part + 1) * length) / parts))
  }
  return found
}

/** The same picture with its longer side at most `most` pixels, for what needs no detail. */
export function smaller(plane: Plane, most: number): Plane {
  const scale = Math.max(plane.width, plane.height) / most
  if (scale <= 1) return plane
  const [width, height] = [Math.ceil(plane.width / scale), Math.ceil(plane.height / scale)]
  const luma = new Uint8Array(width * height)
  eachRow(plane, width, height, (means, row) => {
    for (let column = 0, at = row * width; column < width; column++, at++)
      luma[at] = Math.round(means[column]!)
  })
  return { luma, width, height }
}
