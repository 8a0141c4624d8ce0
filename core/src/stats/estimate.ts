/** A range at a confidence level such as 0.95; `low` ≤ `high`. */
export type Interval = { low: number; high: number; level: number }

/** A value with its interval, and what was counted: `n` observations in `clusters` (the unit of resampling). */
export type Estimate = Interval & { value: number; n: number; clusters?: number }

/** Throws where a confidence level is not strictly between 0 and 1. */
export function checkLevel(level: number): void {
  if (!(level > 0 && level < 1)) throw new RangeError(`a confidence level is between 0 and 1, not ${level}`)
}

/** Throws where `successes` of `n` is no count of something: 0 ≤ successes ≤ n, n > 0 (effective sizes may be fractions). */
export function checkCounts(successes: number, n: number): void {
  if (!(Number.isFinite(n) && n > 0 && successes >= 0 && successes <= n))
    throw new RangeError(`${successes} of ${n} is not a count of successes`)
}

/** The `p` quantile of ascending values, between order statistics (Hyndman and Fan's type 7, R's default). */
export function quantile(ascending: ArrayLike<number>, p: number): number {
  if (ascending.length === 0) throw new RangeError('there is no quantile of nothing')
  const position = (ascending.length - 1) * Math.min(1, Math.max(0, p))
  const below = Math.floor(position)
  const lower = ascending[below]!
  const upper = ascending[Math.min(below + 1, ascending.length - 1)]!
  return lower + (position - below) * (upper - lower)
}
