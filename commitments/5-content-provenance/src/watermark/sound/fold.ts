import { CODE_BITS } from '../code/polar.ts'
import { BANDS, FRAMES, type SoundLayout } from './pattern.ts'

/** One period of the pattern, band by band and each twice in a row: how the steps of all periods add up. */
export type Folded = { values: Float32Array; deviation: number; steps: number }

export function fold({ rows, values }: { rows: number; values: Float32Array }, steps: number): Folded {
  const period = FRAMES * steps
  const twice = 2 * period
  const sum = new Float32Array(BANDS * twice)
  for (let row = 0; row < rows; row++) {
    const to = row % period
    for (let band = 0; band < BANDS; band++) sum[band * 2 * period + to]! += values[row * BANDS + band]!
  }
  let square = 0
  for (let band = 0; band < BANDS; band++) {
    const start = band * 2 * period
    for (let at = start; at < start + period; at++) square += sum[at]! * sum[at]!
    sum.copyWithin(start + period, start, start + period)
  }
  return { values: sum, deviation: Math.sqrt(square / (period * BANDS)) + 1e-9, steps }
}

/** Where the pattern may begin: the steps at which the known chips fit best. */
export function origins(
  folded: Folded,
  { sync }: SoundLayout,
  most: number,
): { origin: number; score: number }[] {
  const { values, deviation, steps } = folded
  const period = FRAMES * steps
  const scores = new Float32Array(period)
  for (let at = 0; at < sync.places.length; at++) {
    const place = sync.places[at]!
    const sign = sync.signs[at]!
    const band = place % BANDS
    const step = Math.floor(place / BANDS) * steps
    const start = band * 2 * period + step
    for (let origin = 0; origin < period; origin++) scores[origin]! += sign * values[start + origin]!
  }
  const scale = 1 / (deviation * Math.sqrt(sync.places.length))
  return Array.from(scores, (score, origin) => ({ origin, score: score * scale }))
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
}

/**
 * How each code bit reads, the pattern beginning about this step: below zero for 1, above for 0. It may begin between two
 * steps, and a codec or noise may have left some bands less than others: steps and bands count by how well the known chips
 * fit there.
 */
export function softBits(folded: Folded, layout: SoundLayout, origin: number): Float32Array {
  const { values, steps } = folded
  const { code } = layout
  const period = FRAMES * steps
  const soft = new Float32Array(CODE_BITS)
  const bands = bandWeights(fitsAt(folded, layout, origin))
  for (const near of [origin - 1, origin, origin + 1]) {
    const from = (near + period) % period
    const weight = Math.max(0, sumOf(fitsAt(folded, layout, from).fits))
    for (let at = 0; at < code.places.length; at++) {
      const place = code.places[at]!
      const band = place % BANDS
      const step = Math.floor(place / BANDS) * steps + from
      soft[at % CODE_BITS]! += weight * bands[band]! * code.signs[at]! * values[band * 2 * period + step]!
    }
  }
  return soft
}

/** How well the known chips fit, band by band, and the power that they are a part of. */
type Fits = { fits: Float64Array; powers: Float64Array }

function fitsAt({ values, steps }: Folded, { sync }: SoundLayout, origin: number): Fits {
  const [fits, powers] = [new Float64Array(BANDS), new Float64Array(BANDS)]
  for (let at = 0; at < sync.places.length; at++) {
    const band = sync.places[at]! % BANDS
    const step = Math.floor(sync.places[at]! / BANDS) * steps + origin
    const value = values[band * 2 * FRAMES * steps + step]!
    fits[band]! += sync.signs[at]! * value
    powers[band]! += value * value
  }
  return { fits, powers }
}

/** Patterns that are looked for at once: of several marks that were mixed, each has its own. */
const MIXED = 4
/** Steps about one that belong to the same pattern. */
const SAME = 3

/**
 * Bits of evidence that the known chips of one to four patterns stand in this one. Their signs are drawn by the key, and
 * know nothing of a sound that was not marked under it: that values with such signs add up to t times the root of their
 * power happens with probability exp(−t²/2) at most (Hoeffding), for each choice of the places where patterns may begin.
 */
export function evidenceIn(folded: Folded, layout: SoundLayout): number {
  const { sync } = layout
  const { values, steps } = folded
  const period = FRAMES * steps
  const ways = 2 ** 2
  const added = new Float64Array(sync.places.length)
  let [most, choices, count] = [0, ways, 0]
  for (const origin of apart(origins(folded, layout, 64), period)) {
    let [sum, power] = [0, 0]
    for (let at = 0; at < added.length; at++) {
      const place = sync.places[at]!
      const step = Math.floor(place / BANDS) * steps + origin
      added[at]! += values[(place % BANDS) * 2 * period + step]!
      sum += sync.signs[at]! * added[at]!
      power += added[at]! * added[at]!
    }
    choices *= (period - count) / ++count
    const t = Math.max(0, sum) / Math.sqrt(power + Number.MIN_VALUE)
    most = Math.max(most, (t * t * Math.LOG2E) / 2 - Math.log2(choices))
  }
  return most
}

/** The best places, no two of one pattern. */
function apart(found: readonly { origin: number }[], period: number): number[] {
  const chosen: number[] = []
  for (const { origin } of found) {
    const far = (other: number): boolean => {
      const by = Math.abs(origin - other)
      return Math.min(by, period - by) > SAME
    }
    if (chosen.length < MIXED && chosen.every(far)) chosen.push(origin)
  }
  return chosen
}

/** Bands to each side that a band is judged with, and the share of the judgement: 19 known chips alone tell little. */
const BESIDE = 2
const TRUST = 0.75

function bandWeights({ fits, powers }: Fits): Float64Array {
  const fit = (from: number, to: number): number =>
    sumOf(fits.subarray(from, to)) / (sumOf(powers.subarray(from, to)) + 1e-9)
  const usual = fit(0, BANDS) + 1e-9
  return Float64Array.from(fits, (_, band) => {
    const own = fit(Math.max(0, band - BESIDE), Math.min(BANDS, band + BESIDE + 1))
    return Math.max(0, 1 - TRUST + (TRUST * own) / usual)
  })
}

function sumOf(values: Float64Array): number {
  let sum = 0
  for (let at = 0; at < values.length; at++) sum += values[at]!
  return sum
}
