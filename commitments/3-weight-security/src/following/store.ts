import type { Database, Tx } from '@avouch/core/db'
import { sql } from 'kysely'
import type { Timed } from '../detection/ordered.ts'
import type { Action, PersonnelEvent } from '../event.ts'
import type { Mapping } from '../taking/mapping.ts'
import { shortName } from '../taking/people.ts'
import { segmentsOf } from '../taking/places.ts'
import type { TakenEvent, TakenPersonnel, Told } from '../taking/resolve.ts'
import type { Sessions } from '../taking/sessions.ts'

const PAGE = 5000

/** Whose rows these are: the kind of log, the SHA-256 (hex) of the mapping, and when they were taken. */
export type Origin = { source: string; mapping: string; now: Date }

/** One round at a time: what is new is told from what is repeated. */
export async function lockFollowing(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('weight_security.taken_event'))`.execute(tx)
}

/**
 * Keeps events; those that are there already take the names of another mapping. Returns those
 * that were not there already under this one.
 */
export async function insertTaken(
  tx: Tx,
  { source, mapping, now }: Origin,
  events: readonly TakenEvent[],
): Promise<TakenEvent[]> {
  if (events.length === 0) return []
  const rows = events.map(({ id, at, event, told, within, encryption, unmapped, workload }) => ({
    ...{ event_id: id, at: new Date(at).toISOString(), told, encryption, unmapped, workload },
    ...{ person: event.person, role: event.role, team: event.team, host: event.host, sink: event.sink },
    ...{ environment: event.environment, action: event.action, model: event.model, outcome: event.outcome },
    ...{ bytes: event.bytes, first_segment: event.segments?.[0], last_segment: event.segments?.[1] },
    ...{ object_first: within?.[0], object_last: within?.[1] },
  }))
  const kept = await sql<{ event_id: string }>`
    insert into weight_security.taken_event (source, event_id, at, person, role, team, host, environment, action, model,
      first_segment, last_segment, bytes, sink, outcome, told, object_first, object_last, encryption, unmapped, workload,
      mapping, taken_at)
    select ${source}, event_id, at, person, role, team, host, environment, action, model, first_segment, last_segment,
      bytes, sink, outcome, told, object_first, object_last, encryption, unmapped, workload,
      ${Buffer.from(mapping, 'hex')}, ${now}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as given (event_id text, at timestamptz, person text,
      role text, team text, host text, environment text, action text, model text, first_segment bigint,
      last_segment bigint, bytes bigint, sink text, outcome text, told text, object_first bigint, object_last bigint,
      encryption text, unmapped boolean, workload boolean)
    on conflict (source, event_id) do update set person = excluded.person, role = excluded.role, team = excluded.team,
      environment = excluded.environment, action = excluded.action, model = excluded.model, sink = excluded.sink,
      first_segment = excluded.first_segment, last_segment = excluded.last_segment, told = excluded.told,
      object_first = excluded.object_first, object_last = excluded.object_last, unmapped = excluded.unmapped,
      workload = excluded.workload, mapping = excluded.mapping, taken_at = excluded.taken_at
    where taken_event.mapping <> excluded.mapping
    returning event_id`.execute(tx)
  const ids = new Set(kept.rows.map(({ event_id }) => event_id))
  return events.filter(({ id }) => ids.has(id))
}

/** The same for news of people; returns how many. */
export async function insertPersonnel(
  tx: Tx,
  { source, mapping, now }: Origin,
  news: readonly TakenPersonnel[],
): Promise<number> {
  if (news.length === 0) return 0
  const rows = news.map(({ id, at, event }) => ({
    ...{ event_id: id, at: new Date(at).toISOString(), person: event.person, event: event.event },
    ...{ role: event.role, team: event.team },
  }))
  const kept = await sql`
    insert into weight_security.taken_personnel (source, event_id, at, person, event, role, team, mapping, taken_at)
    select ${source}, event_id, at, person, event, role, team, ${Buffer.from(mapping, 'hex')}, ${now}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as given (event_id text, at timestamptz, person text,
      event text, role text, team text)
    on conflict (source, event_id) do update set person = excluded.person, role = excluded.role, team = excluded.team,
      mapping = excluded.mapping, taken_at = excluded.taken_at
    where taken_personnel.mapping <> excluded.mapping`.execute(tx)
  return Number(kept.numAffectedRows ?? 0n)
}

export async function isFileTaken(
  db: Database,
  source: string,
  digest: string,
  mapping: string,
): Promise<boolean> {
  const found = await sql`select 1 from weight_security.taken_file where source = ${source}
    and digest = ${Buffer.from(digest, 'hex')} and mapping = ${Buffer.from(mapping, 'hex')}`.execute(
    db.kysely,
  )
  return found.rows.length > 0
}

export async function insertFile(
  tx: Tx,
  { source, mapping, now }: Origin,
  { digest, bytes }: { digest: string; bytes: number },
): Promise<void> {
  await sql`insert into weight_security.taken_file (source, digest, mapping, bytes, taken_at)
    values (${source}, ${Buffer.from(digest, 'hex')}, ${Buffer.from(mapping, 'hex')}, ${bytes}, ${now})
    on conflict do nothing`.execute(tx)
}

/** Keeps how many segments the mapped models have. */
export async function saveModels(tx: Tx, models: Mapping['models'], { mapping, now }: Origin): Promise<void> {
  for (const model of models) {
    const segments = segmentsOf(model)
    if (segments !== undefined)
      await sql`insert into weight_security.source_model (model, segments, segment_bytes, mapping, told_at)
        values (${model.model}, ${segments}, ${model.segmentBytes}, ${Buffer.from(mapping, 'hex')}, ${now})
        on conflict (model) do update set segments = excluded.segments, segment_bytes = excluded.segment_bytes,
          mapping = excluded.mapping, told_at = excluded.told_at`.execute(tx)
  }
}

/** Gives a reading back who took on which session. */
export async function restoreSessions(db: Database, source: string, sessions: Sessions): Promise<void> {
  const found = await sql<{ digest: Buffer; names: string[] }>`select digest, names
    from weight_security.taken_session where source = ${source} order by at desc limit 50000`.execute(
    db.kysely,
  )
  for (const { digest, names } of found.rows.toReversed()) sessions.restore(digest.toString('hex'), names)
}

/** Keeps new ones, and lets those go that ended long ago. */
export async function saveSessions(tx: Tx, source: string, sessions: Sessions): Promise<void> {
  const rows = sessions.takeFresh().map(({ digest, names, at }) => ({
    ...{ digest: `\\x${digest}`, names: names.map(shortName), at: new Date(at).toISOString() },
  }))
  if (rows.length === 0) return
  await sql`insert into weight_security.taken_session (source, digest, names, at)
    select ${source}, digest, names, at from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as given (digest bytea, names text[], at timestamptz)
    on conflict (source, digest) do update set names = excluded.names, at = excluded.at`.execute(tx)
  await sql`delete from weight_security.taken_session where source = ${source}
    and at < (select max(at) from weight_security.taken_session where source = ${source}) - interval '3 days'`.execute(
    tx,
  )
}

/** Lets go of everything told of before a moment; returns how many events. */
export async function forgetTaken(tx: Tx, before: Date): Promise<number> {
  await sql`delete from weight_security.taken_personnel where at < ${before}`.execute(tx)
  const gone = await sql`delete from weight_security.taken_event where at < ${before}`.execute(tx)
  return Number(gone.numAffectedRows ?? 0n)
}

/** Models whose segments a mapping told. */
export async function sourceModels(
  db: Database,
): Promise<{ model: string; segments: number; segmentBytes: number }[]> {
  const found = await sql<{ model: string; segments: number; segment_bytes: number }>`
    select model, segments, segment_bytes from weight_security.source_model order by model`.execute(db.kysely)
  return found.rows.map(({ model, segments, segment_bytes }) => ({
    ...{ model, segments: Number(segments), segmentBytes: Number(segment_bytes) },
  }))
}

/** An event that was taken in, with what is known of it beside. */
export type KeptEvent = Timed & {
  source: string
  id: string
  told: Told | undefined
  /** The model's segments that the object is. */
  within: [number, number] | undefined
  /** Where a mapping counts otherwise than the model stands sealed: what may have been read; `segments` certainly was. */
  possible?: [number, number] | undefined
  unmapped: boolean
  workload: boolean
}

type EventRow = {
  source: string
  event_id: string
  at: Date
  person: string
  role: string | null
  team: string | null
  host: string | null
  environment: string | null
  action: Action
  model: string | null
  first_segment: number | null
  last_segment: number | null
  bytes: number | null
  sink: string | null
  outcome: string | null
  told: Told | null
  object_first: number | null
  object_last: number | null
  unmapped: boolean
  workload: boolean
}

/** Events that were taken in, by their time, a page at a time. `from` is included, `to` is not. */
export async function* takenEvents(
  db: Database,
  filter: { from?: Date; to?: Date; model?: string; person?: string } = {},
): AsyncGenerator<KeptEvent[]> {
  const { from = null, to = null, model = null, person = null } = filter
  let after: { at: Date; source: string; id: string } | undefined
  for (;;) {
    const next = after ? sql`(at, source, event_id) > (${after.at}, ${after.source}, ${after.id})` : sql`true`
    const page =
      await sql<EventRow>`select source, event_id, at, person, role, team, host, environment, action, model,
        first_segment, last_segment, bytes, sink, outcome, told, object_first, object_last, unmapped, workload
      from weight_security.taken_event
      where ${next} and (${from}::timestamptz is null or at >= ${from}) and (${to}::timestamptz is null or at < ${to})
        and (${model}::text is null or model = ${model}) and (${person}::text is null or person = ${person})
      order by at, source, event_id limit ${PAGE}`.execute(db.kysely)
    if (page.rows.length > 0) yield page.rows.map(toEvent)
    const last = page.rows.at(-1)
    if (!last || page.rows.length < PAGE) return
    after = { at: last.at, source: last.source, id: last.event_id }
  }
}

/** What logs told of people, by its time. */
export async function takenPersonnel(db: Database): Promise<PersonnelEvent[]> {
  const found = await sql<{
    at: Date
    person: string
    event: PersonnelEvent['event']
    role: string | null
    team: string | null
  }>`
    select at, person, event, role, team from weight_security.taken_personnel order by at, source, event_id
    limit 1000000`.execute(db.kysely)
  return found.rows.map(({ at, person, event, role, team }) => ({
    ...{ time: at.toISOString(), person, event },
    ...(role !== null && { role }),
    ...(team !== null && { team }),
  }))
}

function toEvent(row: EventRow): KeptEvent {
  return {
    ...{ source: row.source, id: row.event_id, at: row.at.getTime(), time: row.at.toISOString() },
    ...{ person: row.person, role: row.role ?? undefined, team: row.team ?? undefined },
    ...{ host: row.host ?? undefined, environment: row.environment ?? undefined, action: row.action },
    ...{ model: row.model ?? undefined, segments: rangeOf(row.first_segment, row.last_segment) },
    ...{ bytes: row.bytes === null ? undefined : Number(row.bytes), sink: row.sink ?? undefined },
    ...{
      lease: undefined,
      subject: undefined,
      outcome: row.outcome ?? undefined,
      told: row.told ?? undefined,
    },
    ...{ within: rangeOf(row.object_first, row.object_last), unmapped: row.unmapped, workload: row.workload },
  }
}

function rangeOf(from: number | null, to: number | null): [number, number] | undefined {
  return from === null || to === null ? undefined : [Number(from), Number(to)]
}
