import { tQuantile } from './distribution.ts'
import { checkCounts, checkLevel, type Estimate } from './estimate.ts'
import { wilsonWith } from './proportion.ts'

/** What was counted in one cluster: `n` graded attempts at one behaviour, `successes` of them. */
export type ClusterCounts = { successes: number; n: number }

export type ClusterRate = Estimate & { clusters: number; designEffect: number; effectiveN: number }

/**
 * A rate over clusters with an interval that takes the cluster as the unit: Wilson's interval on the effective sample
 * size n / deff with Student's t (G − 1 degrees of freedom), as Franco, Little, Louis and Slud (2019) advise for
 * clustered surveys. deff is the linearised variance of the ratio, G/(G − 1) Σ(xᵢ − p nᵢ)² / n², over p(1 − p)/n, and
 * never below 1. At 0 of n or n of n the variance tells nothing, so each cluster counts once; so does a single cluster.
 * Never a point. Clusters with n = 0 are left out; throws where none is left.
 */
export function clusterRate(clusters: readonly ClusterCounts[], level = 0.95): ClusterRate {
  checkLevel(level)
  const counted = clusters.filter((cluster) => cluster.n !== 0)
  if (counted.length === 0)
    throw new RangeError('there is nothing to take a rate of: no cluster holds an attempt')
  for (const { successes, n } of counted) checkCounts(successes, n)
  const size = counted.length
  const successes = counted.reduce((sum, cluster) => sum + cluster.successes, 0)
  const n = counted.reduce((sum, cluster) => sum + cluster.n, 0)
  const value = successes / n
  const largest = n / size
  let designEffect = largest
  if (size > 1 && successes > 0 && successes < n) {
    const squares = counted.reduce((sum, cluster) => sum + (cluster.successes - value * cluster.n) ** 2, 0)
    const variance = ((size / (size - 1)) * squares) / (n * n)
    designEffect = Math.max(1, variance / ((value * (1 - value)) / n))
  } else if (size === 1) designEffect = n
  const effectiveN = n / designEffect
  const critical = tQuantile(0.5 + level / 2, Math.max(1, size - 1))
  const { low, high } = wilsonWith(critical, value * effectiveN, effectiveN, level)
  return {
    value,
    low: successes === 0 ? 0 : low,
    high: successes === n ? 1 : high,
    level,
    n,
    clusters: size,
    designEffect,
    effectiveN,
  }
}
