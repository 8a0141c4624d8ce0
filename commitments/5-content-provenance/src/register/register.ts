import type { Database, Tx } from '@avouch/core/db'
import { AvouchError } from '@avouch/core/errors'
import { sql } from 'kysely'
import type { Maker } from '../content.ts'
import { ALIKE, hashDistance } from '../fingerprint/hash.ts'
import type { Extent } from '../media/family.ts'

/** Content as the register holds it. */
export type Registered = {
  contentId: string
  maker: Maker
  family: string
  kind: string
  markedAt: Date
  watermark: boolean
  /** Of pictures. */
  width: number | undefined
  height: number | undefined
  /** Of sound. */
  milliseconds: number | undefined
  hash: Uint8Array
  quality: number
  layout: Uint8Array
  manifestLabel: string | undefined
}

export type Entry = Omit<Registered, 'maker' | keyof Extent> &
  Extent & { service: number; manifest: Uint8Array | undefined }

type Row = {
  id: Buffer
  service: string
  model: string
  family: string
  kind: string
  marked_at: Date
  watermark: boolean
  width: number | null
  height: number | null
  milliseconds: number | null
  hash: Buffer
  quality: number
  layout: Buffer
  manifest_label: string | null
}

const COLUMNS = sql.raw(
  'c.id, s.service, s.model, c.family, c.kind, c.marked_at, c.watermark, c.width, c.height, c.milliseconds, c.hash, c.quality, c.layout, c.manifest_label',
)
const FROM = sql.raw('content_provenance.content c join content_provenance.service s on s.number = c.service')

export async function insertContent(db: Database, entry: Entry): Promise<void> {
  const { contentId, hash, layout, manifest, manifestLabel } = entry
  await sql`insert into content_provenance.content
    (id, service, family, kind, marked_at, watermark, width, height, milliseconds, hash, quality, parts, layout, manifest_label, manifest)
    values (${Buffer.from(contentId, 'hex')}, ${entry.service}, ${entry.family}, ${entry.kind}, ${entry.markedAt},
      ${entry.watermark}, ${entry.width ?? null}, ${entry.height ?? null}, ${entry.milliseconds ?? null}, ${Buffer.from(hash)}, ${entry.quality},
      ${partsOf(hash)}::integer[], ${Buffer.from(layout)}, ${manifestLabel ?? null},
      ${manifest === undefined ? null : Buffer.from(manifest)})`.execute(db.kysely)
}

export async function findContent(db: Database, contentId: string): Promise<Registered | undefined> {
  const found =
    await sql<Row>`select ${COLUMNS} from ${FROM} where c.id = ${Buffer.from(contentId, 'hex')}`.execute(
      db.kysely,
    )
  return found.rows[0] && toRegistered(found.rows[0])
}

/** The content whose manifest has this identifier. */
export async function findByManifest(db: Database, label: string): Promise<Registered | undefined> {
  const found = await sql<Row>`select ${COLUMNS} from ${FROM} where c.manifest_label = ${label}`.execute(
    db.kysely,
  )
  return found.rows[0] && toRegistered(found.rows[0])
}

/** Takes content out of the register again: pictures that were made to try the check. */
export async function removeContent(db: Database, contentId: string): Promise<void> {
  await sql`delete from content_provenance.content where id = ${Buffer.from(contentId, 'hex')}`.execute(
    db.kysely,
  )
}

/** A manifest store by its active manifest's identifier. */
export async function findManifest(db: Database, label: string): Promise<Uint8Array | undefined> {
  const found = await sql<{ manifest: Buffer }>`select manifest from content_provenance.content
    where manifest_label = ${label}`.execute(db.kysely)
  return found.rows[0]?.manifest
}

/** Of those that share a part of their hash, this many at most are compared. */
const MOST_COMPARED = 5_000

/**
 * Content of one family that looks or sounds alike, the nearest first, 100 at most. Candidates share one of 16 parts of 16 bits: every picture
 * within 15 bits is among them, one at 31 bits with about nine in ten.
 */
