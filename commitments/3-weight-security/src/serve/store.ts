import type { Database, Tables, Tx } from '@avouch/core/db'
import { type Kysely, sql } from 'kysely'
import { NOTHING } from './entry.ts'

export type ReadHead = { number: number; hash: Buffer; at: Date }

export type ReadRow = {
  number: number
  at: Date
  lease: string
  object: string
  person: string
  model: string
  bytes: number
  entry: string
  hash: Buffer
}

/** A stretch of the record that stands in the log. */
export type ReadBatch = { first: number; last: number; evidence: string }

const on = (from: Database | Tx): Kysely<Tables> => ('kysely' in from ? from.kysely : from)

/** The end of the record, held until this transaction ends: reads are recorded one at a time. */
export async function lockHead(tx: Tx): Promise<ReadHead> {
  await sql`insert into weight_security.read_head (number, hash, at) values (0, ${NOTHING}, to_timestamp(0))
    on conflict (single) do nothing`.execute(tx)
  const found =
    await sql<ReadHead>`select number, hash, at from weight_security.read_head for update`.execute(tx)
  return found.rows[0]!
}

export async function readHead(from: Database | Tx): Promise<ReadHead | undefined> {
  const found = await sql<ReadHead>`select number, hash, at from weight_security.read_head`.execute(on(from))
  return found.rows[0]
}

export async function insertRead(tx: Tx, row: ReadRow): Promise<void> {
  await sql`insert into weight_security.read_record (number, at, lease, object, person, model, bytes, entry, hash)
    values (${row.number}, ${row.at}, ${row.lease}, ${row.object}, ${row.person}, ${row.model}, ${row.bytes},
      ${row.entry}, ${row.hash})`.execute(tx)
  await sql`update weight_security.read_head set number = ${row.number}, hash = ${row.hash}, at = ${row.at}`.execute(
    tx,
  )
}

/** Entries by number, both ends included, `limit` at most. */
export async function readsBetween(
  from: Database | Tx,
  first: number,
  last: number,
  limit = 10_000,
): Promise<ReadRow[]> {
  const found = await sql<ReadRow>`select * from weight_security.read_record
    where number >= ${first} and number <= ${last} order by number limit ${limit}`.execute(on(from))
  return found.rows
}

/** The newest entries first: of a model, person, lease or moment on, or all. */
export async function listReads(
  db: Database,
  filter: { model?: string; person?: string; lease?: string; since?: Date; limit?: number; before?: number },
): Promise<ReadRow[]> {
  const { model = null, person = null, lease = null, since = null, before = null, limit = 1000 } = filter
  const found = await sql<ReadRow>`select * from weight_security.read_record
    where (${model}::text is null or model = ${model})
      and (${person}::text is null or person = ${person})
      and (${lease}::text is null or lease = ${lease})
      and (${since}::timestamptz is null or at >= ${since})
      and (${before}::bigint is null or number < ${before})
    order by number desc limit ${limit}`.execute(db.kysely)
  return found.rows
}

/** The number of the last entry that stands in the log; 0 where none does. */
export async function lastSealed(from: Database | Tx): Promise<number> {
  const found = await sql<{ last: number }>`select coalesce(max(last), 0)::bigint as last
    from weight_security.read_batch`.execute(on(from))
  return found.rows[0]!.last
}

/** One sealer at a time, until this transaction ends. */
export async function lockBatches(tx: Tx): Promise<void> {
  await sql`lock table weight_security.read_batch in share row exclusive mode`.execute(tx)
}

export async function insertBatch(tx: Tx, { first, last, evidence }: ReadBatch, at: Date): Promise<void> {
  await sql`insert into weight_security.read_batch (first, last, evidence, sealed_at)
    values (${first}, ${last}, ${evidence}, ${at})`.execute(tx)
}

export async function findBatch(from: Database | Tx, first: number): Promise<ReadBatch | undefined> {
  const found = await sql<ReadBatch>`select first, last, evidence from weight_security.read_batch
    where first = ${first}`.execute(on(from))
  return found.rows[0]
}

/** How many bytes were read under each of these leases. */
export async function bytesReadUnder(db: Database, leases: readonly string[]): Promise<Map<string, number>> {
  const found = await sql<{ lease: string; bytes: number }>`select lease, sum(bytes)::bigint as bytes
    from weight_security.read_record where lease = any(${leases}::text[]) group by lease`.execute(db.kysely)
  return new Map(found.rows.map(({ lease, bytes }) => [lease, bytes]))
}
