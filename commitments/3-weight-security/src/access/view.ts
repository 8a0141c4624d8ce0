import type { Database } from '@avouch/core/db'
import { bytesOf } from '../object/range.ts'
import { findObject } from '../store.ts'
import type { BreakGlassCase } from './break-glass-store.ts'
import { toLease } from './lease.ts'
import type { AccessRequest } from './request-store.ts'
import type { LeaseRow } from './store.ts'

/** A lease on the wire. `state`: `live`, `over` (in time), or why it ended before. */
export function leaseView(row: LeaseRow, now: Date) {
  const { start, end, ...lease } = toLease(row)
  return {
    ...lease,
    start: start.toISOString(),
    end: end.toISOString(),
    evidence: row.evidence,
    request: row.request,
    breakGlass: row.break_glass,
    purpose: row.purpose,
    boundToSession: row.session !== null,
    state: row.end_reason ?? (row.ends_at <= now ? 'over' : 'live'),
    endedAt: row.ended_at?.toISOString() ?? null,
  }
}

/** The same for its holder: with the object's name and size, and the bytes it is for, both ends included. */
export async function ownLeaseView(db: Database, row: LeaseRow, now: Date) {
  const object = await findObject(db, { id: row.object })
  const range = object && bytesOf(object, [row.first_segment, row.last_segment])
  return {
    ...leaseView(row, now),
    name: object?.name ?? null,
    size: object?.bytes ?? null,
    bytes: range ? [range.start, range.end] : null,
  }
}

/** A request on the wire, with the signatures it has. */
export function requestView(
  { session, profile: _, askedAt, decidedAt, ...request }: AccessRequest,
  signed: readonly string[] = [],
) {
  return {
    ...request,
    askedBy: request.askedBy ?? null,
    approval: request.approval ?? null,
    grantEvidence: request.grantEvidence ?? null,
    why: request.why ?? null,
    endsWithSession: session !== undefined,
    askedAt: askedAt.toISOString(),
    decidedAt: decidedAt?.toISOString() ?? null,
    /** Ids of those who approved so far. */
    signed: [...signed],
  }
}

/** A broken glass on the wire. */
export function caseView({ at, reviewDue, reviewedAt, ...one }: BreakGlassCase, now: Date) {
  return {
    ...one,
    at: at.toISOString(),
    reviewDue: reviewDue.toISOString(),
    reviewedAt: reviewedAt?.toISOString() ?? null,
    reviewEvidence: one.reviewEvidence ?? null,
    outcome: one.outcome ?? null,
    overdue: reviewedAt === undefined && reviewDue < now,
  }
}
