import { betaQuantile, normalQuantile } from './distribution.ts'
import { checkCounts, checkLevel, type Estimate } from './estimate.ts'

/**
 * Wilson's score interval for a proportion (Wilson 1927), without continuity correction. Never a point: 0 of n
 * reaches up to z²/(n + z²). `n` may be an effective sample size, so it need not be whole.
 */
export function wilson(successes: number, n: number, level = 0.95): Estimate {
  checkCounts(successes, n)
  checkLevel(level)
  return wilsonWith(normalQuantile(0.5 + level / 2), successes, n, level)
}

/** Wilson's interval with a critical value of the caller's, for instance Student's t where clusters are few. */
export function wilsonWith(critical: number, successes: number, n: number, level: number): Estimate {
  const value = successes / n
  const square = critical * critical
  const centre = (successes + square / 2) / (n + square)
  const half = (critical / (n + square)) * Math.sqrt(successes * (1 - value) + square / 4)
  return {
    value,
    low: successes === 0 ? 0 : Math.max(0, centre - half),
    high: successes === n ? 1 : Math.min(1, centre + half),
    level,
    n,
  }
}

/** The exact interval of Clopper and Pearson (1934): covers at least `level` whatever the true rate; whole counts. */
export function clopperPearson(successes: number, n: number, level = 0.95): Estimate {
  checkCounts(successes, n)
  checkLevel(level)
  if (!Number.isInteger(successes) || !Number.isInteger(n))
    throw new RangeError(`the exact interval counts whole things, not ${successes} of ${n}`)
  const tail = (1 - level) / 2
  return {
    value: successes / n,
    low: successes === 0 ? 0 : betaQuantile(tail, successes, n - successes + 1),
    high: successes === n ? 1 : betaQuantile(1 - tail, successes + 1, n - successes),
    level,
    n,
  }
}
