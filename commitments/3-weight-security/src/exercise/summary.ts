import { wilson } from '@avouch/core/stats'
import type { Outcome } from './exercise.ts'

const LEVEL = 0.95

/** A recall with Wilson's interval; `n` repetitions, each in a company of its own. */
export type Recall = { value: number; low: number; high: number; level: number; n: number }

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
  /** Of those executed, found before half of the model was gone. */
  beforeHalf: number
  beforeHalfRecall: Recall | null
  /** From the first planted event to the alert: median over those found, hours. */
  hours: number | null
  /** Bytes taken before the alert, or all where there was none, as a share of the model: median, lowest and highest. */
  lost: { median: number; low: number; high: number } | null
  /** The same in bytes, median. */
  bytesLost: number | null
  /** Alerts a day about nobody of the scenario, mean. */
  othersPerDay: number | null
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
    const shares = own.map(({ bytesLost, modelBytes }) => Math.min(1, bytesLost / modelBytes))
    return {
      scenario,
      alertsPerDay,
      planned,
      executed: own.length,
      errored: errors,
      found: found.length,
      recall: recallOf(found.length, own.length),
      beforeHalf: early.length,
      beforeHalfRecall: recallOf(early.length, own.length),
      hours: median(found.map(({ hours }) => hours!)),
      lost:
        shares.length > 0
          ? { median: median(shares)!, low: Math.min(...shares), high: Math.max(...shares) }
          : null,
      bytesLost: median(own.map(({ bytesLost }) => bytesLost)),
      othersPerDay:
        own.length > 0 ? own.reduce((sum, { others }) => sum + others, 0) / own.length / days : null,
    }
  }
}

function recallOf(found: number, n: number): Recall | null {
  if (n === 0) return null
  const { value, low, high } = wilson(found, n, LEVEL)
  return { value, low, high, level: LEVEL, n }
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
