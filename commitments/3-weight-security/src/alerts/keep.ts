import { uuidv7 } from '@avouch/core/evidence'
import type { Installation } from '@avouch/core/installation'
import { baitInPlace } from '../bait/bait.ts'
import { type Detection, Watch } from '../detection/detect.ts'
import { METHOD } from '../detection/method.ts'
import type { PersonnelEvent } from '../event.ts'
import { eventsOf, type Faults } from '../intake/event-file.ts'
import { digestOfFile } from '../intake/file-digest.ts'
import { personnelOf } from '../intake/personnel-file.ts'
import { keyOf, type RaisedAlert } from './alert.ts'
import { detectorRun } from './evidence.ts'
import { outcomesOf, precisionOf } from './precision.ts'
import {
  type Held,
  heldAlerts,
  insertAlerts,
  insertRun,
  judgedAlerts,
  lockRuns,
  saveCoverage,
} from './store.ts'
import { Trace } from './timeline.ts'

/** A run of the detector whose alerts were kept. */
export type KeptRun = {
  run: string
  evidence: string
  detection: Detection
  malformed: Faults
  personnel: { read: number; malformed: Faults }
  alerts: RaisedAlert[]
  /** Ids of those that no earlier run had raised. */
  fresh: string[]
}

/** What a run was given and came to, before it is kept. */
export type RunToKeep = {
  source: 'file' | 'live'
  eventsDigest: string | null
  personnelDigest: string | null
  alertsPerDay: number
  detection: Detection
  malformed: number
  personnelEvents: number
  bait: number
  alerts: readonly RaisedAlert[]
  /** Which alerts are news beside those that are held; default: all that are not among them. */
  news?: (alerts: readonly RaisedAlert[], held: readonly Held[]) => RaisedAlert[]
}

/**
 * Runs the detector over a file of events, keeps its alerts and what everybody has read, and records the run, all in one
 * transaction. The same file twice keeps its alerts once. Throws `input` where a file cannot be read.
 */
export async function runOverFile(
  installation: Installation,
  given: {
    events: string
    personnel?: string
    alertsPerDay: number
    /** Segments of models whose size is known. */
    sizes?: ReadonlyMap<string, { segments: number }>
    signal?: AbortSignal
  },
): Promise<KeptRun> {
  const { events, alertsPerDay, signal } = given
  const malformed: Faults = { count: 0, first: [] }
  const news = { malformed: { count: 0, first: [] } as Faults, events: [] as PersonnelEvent[] }
  if (given.personnel !== undefined) news.events = await personnelOf(given.personnel, news.malformed, signal)
  const bait = await baitInPlace(installation)
  const eventsDigest = events === '-' ? null : await digestOfFile(events, signal)
  const personnelDigest =
    given.personnel === undefined || given.personnel === '-'
      ? null
      : await digestOfFile(given.personnel, signal)
  const { watch, alerts } = tracedWatch({
    ...{ alertsPerDay, personnel: news.events, bait },
    ...(given.sizes && { sizes: given.sizes }),
  })
  for await (const batch of eventsOf(events, malformed, signal)) for (const event of batch) watch.add(event)
  const detection = watch.end()
  const kept = await keepRun(installation, {
    ...{ source: 'file', eventsDigest, personnelDigest, alertsPerDay, detection, alerts },
    malformed: malformed.count,
    personnelEvents: news.events.length,
    bait: bait.size,
  })
  const personnel = { read: news.events.length + news.malformed.count, malformed: news.malformed }
  return { ...kept, detection, malformed, personnel, alerts }
}

/** A watch whose alerts carry what they are made of and what the people they are about did around them. */
export function tracedWatch(options: Omit<ConstructorParameters<typeof Watch>[0], 'raised' | 'judged'>): {
  watch: Watch
  alerts: RaisedAlert[]
} {
  const trace = new Trace()
  const alerts: RaisedAlert[] = []
  const watch = new Watch({
    ...options,
    judged: (event) => trace.add(event),
    raised: (alert, { reasons }) =>
      alerts.push({
        ...alert,
        groups: [...new Set(reasons.map(({ group }) => group as string))],
        timeline: trace.of(alert.people, Date.parse(alert.window.from), Date.parse(alert.time)),
      }),
  })
  return { watch, alerts }
}

/** Keeps a run: its evidence, its alerts that are new, and what everybody has read, in one transaction. */
export async function keepRun(
  installation: Installation,
  given: RunToKeep,
): Promise<{ run: string; evidence: string; fresh: string[] }> {
  const { source, alertsPerDay, detection, alerts } = given
  const now = installation.now()
  const run = uuidv7(now)
  const { repeated, late, future } = detection.rejected
  const judged = detection.events - repeated - late - future
  const kept = await installation.db.kysely.transaction().execute(async (tx) => {
    await lockRuns(tx)
    const held = await heldAlerts(tx, earliestOf(alerts))
    const known = new Set(held.map(({ key }) => key.toString('hex')))
    const unknown = alerts.filter((alert) => !known.has(keyOf(alert).toString('hex')))
    const fresh = given.news ? given.news(unknown, held) : unknown
    const before = await judgedAlerts(tx)
    const { precision, counts } = precisionOf(before.judged)
    const { id: evidence } = await installation.evidence.accept(tx, {
      type: detectorRun,
      about: {},
      fields: {
        ...{ run, method: METHOD, source, alertsPerDay, bait: given.bait, precision },
        eventsDigest: given.eventsDigest,
        personnelDigest: given.personnelDigest,
        events: { read: detection.events + given.malformed, judged },
        rejected: { malformed: given.malformed, repeated, late, future },
        personnelEvents: given.personnelEvents,
        people: detection.people,
        models: detection.models,
        from: momentOf(detection.from)?.toISOString() ?? null,
        to: momentOf(detection.to)?.toISOString() ?? null,
        alerts: alerts.length,
        newAlerts: fresh.length,
        outcomes: outcomesOf(before.judged, before.unclosed),
        precisionCounts: counts.slice(0, 10_000),
      },
    })
    await insertRun(tx, {
      ...{ id: run, source, method: METHOD, alertsPerDay, judged, evidence, madeAt: now },
      digest: given.eventsDigest ?? undefined,
      from: momentOf(detection.from),
      to: momentOf(detection.to),
    })
    const ids = await insertAlerts(
      tx,
      run,
      fresh.map((alert) => ({ ...alert, id: uuidv7(now) })),
      now,
    )
    const asOf = momentOf(detection.to)
    if (asOf)
      await saveCoverage(
        tx,
        run,
        detection.coverage.map((one) => ({ ...one, asOf })),
      )
    return { evidence, fresh: ids }
  })
  await installation.evidence.logged([kept.evidence])
  return { run, ...kept }
}

/** Before this none of them was raised, nor anything they could repeat. */
function earliestOf(alerts: readonly RaisedAlert[]): Date {
  const first = alerts.reduce(
    (least, { time }) => Math.min(least, Date.parse(time)),
    Number.POSITIVE_INFINITY,
  )
  return new Date(Number.isFinite(first) ? first - 15 * 86_400_000 : 0)
}

function momentOf(at: number | undefined): Date | undefined {
  return at === undefined ? undefined : new Date(at)
}
