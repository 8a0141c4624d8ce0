import type { Database } from '@avouch/core/db'
import { sql } from 'kysely'
import { plainBytes } from '../floe/parameters.ts'
import { parametersOf } from '../object/object.ts'
import type { ReadRow } from '../serve/store.ts'
import { listObjects } from '../store.ts'
import type { SealedPlace } from './placing.ts'
import type { KeptEvent } from './store.ts'

const PAGE = 5000
const MOST_SEGMENTS = 2 ** 40

/**
 * Where each sealed object stands in its model: objects in the order of their names, segments counted through them.
 * `segmentBytes` are those of the plaintext.
 */
export type Layout = {
  objects: Map<string, SealedPlace>
  models: Map<string, { segments: number; segmentBytes: number; objects: SealedPlace[] }>
}

/** The layout of all that stands sealed here. */
export async function sealedLayout(db: Database): Promise<Layout> {
  const layout: Layout = { objects: new Map(), models: new Map() }
  for (const { id, model, segments, segmentBytes, bytes } of await listObjects(db, { limit: 1_000_000 })) {
    const known = layout.models.get(model) ?? { segments: 0, segmentBytes: 0, objects: [] }
    const plain = plainBytes(parametersOf(segmentBytes))
    const place = { first: known.segments, segments, bytes, plainBytes: plain }
    layout.objects.set(id, place)
    known.objects.push(place)
    layout.models.set(model, {
      ...{ segments: known.segments + segments, segmentBytes: plain, objects: known.objects },
    })
  }
  return layout
}

type Row = Omit<ReadRow, 'hash'>

/** Reads under leases, as the chained record holds them, in its order; segments count through the model. */
export async function* recordedReads(
  db: Database,
  layout: Layout,
  filter: { from?: Date; to?: Date; model?: string; person?: string } = {},
): AsyncGenerator<KeptEvent[]> {
  const { from = null, to = null, model = null, person = null } = filter
  let after = 0
  for (;;) {
    const page = await sql<Row>`select number, at, lease, object, person, model, bytes, entry
      from weight_security.read_record
      where number > ${after} and (${from}::timestamptz is null or at >= ${from})
        and (${to}::timestamptz is null or at < ${to}) and (${model}::text is null or model = ${model})
        and (${person}::text is null or person = ${person})
      order by number limit ${PAGE}`.execute(db.kysely)
    if (page.rows.length > 0) yield page.rows.map((row) => toEvent(row, layout))
    const last = page.rows.at(-1)
    if (!last || page.rows.length < PAGE) return
    after = Number(last.number)
  }
}

function toEvent({ number, at, lease, object, person, model, bytes, entry }: Row, layout: Layout): KeptEvent {
  const said = parsed(entry)
  const place = layout.objects.get(object)
  const [low, high] = rangeIn(said.segments) ?? [undefined, undefined]
  const isDone = said.outcome === 'ok'
  const event: KeptEvent = {
    ...{
      source: 'leases',
      id: String(number),
      at: at.getTime(),
      time: at.toISOString(),
      person,
      lease,
      model,
    },
    ...{ action: 'read', bytes: isDone ? Number(bytes) : undefined, role: undefined, team: undefined },
    ...{ host: textOf(said.host), environment: textOf(said.environment), sink: textOf(said.sink) },
    ...{ subject: undefined, outcome: textOf(said.outcome), unmapped: false, workload: false },
    told: isDone ? 'range' : undefined,
    within: place && [place.first, place.first + place.segments - 1],
    segments: undefined,
  }
  // an object that was discarded since has no place among the others any more
  if (isDone && place && low !== undefined && high !== undefined)
    event.segments = [place.first + low, place.first + high]
  else if (isDone) event.told = 'part'
  return event
}

function parsed(entry: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(entry)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

function rangeIn(value: unknown): [number, number] | undefined {
  if (!Array.isArray(value)) return undefined
  const [from, to] = value as unknown[]
  const isSegment = (one: unknown): one is number =>
    Number.isInteger(one) && (one as number) >= 0 && (one as number) <= MOST_SEGMENTS
  return isSegment(from) && isSegment(to) && from <= to ? [from, to] : undefined
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, 200) : undefined
}
