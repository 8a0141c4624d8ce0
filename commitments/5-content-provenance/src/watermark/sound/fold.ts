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

/** How each code bit reads, the pattern beginning at this step: below zero for 1, above for 0. */
export function softBits({ values, steps }: Folded, { code }: SoundLayout, origin: number): Float32Array {
  const twice = 2 * FRAMES * steps
  const soft = new Float32Array(CODE_BITS)
  for (let at = 0; at < code.places.length; at++) {
    const place = code.places[at]!
    const step = Math.floor(place / BANDS) * steps + origin
    soft[at % CODE_BITS]! += code.signs[at]! * values[(place % BANDS) * twice + step]!
  }
  return soft
}
