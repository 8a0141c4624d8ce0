import { type Cells, type Plane, shrink } from './shrink.ts'

/** The side, in cells, of the square that a whole picture is shrunk to, whatever its shape. */
export const SIDE = 64
export const LAYOUT_BYTES = (SIDE * SIDE) / 8
/** Half the side of the neighbourhood that a cell is compared with. */
export const REACH = 4
/** Below so many cells there is too little left of a picture to be told by. */
export const FEWEST = 144
/** What is larger than the whole by more cells than a scale may be told wrongly by is no part of it. */
const OVER = 4

/** How well two parts agree at their best place, 0 … 1, by so many cells: see `shareOf`. */
export type Agreement = { share: number; cells: number }

/** Where two large parts agree in at least this share of cells they are of one picture. */
export const SAME_LAYOUT = 0.7

/**
 * The same for parts of so many cells. Parts of unlike pictures agree in about half, and about every third cell tells
 * something new; the best of thousands of places lies up to six standard deviations above that.
 */
export function sameLayoutFrom(cells: number): number {
  return Math.max(SAME_LAYOUT, 0.5 + 3 * Math.sqrt(3 / cells))
}

/** Where fewer cells of a part are bright, or dark, it is too plain to be told by. */
const PLAIN = 0.1

export function isPlain(bright: number, cells: number): boolean {
  return Math.min(bright, cells - bright) < PLAIN * cells
}

/**
 * The share of cells that agree, were half of them bright in both: 0.5 is chance, 1 all of them. Of plain parts most cells
 * are dark and agree with any other plain part's; that much counts for nothing (Cohen's kappa, 1960).
 */
export function shareOf(same: number, bright: number, otherBright: number, cells: number): number {
  if (cells === 0) return 0
  const chance = (bright * otherBright + (cells - bright) * (cells - otherBright)) / cells ** 2
  return chance === 1 ? 0.5 : 0.5 + (same / cells - chance) / (1 - chance) / 2
}

/** A map of 64 × 64 bits: where a picture is brighter than its surroundings. It finds a part of a picture again. */
export function layoutOf(cells: Cells): Uint8Array {
  const { columns, rows } = cells
  const { bright } = brighter(cells)
  const bits = new Uint8Array(Math.ceil((columns * rows) / 8))
  for (let at = 0; at < columns * rows; at++) bits[at >> 3]! |= bright[at]! << (7 - (at & 7))
  return bits
}

/** What was done to the shape of a picture since its layout was kept, and its size then, in pixels. */
export type Shape = { width: number; height: number; scale: number; rotation: number; mirrored: boolean }

/** A picture as it is now: its size in pixels, and how it looks, perhaps smaller. */
export type Now = { width: number; height: number; view: Plane }

/**
 * How well a picture agrees with a part of the one whose layout this is. Undefined where that cannot be told: it is turned by
 * other than quarters, too little of it is left, or that is plain.
 */
export function layoutAgreement(layout: Uint8Array, then: Shape, picture: Now): Agreement | undefined {
  const extent = extentOf(then, picture)
  if (extent === undefined || layout.length !== LAYOUT_BYTES) return undefined
  if (Math.max(extent.columns, extent.rows) > SIDE + OVER) return undefined
  const [columns, rows] = [Math.min(SIDE, extent.columns), Math.min(SIDE, extent.rows)]
  if (Math.min(columns, rows) < 8 || columns * rows < FEWEST) return undefined
  const { bright, apart } = brighter(uprightCells(then, picture, { columns, rows }))
  // of a picture that was dimmed, or is plain, the best quarter
  const least = Math.min(TELLING, apart.toSorted()[(apart.length * 3) >> 2]!)
  const part = { at: [] as number[], bits: [] as number[] }
  apart.forEach((far, cell) => {
    if (far < least) return
    part.at.push(Math.floor(cell / columns) * SIDE + (cell % columns))
    part.bits.push(bright[cell]!)
  })
  const own = part.bits.reduce((sum, one) => sum + one, 0)
  if (part.at.length < FEWEST || isPlain(own, part.at.length)) return undefined
  return { share: bestPlace(layout, part, own, columns, rows), cells: part.at.length }
}

