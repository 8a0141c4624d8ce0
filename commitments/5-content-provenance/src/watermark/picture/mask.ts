/** Side in pixels of the cells on which the mask is measured. */
export const MASK_CELL = 8

/** How strong a change may be in each cell of the picture, relative to one another. */
export type Mask = { columns: number; rows: number; strength: Float32Array }

/** Texture hides more up to this deviation. */
const BUSIEST = 40
/** Powers are looked up by so many steps to a level of deviation. */
const STEPS = 64
const STRENGTHS = Float32Array.from({ length: BUSIEST * STEPS + 1 }, (_, at) => (8 + at / STEPS) ** 0.4)

/**
 * The perceptual mask of a picture: changes hide in texture, so strength grows with the root of the local deviation.
 *
 * @param deviation of each cell of the picture, row by row
 */
export function perceptualMask(deviation: Float32Array, columns: number, rows: number): Mask {
  // Of each cell and its neighbours to the left and to the right: the calmest, the sum, and how many there are.
  const least = new Float32Array(columns * rows)
  const sum = new Float32Array(columns * rows)
  for (let row = 0; row < rows; row++) {
    let before = Infinity
    let own = deviation[row * columns]!
    for (let at = row * columns; at < (row + 1) * columns; at++) {
      const after = at + 1 < (row + 1) * columns ? deviation[at + 1]! : Infinity
      least[at] = Math.min(Math.min(before, own), after)
      sum[at] = own + (before === Infinity ? 0 : before) + (after === Infinity ? 0 : after)
      before = own
      own = after
    }
  }
  const strength = new Float32Array(columns * rows)
  for (let row = 0; row < rows; row++) {
    const [from, to] = [Math.max(0, row - 1), Math.min(rows - 1, row + 1)]
    for (let column = 0; column < columns; column++) {
      let calmest = Infinity
      let all = 0
      for (let at = from * columns + column; at <= to * columns + column; at += columns) {
        if (least[at]! < calmest) calmest = least[at]!
        all += sum[at]!
      }
      // The calmest of the neighbours counts half: what is drawn beside an edge shows.
      const busy =
        0.5 * calmest +
        (0.5 * all) / ((1 + (column > 0 ? 1 : 0) + (column + 1 < columns ? 1 : 0)) * (to - from + 1))
      strength[row * columns + column] = STRENGTHS[(STEPS * (busy < BUSIEST ? busy : BUSIEST) + 0.5) | 0]!
    }
  }
  return { columns, rows, strength }
}
