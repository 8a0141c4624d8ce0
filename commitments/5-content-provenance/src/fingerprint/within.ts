import {
  type Agreement,
  brighter,
  extentOf,
  isPlain,
  LAYOUT_BYTES,
  type Now,
  type Shape,
  SIDE,
  sameLayoutFrom,
  shareOf,
  TELLING,
  uprightCells,
} from './layout.ts'

/** Pictures of which the marked one is less than a quarter in either direction are not searched: it would be too coarse. */
const MOST = 4 * SIDE
/** Of the marked picture's columns and rows at least so many must be seen; the rest may lie beyond the edge. */
const LEAST = SIDE / 2
/** And so many of its cells must stand out from what lies around them. */
const FEWEST_TELLING = LEAST * LEAST

/**
 * How well some place of a larger picture agrees with the whole or the most of the one whose layout this is, such as a
 * screenshot of a page that shows it. Undefined where that cannot be told: it is turned by other than quarters, too small in
 * there, plain, or too little of it is left; or the one is as large as the other.
 */
export function agreementWithin(layout: Uint8Array, then: Shape, picture: Now): Agreement | undefined {
  const extent = extentOf(then, picture)
  if (extent === undefined || layout.length !== LAYOUT_BYTES) return undefined
  const { columns, rows } = extent
  // of its own size it is the whole, or nothing
  if (Math.abs(columns - SIDE) <= 1 && Math.abs(rows - SIDE) <= 1) return undefined
  if (Math.min(columns, rows) < LEAST || Math.max(columns, rows) > MOST) return undefined
  const seen = brighter(uprightCells(then, picture, extent))
  const tells = Uint8Array.from(seen.apart, (far) => (far >= TELLING ? 1 : 0))
  const registered = new DataView(layout.buffer, layout.byteOffset, layout.length)
  const marked = Uint32Array.from({ length: LAYOUT_BYTES / 4 }, (_, at) => registered.getUint32(at * 4))
  if (
    isPlain(
      marked.reduce((sum, word) => sum + ones(word), 0),
      SIDE * SIDE,
    )
  )
    return undefined
  let best: Agreement = { share: 0, cells: FEWEST_TELLING }
  for (let left = LEAST - SIDE; left + LEAST <= columns; left++) {
    const bright = windowAt(seen.bright, columns, rows, left)
    const telling = windowAt(tells, columns, rows, left)
    for (let top = LEAST - SIDE; top + LEAST <= rows; top++) {
      const [from, to] = [Math.max(0, -top), Math.min(SIDE, rows - top)]
      let [cells, wrong, own, there] = [0, 0, 0, 0]
      for (let at = 2 * from; at < 2 * to; at++) {
        const looked = telling[at + 2 * top]!
        const [one, other] = [bright[at + 2 * top]! & looked, marked[at]! & looked]
        cells += ones(looked)
        wrong += ones(other ^ one)
        own += ones(one)
        there += ones(other)
      }
      if (cells < FEWEST_TELLING) continue
      const share = shareOf(cells - wrong, own, there, cells)
      // of few cells more must agree
      if (share - sameLayoutFrom(cells) > best.share - sameLayoutFrom(best.cells)) best = { share, cells }
    }
  }
  return best
}

/** Columns `left` … `left` + 63 of every row, two words a row; zeros beyond the edges. */
function windowAt(cells: Uint8Array, columns: number, rows: number, left: number): Uint32Array {
  const bits = new Uint32Array(2 * rows)
  for (let x = Math.max(0, left); x < Math.min(columns, left + SIDE); x++) {
    const [word, bit] = [(x - left) >> 5, 1 << (31 - ((x - left) & 31))]
    for (let y = 0; y < rows; y++) if (cells[y * columns + x] === 1) bits[2 * y + word]! |= bit
  }
  return bits
}

/** How many bits of a word are set. */
function ones(word: number): number {
  let sum = word - ((word >>> 1) & 0x55555555)
  sum = (sum & 0x33333333) + ((sum >>> 2) & 0x33333333)
  sum = (sum + (sum >>> 4)) & 0x0f0f0f0f
  return Math.imul(sum, 0x01010101) >>> 24
}