/** A picture’s size in cells of the layout; undefined where it was turned by other than quarters. */
export function extentOf(then: Shape, picture: Now): { columns: number; rows: number } | undefined {
  if (isAslant(then)) return undefined
  const quarters = Math.round(then.rotation / 90)
  const sideways = Math.abs(quarters) % 2 === 1
  const [wide, high] = sideways ? [picture.height, picture.width] : [picture.width, picture.height]
  return {
    columns: Math.round((SIDE * wide) / then.scale / then.width),
    rows: Math.round((SIDE * high) / then.scale / then.height),
  }
}

/** Whether it was turned by other than quarters. */
export function isAslant({ rotation }: Shape): boolean {
  return Math.abs(rotation - Math.round(rotation / 90) * 90) > 1.5
}

/** Its cells, the same way up as when it was marked. */
export function uprightCells(
  then: Shape,
  { view }: Now,
  { columns, rows }: { columns: number; rows: number },
): Cells {
  const quarters = Math.round(then.rotation / 90)
  const now = Math.abs(quarters) % 2 === 1 ? shrink(view, rows, columns) : shrink(view, columns, rows)
  return turnedBack(then.mirrored ? mirrored(now) : now, ((quarters % 4) + 4) % 4)
}

function bestPlace(
  layout: Uint8Array,
  part: { at: readonly number[]; bits: readonly number[] },
  bright: number,
  columns: number,
  rows: number,
): number {
  let best = 0
  for (let top = 0; top + rows <= SIDE; top++)
    for (let left = 0; left + columns <= SIDE; left++) {
      let [same, there] = [0, 0]
      for (let cell = 0; cell < part.at.length; cell++) {
        const at = part.at[cell]! + top * SIDE + left
        const bit = (layout[at >> 3]! >> (7 - (at & 7))) & 1
        there += bit
        if (bit === part.bits[cell]) same++
      }
      best = Math.max(best, shareOf(same, bright, there, part.at.length))
    }
  return best
}

/** Cells that differ by less than this from their neighbourhood, in grey levels, may be as compression and noise have them. */
export const TELLING = 1

/** One for each cell that is brighter than the mean of its neighbourhood; and how far each is apart from that. */
export function brighter({ values, columns, rows }: Cells): { bright: Uint8Array; apart: Float64Array } {
  const sums = new Float64Array((columns + 1) * (rows + 1))
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++)
      sums[(y + 1) * (columns + 1) + x + 1] =
        values[y * columns + x]! +
        sums[y * (columns + 1) + x + 1]! +
        sums[(y + 1) * (columns + 1) + x]! -
        sums[y * (columns + 1) + x]!
  const bright = new Uint8Array(columns * rows)
  const apart = new Float64Array(columns * rows)
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      const [top, bottom] = [Math.max(0, y - REACH), Math.min(rows, y + REACH + 1)]
      const [left, right] = [Math.max(0, x - REACH), Math.min(columns, x + REACH + 1)]
      const sum =
        sums[bottom * (columns + 1) + right]! -
        sums[top * (columns + 1) + right]! -
        sums[bottom * (columns + 1) + left]! +
        sums[top * (columns + 1) + left]!
      const above = values[y * columns + x]! - sum / ((bottom - top) * (right - left))
      if (above > 0) bright[y * columns + x] = 1
      apart[y * columns + x] = Math.abs(above)
    }
  return { bright, apart }
}

function mirrored({ values, columns, rows }: Cells): Cells {
  return {
    columns,
    rows,
    values: values.map((_, at) => values[at - (at % columns) + columns - 1 - (at % columns)]!),
  }
}

/** Turns back what was turned clockwise by so many quarters. */
function turnedBack(cells: Cells, quarters: number): Cells {
  if (quarters === 0) return cells
  const { values, columns, rows } = cells
  // one quarter anticlockwise: what stands at the right goes to the top
  const turned = values.map((_, at) => {
    const [row, column] = [Math.floor(at / rows), at % rows]
    return values[column * columns + (columns - 1 - row)]!
  })
  return turnedBack({ values: turned, columns: rows, rows: columns }, quarters - 1)
}
