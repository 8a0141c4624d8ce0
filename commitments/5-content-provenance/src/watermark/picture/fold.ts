import { type Field, field, transform } from './fourier.ts'
import type { Plane } from './residual.ts'

/**
 * How pixels lie on the tiles, in tiles: u = xx · x + xy · y, v = yx · x + yy · y, counted from the picture's middle.
 * The unit square of (u, v) is one tile.
 */
export type Lattice = { xx: number; xy: number; yx: number; yy: number }

/** Samples of a folded tile along each side. */
export const FOLD_SIDE = 64

/** The highest frequency of a folded tile that is read, in turns per tile: half the chip rate, where the chips end. */
export const BAND = 12

/** One line of a folded tile's spectrum; the lines with kx < 0 mirror these. */
export type Line = { kx: number; ky: number; ring: number }

export const LINES: readonly Line[] = Array.from({ length: (2 * BAND + 1) * (BAND + 1) }, (_, at) => {
  const kx = at % (BAND + 1)
  const ky = Math.floor(at / (BAND + 1)) - BAND
  return { kx, ky, ring: Math.round(Math.hypot(kx, ky)) }
}).filter(({ kx, ky }) => kx > 0 || ky > 0)

/** One part of the picture, folded to a tile: the lines of its spectrum, and where its middle lies, in tiles. */
export type Folded = { u: number; v: number; re: Float64Array; im: Float64Array }

/**
 * Lays all tiles of the picture over one another, in `columns` × `rows` parts apart, so that what moved one part against
 * the others can be found and undone.
 */
export function foldParts(plane: Plane, lattice: Lattice, columns: number, rows: number): Folded[] {
  const parts: Folded[] = []
  const pair = field(FOLD_SIDE)
  for (let part = 0; part < columns * rows; part += 2) {
    pair.re.fill(0)
    pair.im.fill(0)
    const places = [part, part + 1]
      .filter((index) => index < columns * rows)
      .map((index) => {
        const column = index % columns
        const row = Math.floor(index / columns)
        const left = Math.floor((column * plane.width) / columns)
        const right = Math.floor(((column + 1) * plane.width) / columns)
        const top = Math.floor((row * plane.height) / rows)
        const bottom = Math.floor(((row + 1) * plane.height) / rows)
        foldInto(index === part ? pair.re : pair.im, plane, lattice, left, top, right, bottom)
        const x = (left + right - plane.width) / 2
        const y = (top + bottom - plane.height) / 2
        return { u: lattice.xx * x + lattice.xy * y, v: lattice.yx * x + lattice.yy * y }
      })
    transform(pair, 'forward')
    for (const [lane, place] of places.entries()) parts.push({ ...place, ...linesOf(pair, lane === 1) })
  }
  return parts
}

/** Of the transform of A + iB, the lines of A: (Z(k) + Z*(−k)) / 2; or those of B: (Z(k) − Z*(−k)) / 2i. */
function linesOf({ re, im }: Field, second: boolean): { re: Float64Array; im: Float64Array } {
  const lines = { re: new Float64Array(LINES.length), im: new Float64Array(LINES.length) }
  for (const [index, { kx, ky }] of LINES.entries()) {
    const at = (ky & (FOLD_SIDE - 1)) * FOLD_SIDE + kx
    const other = (-ky & (FOLD_SIDE - 1)) * FOLD_SIDE + (-kx & (FOLD_SIDE - 1))
    lines.re[index] = second ? (im[at]! + im[other]!) / 2 : (re[at]! + re[other]!) / 2
    lines.im[index] = second ? (re[other]! - re[at]!) / 2 : (im[at]! - im[other]!) / 2
  }
  return lines
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
  const du = fraction(xx)
  const dv = fraction(yx)
  for (let y = top; y < bottom; y++) {
    const x0 = left + 0.5 - width / 2
    const y0 = y + 0.5 - height / 2
    let u = fraction(xx * x0 + xy * y0)
    let v = fraction(yx * x0 + yy * y0)
    const end = y * width + right
    for (let at = y * width + left; at < end; at++) {
      tile[((v >>> 26) << 6) | (u >>> 26)]! += values[at]!
      u = (u + du) | 0
      v = (v + dv) | 0
    }
  }
}

function fraction(tiles: number): number {
  return Math.round((tiles - Math.floor(tiles)) * 2 ** 32) | 0
}
