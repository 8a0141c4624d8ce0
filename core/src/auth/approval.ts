import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Tx } from '../db/database.ts'
import { AvouchError } from '../errors.ts'
import type { Prepared } from '../evidence/statement.ts'
import type { Accepted, Draft } from '../evidence/type.ts'
import type { Installation } from '../installation.ts'
import type { Person } from './people.ts'
import { may, type Principal } from './principal.ts'
import type { Asking } from './sign-in.ts'
import { packPrepared, statementPae, unpackPrepared } from './signed-evidence.ts'
import { beginSigning, finishSigning, type PersonSignature } from './signing.ts'
import { type AuthContext, type AuthTables, tables } from './store.ts'
import type { AuthenticationResponse } from './webauthn-json.ts'

/** A request that nobody completes lapses after this long. */
const APPROVAL_MS = 7 * 24 * 60 * 60_000

/** An act that two people sign before it counts: lifting a hold, taking back evidence against the company. */
export type ApprovalRequest = {
  id: string
  /** `<area>/<verb>`, such as `hold/lift`; whoever has `<area>:approve` may sign. */
  act: string
  /** The sentence each approver reads beside the Statement. */
  summary: string
  /** The evidence as it will stand: its id, and the exact Statement that is signed. */
  evidence: string
  digest: string
  statement: string
  requestedBy: string | undefined
  needed: number
  createdAt: Date
  expiresAt: Date
  approvedAt: Date | undefined
  approvals: ({ personId: string; at: Date } & PersonSignature)[]
}

type Needs = AuthContext & Pick<Installation, 'evidence'>

/** What an act asks beyond the permission, and what follows from it. */
export type ApprovalAct = {
  /**
   * Throws where this person may not sign. Asked when they begin, without `tx`; and with their signature, in the
   * transaction that takes it and with the request locked.
   */
  check?(request: ApprovalRequest, by: Person, tx?: Tx): Promise<void>
  /** Carries out what follows, in the transaction of the last signature: where it throws, that was not given. */
  onAccepted?(tx: Tx, accepted: Accepted, request: ApprovalRequest): Promise<void>
}

/** By the name of the act, such as `hold/lift`. */
export type ApprovalActs = Record<string, (installation: Installation) => ApprovalAct>

/**
 * Asks that evidence be recorded under the signatures of several people, two unless more are asked for. Whoever asks
 * cannot sign; the command line may ask. Throws `input`.
 */
