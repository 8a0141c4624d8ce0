import type { Database, Tx } from '@avouch/core/db'
import { type Kysely, sql } from 'kysely'

/** A step of an agent as it is kept: the turn it belongs to, its place in it from 1, and its sealed bytes. */
export type StoredStep = { turn: number; step: number; sealed: Buffer }

const on = (from: Database | Tx): Kysely<Record<never, never>> => ('kysely' in from ? from.kysely : from)

/** Keeps a step of a turn that is under way; false where the turn has ended meanwhile, as lost. */
export async function insertStep(
  tx: Tx,
  session: string,
  { turn, step, sealed }: StoredStep,
): Promise<boolean> {
  const pending = await sql`
    select 1 from red_teaming.turn
    where session = ${session} and turn = ${turn} and state = 'pending' for update`.execute(tx)
  if (pending.rows.length === 0) return false
  await sql`
    insert into red_teaming.step (session, turn, step, sealed)
    values (${session}, ${turn}, ${step}, ${sealed})`.execute(tx)
  return true
}

/** The steps of these turns, or of all, in order. */
export async function stepsOf(
  from: Database | Tx,
  session: string,
  turns?: readonly number[],
): Promise<StoredStep[]> {
  const found = await sql<StoredStep>`
    select turn, step, sealed from red_teaming.step
    where session = ${session} and ${turns === undefined ? sql`true` : sql`turn = any(${[...turns]}::int[])`}
    order by turn, step`.execute(on(from))
  return found.rows
}
