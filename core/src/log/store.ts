import { sql } from 'kysely'
import type { Database, Tx } from '../db/database.ts'
import { AvouchError } from '../errors.ts'
import type { FullTile } from './tree.ts'

export type Head = { epoch: number; origin: string; key: string; size: number }

/** A signed head of one epoch, with its origin's name and verifier key. */
export type Checkpoint = {
  origin: string
  key: string
  epoch: number
  size: number
  root: Buffer
  note: string
  signed_at: Date
  witnessed_at: Date | null
  published_at: Date | null
}

/** The current origin and the size up to which the tree is signed; undefined before the first start. */
export async function readHead(db: Database): Promise<Head | undefined> {
  const found =
    await sql<Head>`select h.epoch, o.name as origin, o.key, h.size from log.head h join log.origin o using (epoch)`.execute(
      db.kysely,
    )
  return found.rows[0]
}

/** Opens the first origin, once. */
export async function openOrigin(db: Database, origin: string, key: string): Promise<void> {
  await db.kysely.transaction().execute(async (tx) => {
    await sql`insert into log.origin (epoch, name, key) values (0, ${origin}, ${key}) on conflict do nothing`.execute(
      tx,
    )
    await sql`insert into log.head (epoch, size) values (0, 0) on conflict do nothing`.execute(tx)
  })
}

/** Entries in tree order, from `from` on, `limit` at most. */
export async function readEntries(
  db: Database,
  epoch: number,
  from: number,
  limit: number,
): Promise<Buffer[]> {
  const found = await sql<{ index: number; entry: Buffer }>`
    select index, entry from log.leaf where epoch = ${epoch} and index >= ${from} order by index limit ${limit}`.execute(
    db.kysely,
  )
  found.rows.forEach((row, i) => {
    if (row.index !== from + i)
      throw new AvouchError('proof', `the log has no leaf ${from + i}: the next one is ${row.index}`, {
        where: `epoch ${epoch}`,
        fix: 'The database was altered or restored in part. Run `avouch log audit`.',
      })
  })
  return found.rows.map((row) => row.entry)
}

export async function readNodes(
  db: Database,
  epoch: number,
  level: number,
  from: number,
  limit: number,
): Promise<Buffer[]> {
  const found = await sql<{ index: number; hash: Buffer }>`
    select index, hash from log.node
    where epoch = ${epoch} and level = ${level} and index >= ${from} order by index limit ${limit}`.execute(
    db.kysely,
  )
  return found.rows.map((row) => row.hash)
}

export async function insertNodes(tx: Tx, epoch: number, tiles: FullTile[]): Promise<void> {
  if (tiles.length === 0) return
  await sql`
    insert into log.node (epoch, level, index, hash)
    select ${epoch}, l, i, h from unnest(${tiles.map((t) => t.level + 1)}::smallint[], ${tiles.map((t) => t.index)}::bigint[], ${tiles.map((t) => t.root)}::bytea[]) as t(l, i, h)
    on conflict do nothing`.execute(tx)
}

/** Records the signed head. Another head of the same size with another root is a fork and throws `proof`. */
export async function insertCheckpoint(
  tx: Tx,
  head: Head,
  root: Buffer,
  note: string,
  now: Date,
): Promise<void> {
  const found = await sql<{ root: Buffer }>`
    insert into log.checkpoint (epoch, size, root, note, signed_at)
    values (${head.epoch}, ${head.size}, ${root}, ${note}, ${now})
    on conflict (epoch, size) do update set size = excluded.size returning root`.execute(tx)
  if (!found.rows[0]?.root.equals(root))
    throw new AvouchError('proof', `a checkpoint of size ${head.size} with another root exists already`, {
      where: head.origin,
      fix: 'The tree was altered behind the log. Run `avouch log audit` before anything else.',
    })
  await sql`update log.head set size = greatest(size, ${head.size}) where epoch = ${head.epoch}`.execute(tx)
}

/** The checkpoint at a size, or the newest that is signed, witnessed or published. */
export async function findCheckpoint(
  db: Database,
  which: { size: number } | 'signed' | 'witnessed' | 'published',
  epoch?: number,
): Promise<Checkpoint | undefined> {
  const where =
    typeof which === 'object'
      ? sql`c.size = ${which.size}`
      : which === 'signed'
        ? sql`true`
        : which === 'witnessed'
          ? sql`c.witnessed_at is not null`
          : sql`c.published_at is not null`
  const inEpoch = epoch === undefined ? sql`true` : sql`c.epoch = ${epoch}`
  const found = await sql<Checkpoint>`
    select c.*, o.name as origin, o.key from log.checkpoint c join log.origin o using (epoch)
    where ${where} and ${inEpoch} order by c.epoch desc, c.size desc limit 1`.execute(db.kysely)
  return found.rows[0]
}

/** Newest first. */
export async function listCheckpoints(db: Database, limit: number): Promise<Checkpoint[]> {
  const found = await sql<Checkpoint>`
    select c.*, o.name as origin, o.key from log.checkpoint c join log.origin o using (epoch)
    order by c.epoch desc, c.size desc limit ${limit}`.execute(db.kysely)
  return found.rows
}
