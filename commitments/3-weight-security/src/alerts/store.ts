import type { Database, Tx } from '@avouch/core/db'
import { sql } from 'kysely'
import {
  type AlertAct,
  type AlertOutcome,
  type AlertState,
  type KeptAlert,
  keyOf,
  type RaisedAlert,
} from './alert.ts'
import type { Judged } from './precision.ts'
import type { Step } from './timeline.ts'
import { timelineOf } from './timeline.ts'

/** A run of the detector that was kept. */
export type DetectorRun = {
  id: string
  source: 'file' | 'live'
  /** SHA-256 (hex) of the file of events. */
  digest: string | undefined
  method: string
  alertsPerDay: number
  from: Date | undefined
  to: Date | undefined
  judged: number
  evidence: string
  madeAt: Date
}

export async function insertRun(tx: Tx, run: DetectorRun): Promise<void> {
  await sql`insert into weight_security.detector_run
    (id, source, digest, method, alerts_per_day, from_at, to_at, judged, evidence, made_at)
    values (${run.id}, ${run.source}, ${run.digest === undefined ? null : Buffer.from(run.digest, 'hex')},
      ${run.method}, ${run.alertsPerDay}, ${run.from ?? null}, ${run.to ?? null}, ${run.judged}, ${run.evidence},
      ${run.madeAt})`.execute(tx)
}

/** Keeps alerts that are not kept already; returns the ids of those that are new. */
export async function insertAlerts(
  tx: Tx,
  run: string,
  alerts: readonly (RaisedAlert & { id: string })[],
  keptAt: Date,
): Promise<string[]> {
  const ids: string[] = []
  for (const alert of alerts) {
    const timeline = JSON.stringify(timelineOf(alert.timeline))
    const found = await sql<{ id: string }>`insert into weight_security.alert
      (id, run, key, raised_at, person, people, model, score, groups, reasons, window_from, window_to, timeline,
        state, kept_at)
      values (${alert.id}, ${run}, ${keyOf(alert)}, ${alert.time}, ${alert.person}, ${alert.people}, ${alert.model},
        ${alert.score}, ${alert.groups}, ${alert.reasons}, ${alert.window.from}, ${alert.window.to},
        ${timeline}, 'open', ${keptAt})
      on conflict (key) do nothing returning id`.execute(tx)
    ids.push(...found.rows.map((row) => row.id))
  }
  return ids
}

type AlertRow = {
  id: string
  run: string
  run_evidence: string
  raised_at: Date
  person: string
  people: string[]
  model: string | null
  score: number
  groups: string[]
  reasons: string[]
  window_from: Date
  window_to: Date
  timeline: Step[]
  state: AlertState
  outcome: AlertOutcome | null
  acknowledged_at: Date | null
  closed_at: Date | null
  evidence: string | null
  kept_at: Date
}

const ALERTS = sql`select alert.*, detector_run.evidence as run_evidence from weight_security.alert
  join weight_security.detector_run on detector_run.id = alert.run`

/** Alerts, those that nobody looked at first and the highest scores first among them. */
export async function listAlerts(
  db: Database,
  filter: { state?: AlertState; person?: string; limit: number; offset?: number },
): Promise<KeptAlert[]> {
  const { state = null, person = null, limit, offset = 0 } = filter
  const found = await sql<AlertRow>`${ALERTS}
    where (${state}::text is null or state = ${state})
      and (${person}::text is null or ${person} = any(people))
    order by case state when 'escalated' then 0 when 'open' then 1 when 'acknowledged' then 2 else 3 end,
      score desc, raised_at, alert.id
    limit ${limit} offset ${offset}`.execute(db.kysely)
  return found.rows.map(toAlert)
}

export async function findAlert(db: Database, id: string): Promise<KeptAlert | undefined> {
  const found = await sql<AlertRow>`${ALERTS} where alert.id = ${id}`.execute(db.kysely)
  return found.rows.map(toAlert)[0]
}

/** The alert, which nobody else can change until the transaction ends. */
export async function lockAlert(tx: Tx, id: string): Promise<KeptAlert | undefined> {
  const found = await sql<AlertRow>`${ALERTS} where alert.id = ${id} for update of alert`.execute(tx)
  return found.rows.map(toAlert)[0]
}

export async function updateAlert(
  tx: Tx,
  id: string,
  change: {
    state: AlertState
    outcome?: AlertOutcome
    acknowledgedAt?: Date
    closedAt?: Date
    evidence?: string
  },
): Promise<void> {
  await sql`update weight_security.alert set state = ${change.state}, outcome = ${change.outcome ?? null},
    acknowledged_at = coalesce(acknowledged_at, ${change.acknowledgedAt ?? null}),
    closed_at = ${change.closedAt ?? null}, evidence = ${change.evidence ?? null} where id = ${id}`.execute(
    tx,
  )
}

