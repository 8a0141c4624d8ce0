import { clusterRate } from '@avouch/core/stats'
import type { AlertOutcome } from './alert.ts'

/** How many closed alerts of how many people came to what. */
export type Outcomes = {
  truePositive: number
  benign: number
  duplicate: number
  exercise: number
  /** Nobody has closed these yet. */
  unclosed: number
}

/** A share of alerts with its 95 % interval; a person's alerts are one cluster. */
export type Precision = {
  value: number
  low: number
  high: number
  level: number
  n: number
  clusters: number
}

/** Closed alerts as they are counted: whom each was mainly about, and what it turned out to be. */
export type Judged = { person: string; outcome: AlertOutcome }

/**
 * The share of looked-into alerts that told of something real: true positives over these and the benign ones. A
 * duplicate says nothing new, and what was planted for an exercise was found because it was planted: both stay out.
 * Alerts about one person are no independent trials, so people are the clusters (Wilson on the effective sample size).
 * Null where nothing counts: no rate of nothing.
 */
export function precisionOf(judged: readonly Judged[]): {
  precision: Precision | null
  counts: [events: number, trials: number, times: number][]
} {
  const people = new Map<string, { events: number; trials: number }>()
  for (const { person, outcome } of judged) {
    if (outcome !== 'true-positive' && outcome !== 'benign') continue
    const entry = people.get(person) ?? { events: 0, trials: 0 }
    people.set(person, entry)
    entry.trials++
    if (outcome === 'true-positive') entry.events++
  }
  const times = new Map<string, [number, number, number]>()
  for (const { events, trials } of people.values()) {
    const entry = times.get(`${events}/${trials}`)
    if (entry) entry[2]++
    else times.set(`${events}/${trials}`, [events, trials, 1])
  }
  const counts = [...times.values()].sort((a, b) => a[1] - b[1] || a[0] - b[0])
  if (counts.length === 0) return { precision: null, counts }
  const { value, low, high, level, n, clusters } = clusterRate(counts)
  return { precision: { value, low, high, level, n, clusters }, counts }
}

/** Adds the outcomes up. */
export function outcomesOf(judged: readonly Judged[], unclosed: number): Outcomes {
  const of = (outcome: AlertOutcome): number => judged.filter((one) => one.outcome === outcome).length
  return {
    truePositive: of('true-positive'),
    benign: of('benign'),
    duplicate: of('duplicate'),
    exercise: of('exercise'),
    unclosed,
  }
}
