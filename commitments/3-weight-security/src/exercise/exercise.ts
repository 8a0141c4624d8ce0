import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Covered, countOf } from '../detection/covered.ts'
import { detectAtBudgets } from '../detection/detect.ts'
import { type CompanyOptions, DAY, makeCompany } from './company.ts'
import { everyday } from './everyday.ts'
import type { Planted, Scenario } from './scenario.ts'

const FOLDER = new URL('./scenarios/', import.meta.url)
/** An alert that comes later than this after the last planted event finds nothing any more. */
const GRACE = 14 * DAY

/** What became of one planted scenario at one budget of alerts. */
export type Outcome = {
  scenario: string
  seed: string
  alertsPerDay: number
  found: boolean
  /** Hours from the first planted event to the first alert about its people, where found. */
  hours: number | null
  /** Distinct bytes of the model that were taken before that alert, or all of them. */
  bytesLost: number
  /** Distinct bytes the scenario takes in all, and the model's size. */
  bytesInAll: number
  modelBytes: number
  /** Alerts in all, and those about nobody of the scenario. */
  alerts: number
  others: number
  /** Share of colleagues who planted nothing and were alerted about in the same days: what finding by chance would come to. */
  chance: number
}

/** Every scenario of the folder, in the order of their names. */
export async function loadScenarios(): Promise<Scenario[]> {
  const files = (await readdir(fileURLToPath(FOLDER)))
    .filter((name) => /^[a-z-]+\.(ts|js)$/.test(name))
    .sort()
  return Promise.all(
    files.map(async (name) => ((await import(new URL(name, FOLDER).href)) as { default: Scenario }).default),
  )
}

/** Plants a scenario in a company's ordinary days and sees what the detector makes of it, at each budget. */
export function exercise(scenario: Scenario, options: CompanyOptions, budgets: readonly number[]): Outcome[] {
  const company = makeCompany(options)
  const usual = everyday(company)
  const planted = scenario.plant(company, usual)
  const events = [...usual.events, ...planted.events]
    .map((event) => ({ ...event, at: Date.parse(event.time) }))
    .sort((a, b) => a.at - b.at)
  const personnel = [...usual.personnel, ...planted.personnel]
  const model = company.models.find(({ name }) => name === planted.model)!
  const inAll = bytesOf(planted, company.models, Number.POSITIVE_INFINITY)
  return [...detectAtBudgets(events, { budgets, personnel })].map(([alertsPerDay, alerts]) => {
    const about = ({ people }: { people: string[] }): boolean =>
      people.slice(0, 2).some((person) => planted.people.includes(person))
    const hit = alerts.find((alert) => {
      const at = Date.parse(alert.time)
      return at >= planted.start && at <= planted.end + GRACE && about(alert)
    })
    const inTime = alerts.filter(({ time }) => {
      const at = Date.parse(time)
      return at >= planted.start && at <= planted.end + GRACE
    })
    const until = hit ? Date.parse(hit.time) : Number.POSITIVE_INFINITY
    return {
      scenario: scenario.name,
      seed: options.seed,
      alertsPerDay,
      found: hit !== undefined,
      hours: hit ? (until - planted.start) / 3_600_000 : null,
      bytesLost: hit ? bytesOf(planted, company.models, until) : inAll,
      bytesInAll: inAll,
      modelBytes: model.segments * model.segmentBytes,
      alerts: alerts.length,
      others: alerts.filter((alert) => !about(alert)).length,
      chance: chanceOf(
        company.members.map(({ person }) => person),
        planted.people,
        inTime,
      ),
    }
  })
}

/** How likely an alert in these days is about at least one of as many colleagues as the scenario has people. */
function chanceOf(
  all: readonly string[],
  planted: readonly string[],
  alerts: readonly { people: string[] }[],
): number {
  const innocent = all.filter((person) => person.startsWith('person') && !planted.includes(person))
  const told = new Set(alerts.flatMap(({ people }) => people.slice(0, 2)))
  const share = innocent.filter((person) => told.has(person)).length / Math.max(1, innocent.length)
  return 1 - (1 - share) ** planted.length
}

/** Distinct bytes of the model that the planted events took before a moment. */
function bytesOf(
  planted: Planted,
  models: { name: string; segments: number; segmentBytes: number }[],
  until: number,
): number {
  const covered = new Map<string, Covered>()
  for (const { model, segments, time } of planted.events) {
    if (model === undefined || !segments || Date.parse(time) >= until) continue
    const of = covered.get(model) ?? new Covered()
    covered.set(model, of)
    of.mark(segments[0], segments[1], 1)
  }
  let bytes = 0
  for (const { name, segments, segmentBytes } of models) {
    const of = covered.get(name)
    if (of) bytes += countOf(of.places(segments, 1)) * of.each * segmentBytes
  }
  return bytes
}
