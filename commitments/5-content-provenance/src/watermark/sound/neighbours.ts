import { BANDS } from './pattern.ts'

/**
 * How much the level of a chip follows from the two beside it in time, and from the two in frequency, one share for each.
 * What is taken away by them is the sound's own; a mark, whose chips are independent of each other, stays.
 */
export type Filter = { time: number; pitch: number }

type Size = { rows: number; usable: number; steps: number }

/** Levels against the mean of their moment and then of their band, in place: row after row of 40 bands. */
export function levelled(levels: Float32Array, { rows, usable }: Pick<Size, 'rows' | 'usable'>): void {
  const means = new Float64Array(BANDS)
  for (let start = 0; start < rows * BANDS; start += BANDS) {
    let mean = 0
    for (let band = 0; band < usable; band++) mean += levels[start + band]!
    mean /= Math.max(1, usable)
    for (let band = 0; band < usable; band++) {
      levels[start + band]! -= mean
      means[band]! += levels[start + band]!
    }
  }
  for (let start = 0; start < rows * BANDS; start += BANDS)
    for (let band = 0; band < usable; band++) levels[start + band]! -= means[band]! / rows
}

/**
 * What each level is beyond what its neighbours, a chip away, have one expect; never more than `most` either way. Before
 * the beginning and behind the end it goes on as it is there; beyond the bands there is nothing.
 */
export function surprises(
  levels: Float32Array,
  { time, pitch }: Filter,
  { rows, usable, steps }: Size,
  most: number,
): Float32Array {
  const found = new Float32Array(rows * BANDS)
  for (let row = 0; row < rows; row++) {
    const start = row * BANDS
    const before = Math.max(0, row - steps) * BANDS
    const after = Math.min(rows - 1, row + steps) * BANDS
    let below = 0
    for (let band = 0; band < usable; band++) {
      const own = levels[start + band]!
      const above = band + 1 < usable ? levels[start + band + 1]! : 0
      const value = own - time * (levels[before + band]! + levels[after + band]!) - pitch * (below + above)
      found[start + band] = value > most ? most : value < -most ? -most : value
      below = own
    }
  }
  return found
}

/** Levels that say little of what is usual are taken for no more than this, in nepers. */
const LOUD = 6

/** The shares that leave least of these levels, by least squares. */
export function learned(levels: Float32Array, { rows, usable, steps }: Size): Filter {
  // a little in each square, for where there is little to learn from
  let [tt, tp, pp, to, po] = [1, 0, 1, 0, 0]
  for (let row = steps; row < rows - steps; row++)
    for (let band = 0; band < usable; band++) {
      const at = row * BANDS + band
      const own = Math.max(-LOUD, Math.min(LOUD, levels[at]!))
      const time = levels[at - steps * BANDS]! + levels[at + steps * BANDS]!
      const pitch = (band > 0 ? levels[at - 1]! : 0) + (band + 1 < usable ? levels[at + 1]! : 0)
      tt += time * time
      tp += time * pitch
      pp += pitch * pitch
      to += time * own
      po += pitch * own
    }
  const whole = tt * pp - tp * tp
  return { time: (to * pp - po * tp) / whole, pitch: (po * tt - to * tp) / whole }
}
