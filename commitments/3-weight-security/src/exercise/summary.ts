import { clusterRate } from '@avouch/core/stats'
import type { Outcome } from './exercise.ts'

/** A recall with Wilson's interval; `n` repetitions, each in a company of its own, which is its cluster. */
export type Recall = {
  value: number
  low: number
  high: number
  level: number
  n: number
  clusters: number
}

/** What a recall is recomputed from: found of one, how many times. */
export type RecallCounts = [found: number, of: number, times: number][]

/** What became of one scenario, or of all, at one budget of alerts. */
export type Row = {
  scenario: string
  alertsPerDay: number
  planned: number
  executed: number
  errored: number
  found: number
  /** Null where nothing was executed: not run is no recall of 0. */
  recall: Recall | null
  recallCounts: RecallCounts
  /** Of those executed, found before half of the model was gone. */
  beforeHalf: number
  beforeHalfRecall: Recall | null
  beforeHalfCounts: RecallCounts
  /** From the first planted event to the alert: median over those found, in hours and in seconds. */
  hours: number | null
  seconds: number | null
  /** Bytes taken before the alert, or all where there was none, as a share of the model: median, lowest and highest. */
  lost: { median: number; low: number; high: number } | null
  /** The same in bytes, median. */
  bytesLost: number | null
  /** Alerts a day about nobody of the scenario, mean. */
  othersPerDay: number | null
  /** What recall would come to by chance: colleagues who planted nothing, alerted about in the same days; mean. */
  chance: number | null
}

/** Sums outcomes up for each scenario and budget, and over all scenarios under the name `all`. Pure. */
export function summarise(
  outcomes: readonly Outcome[],
  plan: { scenarios: readonly string[]; repetitions: number; budgets: readonly number[]; days: number },
  errored: ReadonlyMap<string, number>,
): Row[] {
  const rows: Row[] = []
  for (const alertsPerDay of plan.budgets) {
    for (const scenario of plan.scenarios)
      rows.push(
        rowOf(
          scenario,
          alertsPerDay,
          plan.repetitions,
          errored.get(scenario) ?? 0,
          plan.days,
          (outcome) => outcome.scenario === scenario,
        ),
      )
    const errors = [...errored.values()].reduce((sum, count) => sum + count, 0)
    rows.push(
      rowOf('all', alertsPerDay, plan.repetitions * plan.scenarios.length, errors, plan.days, () => true),
    )
  }
  return rows

  function rowOf(
    scenario: string,
    alertsPerDay: number,
    planned: number,
    errors: number,
    days: number,
    of: (outcome: Outcome) => boolean,
  ): Row {
    const own = outcomes.filter((outcome) => outcome.alertsPerDay === alertsPerDay && of(outcome))
    const found = own.filter((outcome) => outcome.found)
    const early = found.filter(({ bytesLost, modelBytes }) => bytesLost < modelBytes / 2)
    const hours = median(found.map((one) => one.hours!))
    const shares = own.map(({ bytesLost, modelBytes }) => Math.min(1, bytesLost / modelBytes))
    return {
      scenario,
      alertsPerDay,
      planned,
      executed: own.length,
      errored: errors,
      found: found.length,
      recall: recallOf(found.length, own.length),
      recallCounts: countsOf(found.length, own.length),
      beforeHalf: early.length,
      beforeHalfRecall: recallOf(early.length, own.length),
      beforeHalfCounts: countsOf(early.length, own.length),
      hours,
      seconds: hours === null ? null : Math.round(3600 * hours),
      lost:
        shares.length > 0
          ? { median: median(shares)!, low: Math.min(...shares), high: Math.max(...shares) }
          : null,
      bytesLost: rounded(median(own.map(({ bytesLost }) => bytesLost))),
      othersPerDay:
        own.length > 0 ? own.reduce((sum, { others }) => sum + others, 0) / own.length / days : null,
      chance: own.length > 0 ? own.reduce((sum, one) => sum + one.chance, 0) / own.length : null,
    }
  }
}

function recallOf(found: number, n: number): Recall | null {
  if (n === 0) return null
  const { value, low, high, level, clusters } = clusterRate(countsOf(found, n))
  return { value, low, high, level, n, clusters }
}

function countsOf(found: number, n: number): RecallCounts {
  const counts: RecallCounts = [
    [0, 1, n - found],
    [1, 1, found],
  ]
  return counts.filter(([, , times]) => times > 0)
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value)
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
