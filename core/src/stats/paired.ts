import { binomialCdf, tQuantile } from './distribution.ts'
import { checkLevel, type Estimate } from './estimate.ts'
import { wilson } from './proportion.ts'

/** One probe asked of both: outcomes in [0, 1] (0 or 1, or a share of repetitions), and the cluster it belongs to. */
export type Pair = { cluster: string; before: number; after: number }

export type PairedDifference = Estimate & {
  clusters: number
  /** Undefined for a single cluster. */
  standardError: number | undefined
}

/**
 * Mean of `after − before` over paired probes, with a cluster-robust interval: linearised standard error with the
 * factor G/(G − 1), Student's t with G − 1 degrees of freedom (as survey's `svymean` and sandwich's `vcovCL`).
 * Kept within [−1, 1]. Where every cluster has the same mean difference the robust error is 0; the interval then
 * reaches as far as a change in 0 of G clusters still allows (Wilson), and one cluster alone allows everything.
 */
export function pairedDifference(pairs: readonly Pair[], level = 0.95): PairedDifference {
  checkLevel(level)
  if (pairs.length === 0) throw new RangeError('there are no pairs to compare')
  const sums = new Map<string, { difference: number; n: number }>()
  let total = 0
  for (const { cluster, before, after } of pairs) {
    if (!(before >= 0 && before <= 1 && after >= 0 && after <= 1))
      throw new RangeError(`outcomes are between 0 and 1, not ${before} and ${after}`)
    const sum = sums.get(cluster) ?? { difference: 0, n: 0 }
    sum.difference += after - before
    sum.n += 1
    sums.set(cluster, sum)
    total += after - before
  }
  const n = pairs.length
  const clusters = sums.size
  const value = total / n
  if (clusters === 1) return { value, low: -1, high: 1, level, n, clusters, standardError: undefined }
  let squares = 0
  for (const sum of sums.values()) squares += (sum.difference - value * sum.n) ** 2
  // Differences of 0.1 and the like leave dust of 1e-16; it is no variance.
  const spread = squares < 1e-18 * n * n ? 0 : squares
  const standardError = Math.sqrt((clusters / (clusters - 1)) * spread) / n
  const reach =
    standardError > 0
      ? tQuantile(0.5 + level / 2, clusters - 1) * standardError
      : wilson(0, clusters, level).high
  return {
    value,
    low: Math.max(-1, value - reach),
    high: Math.min(1, value + reach),
    level,
    n,
    clusters,
    standardError,
  }
}

/**
 * Exact McNemar test: two-sided p of `gained` against `lost` discordant pairs, Binomial(gained + lost, ½).
 * Pairs count as independent; for clustered probes prefer `pairedDifference`. 1 where no pair is discordant.
 */
export function mcnemarExact(gained: number, lost: number): number {
  if (!Number.isInteger(gained) || !Number.isInteger(lost) || gained < 0 || lost < 0)
    throw new RangeError(`discordant pairs are whole counts, not ${gained} and ${lost}`)
  const discordant = gained + lost
  if (discordant === 0) return 1
  return Math.min(1, 2 * binomialCdf(Math.min(gained, lost), discordant, 0.5))
}
