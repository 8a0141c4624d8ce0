import { setImmediate } from 'node:timers/promises'
import { AvouchError } from '@avouch/core/errors'
import { uuidv7 } from '@avouch/core/evidence'
import type { Installation } from '@avouch/core/installation'
import { METHOD } from '../detection/method.ts'
import { type ExercisePlan, exercisePlan, exerciseResult } from './evidence.ts'
import { exercise, loadScenarios, type Outcome } from './exercise.ts'
import type { Scenario } from './scenario.ts'
import { type Row, summarise } from './summary.ts'

/** The rules by which companies and their days are made up; raised when the same seed would give others. */
export const GENERATOR = 'company/v2'
const START = Date.UTC(2026, 0, 5)

/** What is asked of an exercise. */
export type ExerciseOptions = {
  seed: string
  people: number
  days: number
  repetitions: number
  /** Names; undefined for all. */
  scenarios: string[] | undefined
  alertsPerDay: number[]
}

export type ExerciseRun = {
  exercise: string
  /** Ids of the evidence of plan and result. */
  plan: string
  result: string
  state: 'completed' | 'abandoned'
  rows: Row[]
}

/**
 * Runs an exercise: logs the plan, plants each scenario in so many made-up companies, and records what came of it,
 * whatever it is. Stopped by `signal`, it records what was executed until then. Throws `usage` for an unknown scenario.
 */
export async function runExercise(
  installation: Installation,
  options: ExerciseOptions,
  given: { signal: AbortSignal; onProgress(done: number, total: number, scenario: string): void },
): Promise<ExerciseRun> {
  const all = await loadScenarios()
  const scenarios = chosenScenarios(all, options.scenarios)
  const plan: ExercisePlan = {
    exercise: uuidv7(installation.now()),
    method: METHOD,
    generator: GENERATOR,
    scenarios: scenarios.map(({ name }) => name),
    leftOut: all.filter((one) => !scenarios.includes(one)).map(({ name }) => name),
    repetitions: options.repetitions,
    people: options.people,
    days: options.days,
    alertsPerDay: options.alertsPerDay,
    seed: options.seed,
  }
  const planned = await installation.evidence.append({ type: exercisePlan, fields: plan, about: {} })
  const outcomes: Outcome[] = []
  const errored = new Map<string, number>()
  const total = scenarios.length * options.repetitions
  let done = 0
  for (let repetition = 0; repetition < options.repetitions; repetition++)
    for (const scenario of scenarios) {
      if (given.signal.aborted) break
      given.onProgress(done++, total, scenario.name)
      const company = {
        seed: `${options.seed}/${repetition}/${scenario.name}`,
        start: START,
        days: options.days,
        people: options.people,
      }
      try {
        outcomes.push(...exercise(scenario, company, options.alertsPerDay))
      } catch (error) {
        installation.log.error(
          { err: error, scenario: scenario.name, repetition },
          'a planted scenario could not be run',
        )
        errored.set(scenario.name, (errored.get(scenario.name) ?? 0) + 1)
      }
      // lets signals and the sealer have their turn
      await setImmediate()
    }
  given.onProgress(done, total, '')
  const state = done === total ? 'completed' : 'abandoned'
  const rows = summarise(outcomes, { ...plan, budgets: plan.alertsPerDay }, errored)
  const result = await installation.evidence.append({
    type: exerciseResult,
    fields: { ...plan, plan: planned.id, state, rows },
    about: {},
  })
  return { exercise: plan.exercise, plan: planned.id, result: result.id, state, rows }
}

function chosenScenarios(all: Scenario[], names: string[] | undefined): Scenario[] {
  if (!names) return all
  return names.map((name) => {
    const scenario = all.find((one) => one.name === name)
    if (scenario) return scenario
    throw new AvouchError('usage', `there is no scenario "${name}"`, {
      where: '--scenario',
      fix: `There are ${all.map((one) => one.name).join(', ')}.`,
    })
  })
}
