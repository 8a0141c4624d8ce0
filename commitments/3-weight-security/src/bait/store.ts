import type { Database, Tx } from '@avouch/core/db'
import { sql } from 'kysely'
import type { BaitKind } from '../detection/bait.ts'

/** Something that nobody has reason to touch. */
export type PlacedBait = {
  id: string
  kind: BaitKind
  value: string
  evidence: string
  placedAt: Date
  removedAt: Date | undefined
}

type BaitRow = {
  id: string
  kind: BaitKind
  value: string
  evidence: string
  placed_at: Date
  removed_at: Date | null
}

export async function insertBait(tx: Tx, { id, kind, value, evidence, placedAt }: PlacedBait): Promise<void> {
  await sql`insert into weight_security.bait (id, kind, value, evidence, placed_at)
    values (${id}, ${kind}, ${value}, ${evidence}, ${placedAt})`.execute(tx)
}

/** Marks it as taken away; false where it is not in place. */
export async function markRemoved(tx: Tx, id: string, at: Date): Promise<PlacedBait | undefined> {
  const found = await sql<BaitRow>`update weight_security.bait set removed_at = ${at}
    where id = ${id} and removed_at is null returning *`.execute(tx)
  return found.rows.map(toBait)[0]
}

/** Bait in place, oldest first; with `all`, what was taken away too. */
export async function listBait(db: Database, { all = false } = {}): Promise<PlacedBait[]> {
  const found = await sql<BaitRow>`select * from weight_security.bait
    where ${all} or removed_at is null order by placed_at, id limit 100000`.execute(db.kysely)
  return found.rows.map(toBait)
}

function toBait(row: BaitRow): PlacedBait {
  return {
    id: row.id,
    kind: row.kind,
    value: row.value,
    evidence: row.evidence,
    placedAt: row.placed_at,
    removedAt: row.removed_at ?? undefined,
  }
}
