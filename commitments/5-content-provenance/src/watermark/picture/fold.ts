import { layTransform, transformBytes } from './fourier.ts'
import { kernelsApart } from './kernels/kernels.ts'
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

const SAMPLES = FOLD_SIDE * FOLD_SIDE
const apart = kernelsApart()

/** Folds one picture by as many lattices as are asked for, until another picture is laid out. */
export type Folder = (lattice: Lattice, columns: number, rows: number) => Folded[]

/**
 * Lays a picture out for folding: all its tiles over one another, in `columns` × `rows` parts apart, so that what moved
 * one part against the others can be found and undone. At most 16 parts.
 */
export function folder({ width, height, values }: Plane): Folder {
  const [transformAt, tiles, valuesAt] = apart.places(
    transformBytes(FOLD_SIDE),
    MOST_PARTS * SAMPLES * 4,
    values.length * 4,
  )
  const { run } = apart
  new Float32Array(run.memory.buffer, valuesAt, values.length).set(values)
  const transform = layTransform(apart, transformAt, FOLD_SIDE)
  return (lattice, columns, rows) => {
    const { xx, xy, yx, yy } = lattice
    run.fold(valuesAt, width, height, columns, rows, xx, xy, yx, yy, tiles)
    const view = (at: number, count: number) => new Float32Array(run.memory.buffer, at, count)
    const [re, im] = [view(transform.re, SAMPLES), view(transform.im, SAMPLES)]
    const tile = (part: number) => view(tiles + part * SAMPLES * 4, SAMPLES)
    const parts: Folded[] = []
    // Two tiles are transformed at once, one as the real part and one as the imaginary.
    for (let part = 0; part < columns * rows; part += 2) {
      re.set(tile(part))
      if (part + 1 < columns * rows) im.set(tile(part + 1))
      else im.fill(0)
      transform.run('forward', FOLD_SIDE, FOLD_SIDE)
      for (let index = part; index < Math.min(part + 2, columns * rows); index++) {
        const column = index % columns
        const row = Math.floor(index / columns)
        const x = middleOf(column, columns, width) - width / 2
        const y = middleOf(row, rows, height) - height / 2
        const place = { u: xx * x + xy * y, v: yx * x + yy * y }
        parts.push({ ...place, ...linesOf(re, im, index !== part) })
      }
    }
    return parts
  }
}

const MOST_PARTS = 16

/** The middle of a part, in pixels. */
function middleOf(part: number, parts: number, length: number): number {
  return (Math.floor((part * length) / parts) + Math.floor(((part + 1) * length) / parts)) / 2
}

/** Where each line stands in a transform, and its mirror. */
const AT = Uint16Array.from(LINES, ({ kx, ky }) => placeOf(kx, ky))
const MIRRORED = Uint16Array.from(LINES, ({ kx, ky }) => placeOf(-kx, -ky))

export function placeOf(kx: number, ky: number): number {
  return (ky & (FOLD_SIDE - 1)) * FOLD_SIDE + (kx & (FOLD_SIDE - 1))
}

/** Of the transform of A + iB, the lines of A: (Z(k) + Z*(−k)) / 2; or those of B: (Z(k) − Z*(−k)) / 2i. */
function linesOf(
  re: Float32Array,
  im: Float32Array,
  second: boolean,
): { re: Float64Array; im: Float64Array } {
  const lines = { re: new Float64Array(LINES.length), im: new Float64Array(LINES.length) }
  for (let index = 0; index < LINES.length; index++) {
    const at = AT[index]!
    const other = MIRRORED[index]!
    lines.re[index] = second ? (im[at]! + im[other]!) / 2 : (re[at]! + re[other]!) / 2
    lines.im[index] = second ? (re[other]! - re[at]!) / 2 : (im[at]! - im[other]!) / 2
  }
  return lines
}
