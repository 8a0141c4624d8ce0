import { defineEvidence } from '@avouch/core/evidence'
import { z } from 'zod'

const count = z.int().nonnegative()
const name = z.string().min(1).max(100)
const share = z.number().min(0).max(1)

const plan = {
  exercise: z.uuid(),
  /** The detector's rules, and those by which the company and its days are made up. */
  method: name,
  generator: name,
  scenarios: z.array(name).min(1).max(50),
  /** Scenarios that there are and that are not planted; missing in exercises before this was asked. */
  leftOut: z.array(name).max(50).optional(),
  repetitions: count,
  people: count,
  days: count,
  /** Budgets of alerts a day. */
  alertsPerDay: z.array(z.number().positive()).min(1).max(10),
  /** Everything that is made up follows from it. */
  seed: z.string().min(1).max(100),
}

/** Logged before an exercise begins, so that none that came out badly can be left away. */
export const exercisePlan = defineEvidence('weight-security/exercise-plan/v1', {
  title: 'Exercise planned',
  schema: z.object(plan),
  open: [
    'exercise',
    'method',
    'generator',
    'scenarios',
    'leftOut',
    'repetitions',
    'people',
    'days',
    'alertsPerDay',
    'seed',
  ],
})
export type ExercisePlan = z.infer<typeof exercisePlan.schema>

const recall = z.object({ value: share, low: share, high: share, level: share, n: count, clusters: count })
/** `[found, of, times]`: each company is a cluster of one theft. */
const counts = z.array(z.tuple([count, count, count])).max(2)

const row = z.object({
  /** A scenario, or `all`. */
  scenario: name,
  alertsPerDay: z.number().positive(),
  planned: count,
  executed: count,
  errored: count,
  found: count,
  recall: recall.nullable(),
  recallCounts: counts,
  beforeHalf: count,
  beforeHalfRecall: recall.nullable(),
  beforeHalfCounts: counts,
  hours: z.number().nonnegative().nullable(),
  seconds: z.number().nonnegative().nullable(),
  lost: z.object({ median: share, low: share, high: share }).nullable(),
  bytesLost: z.number().nonnegative().nullable(),
  othersPerDay: z.number().nonnegative().nullable(),
  chance: share.nullable(),
})

/**
 * What came of an exercise: planted thefts among everyday work, all of it made up; how many were found at each budget of
 * alerts, when, and how much was gone by then. It speaks of the detector, not of the company's own people or logs.
 */
export const exerciseResult = defineEvidence('weight-security/exercise/v1', {
  title: 'Exercise of insider-threat detection',
  schema: z.object({
    ...plan,
    /** Id of the plan's evidence. */
    plan: z.uuid(),
    /** `abandoned`: stopped before all that was planned was executed. */
    state: z.enum(['completed', 'abandoned']),
    rows: z.array(row).max(510),
  }),
  open: ['exercise', 'plan', 'method', 'state', 'alertsPerDay'],
  each: ['rows'],
})
