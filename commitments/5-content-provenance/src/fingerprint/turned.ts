import {
  type Agreement,
  FEWEST,
  isPlain,
  LAYOUT_BYTES,
  type Now,
  REACH,
  type Shape,
  SIDE,
  shareOf,
} from './layout.ts'
import type { Plane } from './shrink.ts'

/** A picture turned back is laid out over so many cells a side at most; of a larger one its middle is looked at. */
const MOST = 2 * SIDE
/** So much of what there is must lie over the layout: a strip at its edge would agree by chance. */
const OVERLAP = 0.75
/** Samples that a cell's mean is taken of, in each direction. */
const FINEST = 5
/** So many cells are compared at every place, and all of them at the best places. */
const LOOKED_AT = 500
const BEST_PLACES = 4
/** Where the grid may begin, in cells: what was turned about its middle does not lie on the cells of the layout. */
const PHASES = [
  [0, 0],
  [0.5, 0],
  [0, 0.5],
  [0.5, 0.5],
] as const

/** Cells of a picture that was turned back: row, column and whether it is brighter than its neighbourhood, three numbers each. */
type Turned = { places: Int16Array; count: number; bright: number; columns: number; rows: number }

/**
 * How well a picture that was turned by any angle agrees with the one whose layout this is: it is turned back over cells of
 * the layout's size, and laid over it at every place; what programs fill corners with may lie outside of it. Undefined where
 * too little is left to tell, or that is plain.
 */
export function turnedAgreement(layout: Uint8Array, then: Shape, picture: Now): Agreement | undefined {
  if (layout.length !== LAYOUT_BYTES) return undefined
  let best: Agreement | undefined
  for (const phase of PHASES) {
    const cells = turnedBack(then, picture, phase)
    if (cells.count < FEWEST || isPlain(cells.bright, cells.count)) return undefined
    for (const { top, left } of likelyPlaces(layout, cells)) {
      const found = agreementAt(layout, cells.places, 1, top, left)
      if (found.cells >= leastOf(cells) && found.share > (best?.share ?? 0)) best = found
    }
  }
  return best ?? { share: 0.5, cells: FEWEST }
}

function leastOf({ count }: Turned): number {
  return OVERLAP * Math.min(count, SIDE * SIDE)
}

/** The places where the cells looked at agree best. */
function likelyPlaces(layout: Uint8Array, cells: Turned): { top: number; left: number; share: number }[] {
  const step = Math.max(1, Math.floor(cells.count / LOOKED_AT))
  const best: { top: number; left: number; share: number }[] = []
  const [down, across] = [reach(cells.rows), reach(cells.columns)]
  for (let top = down.from; top <= down.to; top++)
    for (let left = across.from; left <= across.to; left++) {
      const { share, cells: over } = agreementAt(layout, cells.places, step, top, left)
      if (over * step < leastOf(cells) * 0.95 || share <= (best[BEST_PLACES - 1]?.share ?? 0)) continue
      best.push({ top, left, share })
      best.sort((one, other) => other.share - one.share)
      best.length = Math.min(best.length, BEST_PLACES)
    }
  return best
}

/** Where a part of so many cells may begin on the layout, a quarter of it standing out. */
function reach(length: number): { from: number; to: number } {
  const out = Math.ceil(Math.min(length, SIDE) * (1 - OVERLAP))
  return length <= SIDE ? { from: -out, to: SIDE - length + out } : { from: SIDE - length - out, to: out }
}

/** How every so-manieth cell agrees with the layout. */
function agreementAt(
  layout: Uint8Array,
  places: Int16Array,
  step: number,
  top: number,
  left: number,
): Agreement {
  let [same, cells, bright, there] = [0, 0, 0, 0]
  for (let at = 0; at < places.length; at += 3 * step) {
    const [row, column] = [places[at]! + top, places[at + 1]! + left]
    if (row < 0 || row >= SIDE || column < 0 || column >= SIDE) continue
    const own = places[at + 2]!
    const bit = (layout[(row * SIDE + column) >> 3]! >> (7 - (column & 7))) & 1
    cells++
    bright += own
    there += bit
    if (bit === own) same++
  }
  return { share: shareOf(same, bright, there, cells), cells }
}

function turnedBack(
  { width, height, scale, rotation, mirrored }: Shape,
  { width: now, view }: Now,
  [right, below]: readonly [number, number],
): Turned {
  const angle = (rotation * Math.PI) / 180
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const shrunk = view.width / now
  const [wide, high] = [width, height].map((side) => (side * scale * shrunk) / SIDE) as [number, number]
  const cellsOf = (length: number, cell: number) => Math.max(1, Math.min(MOST, Math.floor(length / cell)))
  const columns = cellsOf(view.width * Math.abs(cos) + view.height * Math.abs(sin), wide)
  const rows = cellsOf(view.width * Math.abs(sin) + view.height * Math.abs(cos), high)
  const samples = Math.max(1, Math.min(FINEST, Math.ceil(Math.max(wide, high))))
  const values = new Float64Array(columns * rows)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      let sum = 0
      for (let n = 0; n < samples * samples; n++) {
        const x = (column + right + ((n % samples) + 0.5) / samples - columns / 2) * wide
        const y = (row + below + (Math.floor(n / samples) + 0.5) / samples - rows / 2) * high
        const across = x * cos - y * sin
        sum += sample(view, mirrored ? -across : across, x * sin + y * cos)
      }
      values[row * columns + column] = sum / samples ** 2
    }
  return brightCells(values, columns, rows)
}

/** Brightness so far from the middle; `NaN` outside. */
function sample({ luma, width, height }: Plane, x: number, y: number): number {
  const [column, row] = [Math.floor(x + width / 2), Math.floor(y + height / 2)]
  return column < 0 || row < 0 || column >= width || row >= height ? Number.NaN : luma[row * width + column]!
}

/** Cells outside of the picture hold `NaN`, and are left out. */
function brightCells(values: Float64Array, columns: number, rows: number): Turned {
  const places: number[] = []
  let bright = 0
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const own = values[row * columns + column]!
      if (Number.isNaN(own)) continue
      let [sum, count] = [0, 0]
      for (let y = Math.max(0, row - REACH); y < Math.min(rows, row + REACH + 1); y++)
        for (let x = Math.max(0, column - REACH); x < Math.min(columns, column + REACH + 1); x++) {
          const value = values[y * columns + x]!
          if (Number.isNaN(value)) continue
          sum += value
          count++
        }
      const above = own > sum / count ? 1 : 0
      bright += above
      places.push(row, column, above)
    }
  return { places: Int16Array.from(places), count: places.length / 3, bright, columns, rows }
}
