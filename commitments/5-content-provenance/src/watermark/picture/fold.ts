import { type Field, field, transform } from './fourier.ts'
import type { Plane } from './residual.ts'

/**
 * How pixels lie on the tiles, in tiles: u = xx · x + xy · y, v = yx · x + yy · y, counted from the picture's middle.
 * The unit square of (u, v) is one tile.
 */
export type Lattice = { xx: number; xy: number; yx: number; yy: number }

/** Samples of a folded tile along each side. */
export const FOLD_SIDE = 64

/** One part of the picture, folded to a tile and transformed; and where its middle lies, in tiles. */
export type Folded = { u: number; v: number; spectrum: Field }

/**
 * Lays all tiles of the picture over one another, in `columns` × `rows` parts apart, so that what moved one part against
 * the others can be found and undone.
 */
export function foldParts(plane: Plane, lattice: Lattice, columns: number, rows: number): Folded[] {
  const parts: Folded[] = []
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const left = Math.floor((column * plane.width) / columns)
      const right = Math.floor(((column + 1) * plane.width) / columns)
      const top = Math.floor((row * plane.height) / rows)
      const bottom = Math.floor(((row + 1) * plane.height) / rows)
      const spectrum = field(FOLD_SIDE)
      foldInto(spectrum.re, plane, lattice, left, top, right, bottom)
      transform(spectrum, 'forward')
      const x = (left + right) / 2 - plane.width / 2
      const y = (top + bottom) / 2 - plane.height / 2
      parts.push({ u: lattice.xx * x + lattice.xy * y, v: lattice.yx * x + lattice.yy * y, spectrum })
    }
  return parts
}

/** Adds every pixel of a rectangle to its sample. Positions are 32-bit fractions of a tile, which wrap as tiles do. */
function foldInto(
  tile: Float32Array,
  { width, height, values }: Plane,
  { xx, xy, yx, yy }: Lattice,
  left: number,
  top: number,
  right: number,
  bottom: number,
): void {
  const whole = 2 ** 32
  const du = Math.round((xx - Math.floor(xx)) * whole) | 0
  const dv = Math.round((yx - Math.floor(yx)) * whole) | 0
  for (let y = top; y < bottom; y++) {
    const x0 = left + 0.5 - width / 2
    const y0 = y + 0.5 - height / 2
    const u0 = xx * x0 + xy * y0
    const v0 = yx * x0 + yy * y0
    let u = ((u0 - Math.floor(u0)) * whole) | 0
    let v = ((v0 - Math.floor(v0)) * whole) | 0
    const row = y * width
    for (let x = left; x < right; x++) {
      tile[((v >>> 26) << 6) | (u >>> 26)]! += values[row + x]!
      u = (u + du) | 0
      v = (v + dv) | 0
    }
  }
}
