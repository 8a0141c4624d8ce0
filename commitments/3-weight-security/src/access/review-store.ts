import type { Database, Tables, Tx } from '@avouch/core/db'
import { type Kysely, sql } from 'kysely'

/** What a person could do when a review was opened. */
export type AccessSeen = {
  team: string
  functions: string[]
  projects: string[]
  environments: string[]
  /** Leases that had not ended. */
  leases: number
}

export type Review = { id: string; openedAt: Date; dueAt: Date; closedAt: Date | undefined }
export type ReviewItem = {
  person: string
  access: AccessSeen
  decision: 'keep' | 'remove' | undefined
  decidedBy: string | undefined
  decidedAt: Date | undefined
  /** Of the decision, signed. */
  evidence: string | undefined
}

type ReviewRow = { id: string; opened_at: Date; due_at: Date; closed_at: Date | null }

const on = (from: Database | Tx): Kysely<Tables> => ('kysely' in from ? from.kysely : from)

/** Lets one transaction at a time look whether a review is open, and open one. */
export async function lockReviews(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('weight-security/review', 0))`.execute(tx)
}

export async function insertReview(
  tx: Tx,
  review: { id: string; openedAt: Date; dueAt: Date },
  items: readonly { person: string; access: AccessSeen }[],
): Promise<void> {
  await sql`insert into weight_security.review (id, opened_at, due_at)
    values (${review.id}, ${review.openedAt}, ${review.dueAt})`.execute(tx)
  for (const { person, access } of items)
    await sql`insert into weight_security.review_item (review, person, access)
      values (${review.id}, ${person}, ${JSON.stringify(access)})`.execute(tx)
}

/** The newest first. */
export async function listReviews(from: Database | Tx, limit = 50): Promise<Review[]> {
  const found = await sql<ReviewRow>`select * from weight_security.review
    order by opened_at desc limit ${limit}`.execute(on(from))
  return found.rows.map(toReview)
}

export async function findReview(from: Database | Tx, id: string): Promise<Review | undefined> {
  const found = await sql<ReviewRow>`select * from weight_security.review where id::text = ${id}`.execute(
    on(from),
  )
  return found.rows.map(toReview)[0]
}

/** The review, locked until the transaction ends. */
export async function lockReview(tx: Tx, id: string): Promise<Review | undefined> {
  const found = await sql<ReviewRow>`select * from weight_security.review where id::text = ${id}
    for update`.execute(tx)
  return found.rows.map(toReview)[0]
}

export async function listItems(from: Database | Tx, review: string): Promise<ReviewItem[]> {
  const found = await sql<{
    person: string
    access: AccessSeen
    decision: 'keep' | 'remove' | null
    decided_by: string | null
    decided_at: Date | null
    evidence: string | null
  }>`select * from weight_security.review_item where review::text = ${review} order by person`.execute(
    on(from),
  )
  return found.rows.map((row) => ({
    person: row.person,
    access: row.access,
    decision: row.decision ?? undefined,
    decidedBy: row.decided_by ?? undefined,
    decidedAt: row.decided_at ?? undefined,
    evidence: row.evidence ?? undefined,
  }))
}

export async function decideItem(
  tx: Tx,
  review: string,
  item: { person: string; decision: 'keep' | 'remove'; by: string; at: Date; evidence: string },
): Promise<void> {
  await sql`update weight_security.review_item set decision = ${item.decision}, decided_by = ${item.by},
    decided_at = ${item.at}, evidence = ${item.evidence}
    where review = ${review} and person = ${item.person}`.execute(tx)
}

export async function closeReview(tx: Tx, id: string, at: Date): Promise<void> {
  await sql`update weight_security.review set closed_at = ${at} where id = ${id}`.execute(tx)
}

function toReview(row: ReviewRow): Review {
  return {
    id: row.id,
    openedAt: row.opened_at,
    dueAt: row.due_at,
    closedAt: row.closed_at ?? undefined,
  }
}
