import { checkLevel } from './estimate.ts'
import { type Bootstrapped, clusterBootstrap } from './resample.ts'

/** How values differ: same or not, by rank, or by squared distance. */
export type Measurement = 'nominal' | 'ordinal' | 'interval'

/** What each rater said of one unit; undefined where a rater said nothing. Numbers for ordinal and interval values. */
export type Ratings<Value extends string | number> = readonly (Value | undefined)[]

export type Agreement = {
  /** 1 is perfect, 0 what chance gives, below 0 systematic disagreement. Undefined where it cannot be computed. */
  alpha: number | undefined
  interval: Bootstrapped | undefined
  /** Units that at least two raters judged; only these count. */
  units: number
  /** Values those units hold. */
  values: number
  /** Why alpha, or its interval, is undefined. */
  why: string | undefined
}

/**
 * Krippendorff's alpha (Krippendorff 2011, "Computing Krippendorff's alpha-reliability") for any number of raters with
 * missing values. Undefined where all values are the same: without variation agreement cannot be told from a rater
 * who always answers alike.
 *
 * The interval resamples units (the clusters); `seed` makes it repeatable. A resample in which nothing varies counts as
 * alpha 0, the cautious reading. It is left out below 3 units.
 */
export function krippendorffAlpha<Value extends string | number>(
  units: readonly Ratings<Value>[],
  measurement: Measurement,
  options: { seed?: number | string; resamples?: number; level?: number } = {},
): Agreement {
  checkLevel(options.level ?? 0.95)
  const pairable = units
    .map((ratings) => ratings.filter((value) => value !== undefined))
    .filter((values) => values.length >= 2)
  if (measurement !== 'nominal')
    for (const value of pairable.flat())
      if (typeof value !== 'number' || !Number.isFinite(value))
        throw new RangeError(`${measurement} agreement needs finite numbers, not ${JSON.stringify(value)}`)
  const base = { units: pairable.length, values: pairable.flat().length }
  const nothing = (why: string): Agreement => ({ ...base, alpha: undefined, interval: undefined, why })
  if (pairable.length === 0) return nothing('No unit was judged by two raters.')
  const alpha = alphaOf(pairable, measurement)
  if (alpha === undefined)
    return nothing('All judgements are the same, so agreement cannot be told from habit.')
  if (pairable.length < 3)
    return { ...base, alpha, interval: undefined, why: 'Fewer than 3 units: no interval.' }
  const interval = clusterBootstrap(pairable, (drawn) => alphaOf(drawn, measurement) ?? 0, {
    seed: options.seed ?? 1,
    resamples: options.resamples ?? 1_000,
    level: options.level,
  })
  return { ...base, alpha, interval, why: undefined }
}

/** 1 − Dₒ/Dₑ from the coincidence matrix of values. */
function alphaOf<Value extends string | number>(
  units: readonly Value[][],
  measurement: Measurement,
): number | undefined {
  const values = [...new Set(units.flat())]
  if (measurement === 'nominal') values.sort()
  else values.sort((a, b) => Number(a) - Number(b))
  const place = new Map(values.map((value, index) => [value, index]))
  const size = values.length
  const coincidences = new Float64Array(size * size)
  for (const ratings of units) {
    const weight = 1 / (ratings.length - 1)
    for (let i = 0; i < ratings.length; i++)
      for (let j = 0; j < ratings.length; j++)
        if (i !== j) coincidences[place.get(ratings[i]!)! * size + place.get(ratings[j]!)!]! += weight
  }
  const totals = values.map((_, row) => {
    let sum = 0
    for (let column = 0; column < size; column++) sum += coincidences[row * size + column]!
    return sum
  })
  const n = totals.reduce((sum, total) => sum + total, 0)
  const difference = metric(values, totals, measurement)
  let observed = 0
  let expected = 0
  for (let row = 0; row < size; row++)
    for (let column = row + 1; column < size; column++) {
      const squared = difference(row, column)
      observed += coincidences[row * size + column]! * squared
      expected += totals[row]! * totals[column]! * squared
    }
  return expected > 0 ? 1 - ((n - 1) * observed) / expected : undefined
}

/** The squared difference between the values at two places of the ascending list. */
function metric(
  values: readonly (string | number)[],
  totals: readonly number[],
  measurement: Measurement,
): (low: number, high: number) => number {
  if (measurement === 'nominal') return () => 1
  if (measurement === 'interval') return (low, high) => (Number(values[low]) - Number(values[high])) ** 2
  const upTo: number[] = []
  let sum = 0
  for (const total of totals) {
    sum += total
    upTo.push(sum)
  }
  return (low, high) => {
    const between = upTo[high]! - upTo[low]! + totals[low]!
    return (between - (totals[low]! + totals[high]!) / 2) ** 2
  }
}