export async function requestApproval<T extends Record<string, unknown>>(
  context: Needs,
  by: Principal,
  request: { act: string; summary: string; draft: Draft<T>; needed?: number },
): Promise<ApprovalRequest> {
  const { act, summary, draft, needed = 2 } = request
  if (
    !/^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/.test(act) ||
    !Number.isInteger(needed) ||
    needed < 2 ||
    needed > 10
  )
    throw new AvouchError('input', 'An approval names an act as area/verb and takes from 2 to 10 people', {
      where: 'approval',
    })
  const prepared = await context.evidence.prepare(draft)
  const now = context.now()
  const row = await tables(context.db)
    .insertInto('auth.approval_request')
    .values({
      id: randomUUID(),
      act,
      summary: summary.slice(0, 2000),
      prepared: JSON.stringify(packPrepared(prepared)),
      requested_by: by.kind === 'person' || by.kind === 'key' ? by.person.id : null,
      needed,
      created_at: now,
      expires_at: new Date(now.getTime() + APPROVAL_MS),
      approved_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return toRequest(row, [])
}

/** Throws `not-found`. */
export async function getApproval(context: Pick<AuthContext, 'db'>, id: string): Promise<ApprovalRequest> {
  return (await read(context, id)).request
}

/** At most the 200 newest requests, with their approvals. */
export async function listApprovals(context: Pick<AuthContext, 'db'>): Promise<ApprovalRequest[]> {
  const db = tables(context.db)
  const rows = await db
    .selectFrom('auth.approval_request')
    .selectAll()
    .orderBy('created_at', 'desc')
    .limit(200)
    .execute()
  if (rows.length === 0) return []
  const ids = rows.map((row) => row.id)
  const approvals = await db
    .selectFrom('auth.approval')
    .selectAll()
    .where('request_id', 'in', ids)
    .orderBy('approved_at')
    .execute()
  return rows.map((row) =>
    toRequest(
      row,
      approvals.filter((approval) => approval.request_id === row.id),
    ),
  )
}

/** Lets a request lapse at this moment, where it is not complete: whoever asked no longer wants it, or it was refused. */
export async function lapseApproval(tx: Tx, id: string, now: Date): Promise<void> {
  await tables(tx)
    .updateTable('auth.approval_request')
    .set({ expires_at: now })
    .where('id', '=', id)
    .where('approved_at', 'is', null)
    .where('expires_at', '>', now)
    .execute()
}

/** Who signed which requests of an act since a moment, whether they are complete or not; oldest first. */
export async function signaturesSince(
  on: Pick<AuthContext, 'db'> | Tx,
  act: string,
  since: Date,
): Promise<{ request: string; person: string; at: Date }[]> {
  return tables('db' in on ? on.db : on)
    .selectFrom('auth.approval')
    .innerJoin('auth.approval_request', 'auth.approval_request.id', 'auth.approval.request_id')
    .select([
      'auth.approval.request_id as request',
      'auth.approval.person_id as person',
      'auth.approval.approved_at as at',
    ])
    .where('auth.approval_request.act', '=', act)
    .where('auth.approval.approved_at', '>=', since)
    .orderBy('auth.approval.approved_at')
    .execute()
}

/**
 * Asks a person to sign with a passkey. Throws `forbidden` for the one who asked and for whoever lacks
 * `<area>:approve`, `conflict` for a second time, a lapsed request or one that is complete.
 */
export async function beginApproval(
  context: AuthContext,
  by: Principal,
  id: string,
  act: ApprovalAct = {},
): Promise<Asking> {
  const { request, prepared } = await read(context, id)
  const person = mayApprove(context, request, by)
  await act.check?.(request, person)
  return beginSigning(context, person.id, statementPae(prepared))
}

/**
 * Adds a person's signature. With the last one needed, the evidence is accepted under all of them, and what follows from
 * the act is carried out in the same transaction.
 */
export async function finishApproval(
  context: Needs,
  by: Principal,
  id: string,
  answer: { ceremony: string; response: AuthenticationResponse },
  act: ApprovalAct = {},
): Promise<ApprovalRequest> {
  const before = await read(context, id)
  const { id: personId } = mayApprove(context, before.request, by)
  const signature = await finishSigning(context, personId, statementPae(before.prepared), answer)
  return context.db.kysely.transaction().execute(async (tx) => {
    const db = tables(tx)
    await db.selectFrom('auth.approval_request').select('id').where('id', '=', id).forUpdate().execute()
    const locked = (await read(context, id, tx)).request
    await act.check?.(locked, mayApprove(context, locked, by), tx)
    const at = context.now()
    await db
      .insertInto('auth.approval')
      .values({ request_id: id, person_id: personId, ...signature, approved_at: at })
      .execute()
    const { request, prepared } = await read(context, id, tx)
    if (request.approvals.length < request.needed) return request
    await db.updateTable('auth.approval_request').set({ approved_at: at }).where('id', '=', id).execute()
    const signatures = request.approvals.map(({ keyid, sig }) => ({ keyid, sig }))
    const accepted = await context.evidence.acceptSigned(tx, prepared, signatures)
    const approved = { ...request, approvedAt: at }
    await act.onAccepted?.(tx, accepted, approved)
    return approved
  })
}

async function read(
  context: Pick<AuthContext, 'db'>,
  id: string,
  tx?: Tx,
): Promise<{ request: ApprovalRequest; prepared: Prepared }> {
  const db = tables(tx ?? context.db)
  const row = await db.selectFrom('auth.approval_request').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row)
    throw new AvouchError('not-found', 'There is no such request for approval', { where: `approval ${id}` })
  const approvals = await db
    .selectFrom('auth.approval')
    .selectAll()
    .where('request_id', '=', id)
    .orderBy('approved_at')
    .execute()
  return { request: toRequest(row, approvals), prepared: unpackPrepared(row.prepared) }
}

/** The person who may approve this now. */
function mayApprove(context: Pick<AuthContext, 'now'>, request: ApprovalRequest, by: Principal): Person {
  const where = `approval ${request.id}`
  const permission = `${request.act.split('/')[0]}:approve` as const
  if (by.kind !== 'person' || !may(by, permission))
    throw new AvouchError('forbidden', `Approving this takes a person with the permission ${permission}`, {
      where,
      fix: 'Ask an owner for a role that has it, and sign in with a passkey.',
    })
  if (request.requestedBy === by.person.id)
    throw new AvouchError('forbidden', 'Whoever asks for an approval cannot give it', {
      where,
      fix: 'Other people must approve.',
    })
  if (request.approvedAt) throw new AvouchError('conflict', 'This has been approved already', { where })
  if (request.expiresAt <= context.now())
    throw new AvouchError('conflict', 'This request has lapsed', { where, fix: 'Ask again.' })
  if (request.approvals.some((approval) => approval.personId === by.person.id))
    throw new AvouchError('conflict', 'You have approved this already', {
      where,
      fix: 'Someone else must approve.',
    })
  return by.person
}

function toRequest(
  row: Selectable<AuthTables['auth.approval_request']>,
  approvals: AuthTables['auth.approval'][],
): ApprovalRequest {
  const prepared = unpackPrepared(row.prepared)
  return {
    id: row.id,
    act: row.act,
    summary: row.summary,
    evidence: prepared.id,
    digest: prepared.digest,
    statement: prepared.statement.toString('utf8'),
    requestedBy: row.requested_by ?? undefined,
    needed: row.needed,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    approvedAt: row.approved_at ?? undefined,
    approvals: approvals.map(({ person_id, keyid, sig, approved_at }) => ({
      personId: person_id,
      keyid,
      sig,
      at: approved_at,
    })),
  }
}