export async function findAlike(
  db: Database,
  family: string,
  hash: Uint8Array,
  within = ALIKE,
): Promise<{ content: Registered; distance: number }[]> {
  // hashes first: the layout of an hour of sound has 75 kB
  const candidates = await sql<Pick<Row, 'id' | 'hash'>>`select id, hash from content_provenance.content
    where parts && ${partsOf(hash)}::integer[] and family = ${family} limit ${MOST_COMPARED}`.execute(
    db.kysely,
  )
  const near = candidates.rows
    .map((row) => ({ id: row.id, distance: hashDistance(row.hash, hash) }))
    .filter(({ distance }) => distance <= within)
    .sort((one, other) => one.distance - other.distance)
    .slice(0, 100)
  if (near.length === 0) return []
  const found = await sql<Row>`select ${COLUMNS} from ${FROM}
    where c.id = any(${near.map(({ id }) => id)}::bytea[])`.execute(db.kysely)
  const byId = new Map(found.rows.map((row) => [row.id.toString('hex'), toRegistered(row)]))
  return near.flatMap(({ id, distance }) => {
    const content = byId.get(id.toString('hex'))
    return content ? [{ content, distance }] : []
  })
}

/** Each 16 bits of a hash with their place, as one number. */
function partsOf(hash: Uint8Array): number[] {
  return Array.from(
    { length: hash.length / 2 },
    (_, at) => (at << 16) | (hash[at * 2]! << 8) | hash[at * 2 + 1]!,
  )
}

export type Service = Maker & { number: number; since: Date; evidence: string | undefined }

type ServiceRow = { number: number; service: string; model: string; since: Date; evidence: string | null }

const toService = ({ evidence, ...row }: ServiceRow): Service => ({ ...row, evidence: evidence ?? undefined })

/** The service that marks under this number. */
export async function findService(db: Database, number: number): Promise<Service | undefined> {
  const found = await sql<ServiceRow>`select number, service, model, since, evidence
    from content_provenance.service where number = ${number}`.execute(db.kysely)
  return found.rows[0] && toService(found.rows[0])
}

export async function listServices(db: Database): Promise<Service[]> {
  const found = await sql<ServiceRow>`select number, service, model, since, evidence
    from content_provenance.service order by number`.execute(db.kysely)
  return found.rows.map(toService)
}

/** The service of a maker; given the next number where it is new. Throws `limit` where there are 65,535 already. */
export async function serviceOf(db: Database, { service, model }: Maker, now: Date): Promise<Service> {
  const find = async (): Promise<Service | undefined> => {
    const found = await sql<ServiceRow>`select number, service, model, since, evidence
      from content_provenance.service where service = ${service} and model = ${model}`.execute(db.kysely)
    return found.rows[0] && toService(found.rows[0])
  }
  const known = await find()
  if (known) return known
  await db.kysely.transaction().execute(async (tx) => {
    await sql`lock table content_provenance.service in share row exclusive mode`.execute(tx)
    const next = await sql<{ number: number }>`select coalesce(max(number), 0) + 1 as number
      from content_provenance.service`.execute(tx)
    const { number } = next.rows[0]!
    if (number > 65_535)
      throw new AvouchError('limit', 'a watermark has room for 65,535 services and models, and all are taken')
    await sql`insert into content_provenance.service (number, service, model, since)
      values (${number}, ${service}, ${model}, ${now}) on conflict (service, model) do nothing`.execute(tx)
  })
  return (await find())!
}

export async function setServiceEvidence(tx: Tx, number: number, evidence: string): Promise<void> {
  await sql`update content_provenance.service set evidence = ${evidence} where number = ${number}`.execute(tx)
}

function toRegistered(row: Row): Registered {
  return {
    contentId: row.id.toString('hex'),
    maker: { service: row.service, model: row.model },
    family: row.family,
    kind: row.kind,
    markedAt: row.marked_at,
    watermark: row.watermark,
    width: row.width ?? undefined,
    height: row.height ?? undefined,
    milliseconds: row.milliseconds ?? undefined,
    hash: row.hash,
    quality: row.quality,
    layout: row.layout,
    manifestLabel: row.manifest_label ?? undefined,
  }
}
