import { bothOf, countOf } from './covered.ts'

/** What one person has read of a model in the window: a bit for each place. */
export type Share = { person: string; places: Uint32Array; count: number; links: ReadonlySet<string> }

/** People of one model compared with each other at most; those who read most come first. */
const MOST = 120
/** A pair matters from this share of a model on. */
const MUCH = 0.4

/** Two people whose readings may complete each other. */
export type Pair = {
  people: [string, string]
  /** Shares of the model: of each, of both together, in common, and what chance would have in common. */
  shares: [number, number]
  union: number
  common: number
  expected: number
  /** Standard deviations by which they have less in common than chance gives. */
  apart: number
  /** Hosts and sinks that both use and few others. */
  shared(): string[]
}

/**
 * Pairs of people who together have read much of a model, and how far apart their parts lie. Chance is the hypergeometric
 * overlap of two random sets of their sizes. That is no more than a scale: people keep to their own corner of a model, so
 * how rare a distance is, the company's own pairs must tell.
 */
export function pairsOf(shares: Share[], places: number): Pair[] {
  const considered = shares
    .filter(({ count }) => count >= 0.08 * places && count <= 0.9 * places)
    .sort((a, b) => b.count - a.count || (a.person < b.person ? -1 : 1))
    .slice(0, MOST)
  const found: Pair[] = []
  for (let i = 0; i < considered.length; i++)
    for (let j = i + 1; j < considered.length; j++) {
      const a = considered[i]!
      const b = considered[j]!
      if (a.count + b.count < MUCH * places) continue
      const both = bothOf(a.places, b.places)
      const union = a.count + b.count - both
      if (union < MUCH * places) continue
      const mean = (a.count * b.count) / places
      const variance = (mean * (1 - a.count / places) * (places - b.count)) / Math.max(1, places - 1)
      found.push({
        people: [a.person, b.person],
        shares: [a.count / places, b.count / places],
        union: union / places,
        common: both / places,
        expected: mean / places,
        apart: (mean - both - 0.5) / Math.sqrt(Math.max(variance, 0.25)),
        shared: () => [...a.links].filter((link) => b.links.has(link)),
      })
    }
  return found
}

/** How much of a model several people have read together. */
export function unionOf(sets: readonly Uint32Array[]): number {
  const all = new Uint32Array(Math.max(0, ...sets.map(({ length }) => length)))
  for (const set of sets) for (let i = 0; i < set.length; i++) all[i]! |= set[i]!
  return countOf(all)
}