export async function insertAct(tx: Tx, alert: string, act: AlertAct): Promise<void> {
  await sql`insert into weight_security.alert_act (alert, number, act, by, words, at)
    select ${alert}, coalesce(max(number), 0) + 1, ${act.act}, ${act.by}, ${act.words ?? null}, ${act.at}
    from weight_security.alert_act where alert = ${alert}`.execute(tx)
}

/** What was done about an alert, in order. */
export async function listActs(db: Database, alert: string): Promise<AlertAct[]> {
  const found = await sql<{ act: AlertAct['act']; by: string; words: string | null; at: Date }>`
    select act, by, words, at from weight_security.alert_act where alert = ${alert} order by number`.execute(
    db.kysely,
  )
  return found.rows.map(({ act, by, words, at }) => ({ act, by, words: words ?? undefined, at }))
}

/** Closed alerts as they are counted, and how many are not closed. */
export async function judgedAlerts(on: Database['kysely']): Promise<{ judged: Judged[]; unclosed: number }> {
  const closed = await sql<Judged>`select person, outcome from weight_security.alert
    where outcome is not null order by person, id`.execute(on)
  const open = await sql<{ count: number }>`select count(*)::int as count from weight_security.alert
    where outcome is null`.execute(on)
  return { judged: closed.rows, unclosed: open.rows[0]?.count ?? 0 }
}

/** What of a kept alert tells whether another is news. */
export type Held = { key: Buffer; person: string; at: Date; score: number; groups: string[] }

/** Kept alerts that were raised from a moment on. */
export async function heldAlerts(tx: Tx, from: Date): Promise<Held[]> {
  const found = await sql<Held>`select key, person, raised_at as at, score, groups from weight_security.alert
    where raised_at >= ${from} order by raised_at, id`.execute(tx)
  return found.rows
}

/** One run is kept at a time, so that two over the same file keep no alert twice. */
export async function lockRuns(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('weight_security.detector_run'))`.execute(tx)
}

/** What share of a model somebody has read in 90 days. */
export type Coverage = { model: string; person: string; share: number; asOf: Date }

/** Keeps what was read as of a run, where nothing newer is known. */
export async function saveCoverage(tx: Tx, run: string, coverage: readonly Coverage[]): Promise<void> {
  if (coverage.length === 0) return
  const rows = JSON.stringify(
    coverage.map(({ model, person, share, asOf }) => ({ model, person, share, as_of: asOf.toISOString() })),
  )
  await sql`insert into weight_security.coverage (model, person, run, share, as_of)
    select model, person, ${run}::uuid, share, as_of
    from jsonb_to_recordset(${rows}::jsonb) as given (model text, person text, share real, as_of timestamptz)
    on conflict (model, person) do update set run = excluded.run, share = excluded.share, as_of = excluded.as_of
    where coverage.as_of <= excluded.as_of`.execute(tx)
}

/** Who has read how much, the most first. */
export async function listCoverage(
  db: Database,
  filter: { model?: string; person?: string; limit: number },
): Promise<Coverage[]> {
  const { model = null, person = null, limit } = filter
  const found = await sql<{ model: string; person: string; share: number; as_of: Date }>`
    select model, person, share, as_of from weight_security.coverage
    where (${model}::text is null or model = ${model}) and (${person}::text is null or person = ${person})
    order by share desc, model, person limit ${limit}`.execute(db.kysely)
  return found.rows.map(({ as_of: asOf, ...row }) => ({ ...row, asOf }))
}

/** The newest runs first. */
export async function listRuns(
  db: Database,
  limit: number,
  source: DetectorRun['source'] | null = null,
): Promise<DetectorRun[]> {
  const found = await sql<{
    id: string
    source: 'file' | 'live'
    digest: Buffer | null
    method: string
    alerts_per_day: number
    from_at: Date | null
    to_at: Date | null
    judged: number
    evidence: string
    made_at: Date
  }>`select * from weight_security.detector_run
    where ${source}::text is null or source = ${source} order by made_at desc, id desc limit ${limit}`.execute(
    db.kysely,
  )
  return found.rows.map((row) => ({
    id: row.id,
    source: row.source,
    digest: row.digest?.toString('hex'),
    method: row.method,
    alertsPerDay: row.alerts_per_day,
    from: row.from_at ?? undefined,
    to: row.to_at ?? undefined,
    judged: row.judged,
    evidence: row.evidence,
    madeAt: row.made_at,
  }))
}

function toAlert(row: AlertRow): KeptAlert {
  return {
    id: row.id,
    run: row.run,
    runEvidence: row.run_evidence,
    time: row.raised_at.toISOString(),
    person: row.person,
    people: row.people,
    model: row.model,
    score: row.score,
    groups: row.groups,
    timeline: row.timeline,
    reasons: row.reasons,
    window: { from: row.window_from.toISOString(), to: row.window_to.toISOString() },
    state: row.state,
    outcome: row.outcome ?? undefined,
    acknowledgedAt: row.acknowledged_at ?? undefined,
    closedAt: row.closed_at ?? undefined,
    evidence: row.evidence ?? undefined,
    keptAt: row.kept_at,
  }
}
