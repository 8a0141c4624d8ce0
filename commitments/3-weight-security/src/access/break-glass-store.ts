import type { Database, Tables, Tx } from '@avouch/core/db'
import { type Kysely, sql } from 'kysely'

/** A glass that was broken, and what somebody else made of it. */
export type BreakGlassCase = {
  id: string
  person: string
  model: string
  environment: string
  emergency: string
  evidence: string
  at: Date
  reviewDue: Date
  reviewedAt: Date | undefined
  reviewEvidence: string | undefined
  outcome: string | undefined
}

type CaseRow = {
  id: string
  person: string
  model: string
  environment: string
  emergency: string
  evidence: string
  at: Date
  review_due: Date
  reviewed_at: Date | null
  review_evidence: string | null
  outcome: string | null
}

const on = (from: Database | Tx): Kysely<Tables> => ('kysely' in from ? from.kysely : from)

export async function insertCase(
  tx: Tx,
  one: Omit<BreakGlassCase, 'reviewedAt' | 'reviewEvidence' | 'outcome'>,
): Promise<void> {
  await sql`insert into weight_security.break_glass
    (id, person, model, environment, emergency, evidence, at, review_due)
    values (${one.id}, ${one.person}, ${one.model}, ${one.environment}, ${one.emergency}, ${one.evidence}, ${one.at},
      ${one.reviewDue})`.execute(tx)
}

export async function findCase(from: Database | Tx, id: string): Promise<BreakGlassCase | undefined> {
  const found = await sql<CaseRow>`select * from weight_security.break_glass where id::text = ${id}`.execute(
    on(from),
  )
  return found.rows.map(toCase)[0]
}

/** The newest first; with `unreviewed`, only those that nobody has looked at. */
export async function listCases(db: Database, { unreviewed = false } = {}): Promise<BreakGlassCase[]> {
  const found = await sql<CaseRow>`select * from weight_security.break_glass
    where not ${unreviewed}::boolean or reviewed_at is null order by at desc limit 500`.execute(db.kysely)
  return found.rows.map(toCase)
}

/** How many glasses this person broke that nobody has looked at. */
export async function countUnreviewed(from: Database | Tx, person: string): Promise<number> {
  const found = await sql<{ count: number }>`select count(*)::int as count from weight_security.break_glass
    where person = ${person} and reviewed_at is null`.execute(on(from))
  return found.rows[0]!.count
}

/** Notes what a reviewer found. Returns whether nobody had before. */
export async function setCaseReviewed(
  tx: Tx,
  id: string,
  review: { at: Date; evidence: string; outcome: string },
): Promise<boolean> {
  const done = await sql`update weight_security.break_glass
    set reviewed_at = ${review.at}, review_evidence = ${review.evidence}, outcome = ${review.outcome}
    where id = ${id} and reviewed_at is null returning id`.execute(tx)
  return done.rows.length > 0
}

function toCase(row: CaseRow): BreakGlassCase {
  return {
    id: row.id,
    person: row.person,
    model: row.model,
    environment: row.environment,
    emergency: row.emergency,
    evidence: row.evidence,
    at: row.at,
    reviewDue: row.review_due,
    reviewedAt: row.reviewed_at ?? undefined,
    reviewEvidence: row.review_evidence ?? undefined,
    outcome: row.outcome ?? undefined,
  }
}
