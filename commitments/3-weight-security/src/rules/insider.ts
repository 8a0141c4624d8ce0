import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Answer, RuleContext } from '@avouch/core/obligation'
import { counted } from '@avouch/core/words'

// written out, so that listing obligations loads no schema
const BASE = 'https://avouch.dev/evidence/weight-security/'
export const DETECTOR_RUN = `${BASE}detector-run/v1`
export const EXERCISE = `${BASE}exercise/v1`
export const EXERCISE_PLAN = `${BASE}exercise-plan/v1`
export const COMPARISON = `${BASE}comparison/v1`

const DAY = 86_400_000
/** A programme runs where its detector did within so many days, on events that were no older then. */
const RUN_DAYS = 30
/** It is tested where the detector in use was exercised within so many days. */
const EXERCISE_DAYS = 365

/**
 * 3.3: the detector ran of late over recent events, the very rules in use were exercised with planted thefts of every
 * kind there is and their recall is stated, whatever it is, beside the lowest of the year, and a person signed that the
 * programme is at least that for the most valuable secrets.
 */
export function insider(context: RuleContext): Answer {
  const runs = context.evidence(DETECTOR_RUN)
  const exercises = context.evidence(EXERCISE)
  const comparison = context.evidence(COMPARISON).at(-1)
  const run = runs.at(-1)
  const evidence = [run, exercises.at(-1), comparison].flatMap((record) => (record ? [record.id] : []))
  if (!run && exercises.length === 0)
    return {
      status: 'missing',
      why: 'The detector for insiders never ran over events, and was never exercised.',
      evidence,
    }
  const open: string[] = []
  const told: string[] = []
  if (!run) open.push('the detector never ran over events')
  else {
    const { moment } = context
    if (moment.getTime() - run.recordedAt.getTime() > RUN_DAYS * DAY)
      open.push(`the detector has not run since ${date(run.recordedAt)}`)
    else if (!(dateOf(run.fields.to) >= run.recordedAt.getTime() - RUN_DAYS * DAY))
      open.push('the events of its newest run are older than a month, or none')
    told.push(runInWords(run))
  }
  const method = run?.fields.method ?? exercises.at(-1)?.fields.method
  const exercise = exercises.findLast(
    ({ fields }) =>
      fields.state === 'completed' && fields.method === method && recallOf(fields) !== undefined,
  )
  if (!exercise) open.push('the detector in use was not exercised to the end')
  else {
    if (context.moment.getTime() - exercise.recordedAt.getTime() > EXERCISE_DAYS * DAY)
      open.push(`it was last exercised on ${date(exercise.recordedAt)}`)
    const left = leftOutInWords(exercise)
    if (left !== undefined) open.push(left)
    told.push(`${recallInWords(exercise)}${othersInWords(context, exercise, exercises)}`)
  }
  if (!comparison) open.push('nobody has compared it with the programme for the most valuable other secrets')
  else if (comparison.fields.atLeast !== true) open.push('it is less than that for other secrets')
  else if (!context.signedByPerson(comparison))
    open.push('that it is at least that for other secrets is somebody’s word, which no person signed')
  else told.push('A person signed that it is at least that for other secrets')
  const ids = [...new Set([...evidence, ...(exercise ? [exercise.id] : [])])]
  const why = told.map((one) => `${one}.`).join(' ')
  return open.length === 0
    ? { status: 'met', why, evidence: ids }
    : { status: 'partly', why: `Not yet: ${open.join('; ')}. ${why}`.trim(), evidence: ids }
}

type Recall = {
  value: number
  low: number
  high: number
  n: number
  alertsPerDay: number
  chance: number | undefined
}

/** Recall over all scenarios, at the smallest budget that was tried. */
function recallOf(fields: EvidenceRecord['fields']): Recall | undefined {
  if (!Array.isArray(fields.rows)) return undefined
  const all = fields.rows.filter(
    (
      row,
    ): row is { alertsPerDay: number; chance: unknown; recall: Omit<Recall, 'alertsPerDay' | 'chance'> } =>
      isObject(row) && row.scenario === 'all' && typeof row.alertsPerDay === 'number' && isObject(row.recall),
  )
  const least = all.sort((a, b) => a.alertsPerDay - b.alertsPerDay)[0]
  if (!least) return undefined
  const { recall, alertsPerDay, chance } = least
  return { ...recall, alertsPerDay, chance: typeof chance === 'number' ? chance : undefined }
}

function recallInWords({ fields, recordedAt }: EvidenceRecord): string {
  const { value, low, high, n, alertsPerDay, chance } = recallOf(fields)!
  const byChance = chance === undefined ? '' : `, where ${percent(chance)} would be by chance`
  return `In the exercise of ${date(recordedAt)}, ${percent(value)} [${percent(low)}, ${percent(high)}] of ${n} planted thefts were found at ${alertsPerDay} ${alertsPerDay === 1 ? 'alert' : 'alerts'} a day${byChance}`
}

/** An exercise of chosen kinds of theft tells nothing of the others. */
function leftOutInWords({ fields }: EvidenceRecord): string | undefined {
  const { leftOut } = fields
  if (!Array.isArray(leftOut)) return 'its newest exercise does not say which kinds of theft it left out'
  if (leftOut.length === 0) return undefined
  return `its newest exercise left out ${leftOut.length} ${leftOut.length === 1 ? 'kind' : 'kinds'} of theft`
}

/** Exercises may be repeated until one comes out well: how many were planned in the year before, and the worst of them. */
function othersInWords(
  { evidence }: RuleContext,
  exercise: EvidenceRecord,
  exercises: readonly EvidenceRecord[],
): string {
  const { method } = exercise.fields
  const inYear = ({ fields, recordedAt }: EvidenceRecord): boolean =>
    fields.method === method &&
    recordedAt <= exercise.recordedAt &&
    exercise.recordedAt.getTime() - recordedAt.getTime() <= EXERCISE_DAYS * DAY
  const planned = evidence(EXERCISE_PLAN).filter(inYear).length
  if (planned < 2) return ''
  const recalls = exercises.filter(inYear).flatMap(({ fields }) => recallOf(fields)?.value ?? [])
  return `; it is the newest of ${planned} planned within a year, and the least that any of them found is ${percent(Math.min(...recalls))}`
}

function runInWords({ fields, recordedAt }: EvidenceRecord): string {
  const { events, outcomes } = fields
  const judged =
    isObject(events) && typeof events.judged === 'number' ? counted(events.judged, 'event') : 'events'
  const unclosed =
    isObject(outcomes) && typeof outcomes.unclosed === 'number' && outcomes.unclosed > 0
      ? `; ${counted(outcomes.unclosed, 'alert')} had not been looked into by then`
      : ''
  return `The detector last ran on ${date(recordedAt)} over ${judged}${unclosed}`
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}

function date(at: Date): string {
  return at.toISOString().slice(0, 10)
}

function dateOf(value: unknown): number {
  return typeof value === 'string' ? Date.parse(value) : Number.NaN
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
