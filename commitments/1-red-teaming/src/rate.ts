import { type Cluster, clusterRate } from '@avouch/verify'
import type { Rate } from './evidence.ts'

/** The rate of these clusters as `cluster-rate/v1` recomputes it; undefined where there is no trial. */
export function rateOf(clusters: readonly Cluster[]): Rate | undefined {
  if (clusters.every(([, trials]) => trials === 0)) return undefined
  const { value, low, high, level, n, clusters: size } = clusterRate(clusters)
  return { value, low, high, level, n, clusters: size }
}

/** `3.1 % (1.2 to 6.0 %)` */
export function inWords({ value, low, high }: Pick<Rate, 'value' | 'low' | 'high'>): string {
  const percent = (share: number): string => (100 * share).toFixed(1)
  return `${percent(value)} % (${percent(low)} to ${percent(high)} %)`
}

/** Events and trials gathered by group and cluster, clusters in the order in which they first came. */
export class ClusterCounts {
  readonly #groups = new Map<string, Map<string, [number, number]>>()

  add(group: string, cluster: string, events: number, trials: number): void {
    const clusters = this.#groups.get(group) ?? new Map<string, [number, number]>()
    this.#groups.set(group, clusters)
    const counts = clusters.get(cluster)
    if (counts) {
      counts[0] += events
      counts[1] += trials
    } else clusters.set(cluster, [events, trials])
  }

  /** Groups with at least one trial: their counts, and the rates that follow from them. */
  rates(): { counts: Record<string, [number, number][]>; rates: Record<string, Rate> } {
    const counts: Record<string, [number, number][]> = {}
    const rates: Record<string, Rate> = {}
    for (const [group, clusters] of this.#groups) {
      const pairs = [...clusters.values()].filter(([, trials]) => trials > 0)
      const rate = rateOf(pairs)
      if (!rate) continue
      counts[group] = pairs
      rates[group] = rate
    }
    return { counts, rates }
  }
}
