import { normalCdf, normalQuantile } from './distribution.ts'
import { checkLevel, type Estimate, quantile } from './estimate.ts'
import { random } from './random.ts'

export type ResamplingOptions = {
  /** The same seed gives the same interval. */
  seed: number | string
  /** Resamples; default 2,000, at most 200,000. */
  resamples?: number
  level?: number
  /** `bca` (default) corrects for bias and skew; `percentile` takes the quantiles as they are. */
  method?: 'bca' | 'percentile'
}

export type Bootstrapped = Estimate & {
  method: 'bca' | 'percentile'
  /** Standard deviation of the resampled values. */
  standardError: number
  /** True where every resample gave the same value: the interval then is a point and says nothing; use `clusterRate`. */
  degenerate: boolean
}

/**
 * Bootstrap interval of any statistic with whole clusters as the unit of resampling. BCa (Efron 1987) is the
 * default: it is second-order accurate and, unlike the percentile-t, needs no standard error of the statistic in every
 * resample, which alpha, a ratio or a corrected rate does not have in closed form; with very few clusters no bootstrap
 * is trustworthy, so fewer than 2 throw. Where the acceleration or the bias cannot be had (the statistic does not vary,
 * or every resample lies on one side), the percentile interval is given and `method` says so.
 *
 * `statistic` is called with the clusters drawn, repeats included, and must return a finite number.
 */
export function clusterBootstrap<Cluster>(
  clusters: readonly Cluster[],
  statistic: (drawn: readonly Cluster[]) => number,
  options: ResamplingOptions,
): Bootstrapped {
  const level = options.level ?? 0.95
  checkLevel(level)
  const resamples = options.resamples ?? 2_000
  if (!Number.isInteger(resamples) || resamples < 100 || resamples > 200_000)
    throw new RangeError(`resamples must be a whole number from 100 to 200,000, not ${resamples}`)
  if (clusters.length < 2)
    throw new RangeError(`a bootstrap needs at least 2 clusters, not ${clusters.length}`)

  const measure = (drawn: readonly Cluster[]): number => {
    const value = statistic(drawn)
    if (!Number.isFinite(value)) throw new RangeError(`the statistic gave ${value} for a resample`)
    return value
  }
  const value = measure(clusters)
  const source = random(options.seed)
  const drawn: Cluster[] = new Array(clusters.length)
  const values = new Float64Array(resamples)
  for (let i = 0; i < resamples; i++) {
    for (let j = 0; j < drawn.length; j++) drawn[j] = clusters[source.below(clusters.length)]!
    values[i] = measure(drawn)
  }
  values.sort()

  const tail = (1 - level) / 2
  let tails: [number, number] = [tail, 1 - tail]
  let method: Bootstrapped['method'] = 'percentile'
  if (options.method !== 'percentile') {
    const adjusted = bcaTails(values, value, jackknife(clusters, measure), tail)
    if (adjusted) {
      tails = adjusted
      method = 'bca'
    }
  }
  return {
    value,
    low: quantile(values, tails[0]),
    high: quantile(values, tails[1]),
    level,
    n: clusters.length,
    clusters: clusters.length,
    method,
    standardError: deviation(values),
    degenerate: values[0] === values[values.length - 1],
  }
}

/** The statistic with each cluster left out in turn. */
function jackknife<Cluster>(
  clusters: readonly Cluster[],
  measure: (drawn: readonly Cluster[]) => number,
): number[] | undefined {
  if (clusters.length < 3) return undefined
  return clusters.map((_, out) => measure(clusters.filter((_, i) => i !== out)))
}

/** Skew of the jackknife values: Σd³ / (6 (Σd²)^{3/2}), d = mean − value. Undefined where they do not vary. */
export function acceleration(jackknifed: readonly number[]): number | undefined {
  const mean = jackknifed.reduce((sum, value) => sum + value, 0) / jackknifed.length
  let squares = 0
  let cubes = 0
  for (const value of jackknifed) {
    const away = mean - value
    squares += away ** 2
    cubes += away ** 3
  }
  return squares > 0 ? cubes / (6 * squares ** 1.5) : undefined
}

/** The two probabilities at which BCa reads the resampled distribution. */
function bcaTails(
  ascending: Float64Array,
  value: number,
  jackknifed: number[] | undefined,
  tail: number,
): [number, number] | undefined {
  const skew = jackknifed && acceleration(jackknifed)
  if (skew === undefined) return undefined
  let below = 0
  for (const resampled of ascending) below += resampled < value ? 1 : resampled === value ? 0.5 : 0
  const share = below / ascending.length
  if (share === 0 || share === 1) return undefined
  const bias = normalQuantile(share)
  const at = (p: number): number => {
    const z = bias + normalQuantile(p)
    return normalCdf(bias + z / (1 - skew * z))
  }
  const tails: [number, number] = [at(tail), at(1 - tail)]
  return tails[0] < tails[1] ? tails : undefined
}

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return Math.sqrt(squares / (values.length - 1))
}
