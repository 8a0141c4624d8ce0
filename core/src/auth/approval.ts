import { hash, randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Tx } from '../db/database.ts'
import { AvouchError } from '../errors.ts'
import { defineEvidence, PREDICATE_BASE } from '../evidence/type.ts'
import type { Installation } from '../installation.ts'
import { pae } from './pae.ts'
import { may, type Principal } from './principal.ts'
import type { Asking } from './sign-in.ts'
import { beginSigning, finishSigning, type PersonSignature } from './signing.ts'
import { type AuthContext, type AuthTables, tables } from './store.ts'
import type { AuthenticationResponse } from './webauthn-json.ts'

const PAYLOAD_TYPE = 'application/vnd.in-toto+json'
/** A request that nobody completes lapses after this long. */
const APPROVAL_MS = 7 * 24 * 60 * 60_000

/** An act that two people sign before it happens: lifting a hold, taking back evidence against the company. */
export type ApprovalRequest = {
  id: string
  /** What is asked, such as `hold/lift` or `evidence/retract`. */
  act: string
  /** SHA-256 (hex) of what it is done to. */
  subject: string
  /** The sentence each approver reads and signs. */
  summary: string
  /** The in-toto Statement that is signed; its exact bytes. */
  payload: Uint8Array
  requestedBy: string | undefined
  needed: number
  createdAt: Date
  expiresAt: Date
  approvedAt: Date | undefined
  approvals: ({ personId: string; at: Date } & PersonSignature)[]
}

/** A DSSE envelope with one person's signature per approver. */
export type ApprovalEnvelope = { payloadType: string; payload: string; signatures: PersonSignature[] }

/** That the people needed approved: the envelope they signed. Names no person, only keys. */
export const approvalEvidence = defineEvidence('core/approval/v1', {
  title: 'Approval by several people',
  schema: z.object({
    act: z.string(),
    subject: z.string(),
    summary: z.string(),
    needed: z.number().int(),
    envelope: z.object({
      payloadType: z.string(),
      payload: z.string(),
      signatures: z.array(z.object({ keyid: z.string(), sig: z.string() })),
    }),
  }),
  open: ['act', 'subject', 'needed', 'envelope'],
})

/**
 * Asks for an approval. Whoever asks cannot approve; the command line may ask. Throws `input` where `subject` is no
 * SHA-256 or fewer than two are asked for.
 */
export async function requestApproval(
  context: Pick<AuthContext, 'db' | 'now'>,
  by: Principal,
  request: { act: string; subject: string; summary: string; needed?: number },
): Promise<ApprovalRequest> {
  const { act, subject, summary, needed = 2 } = request
  if (!/^[0-9a-f]{64}$/.test(subject) || !/^[a-z-]+\/[a-z-]+$/.test(act) || summary.length > 2000)
    throw new AvouchError(
      'input',
      'An approval names an act, the SHA-256 of its subject, and says what it is',
      {
        where: 'approval',
        fix: 'Give act as area/verb, subject as 64 hex digits, and a summary of at most 2000 characters.',
      },
    )
  if (needed < 2 || needed > 10)
    throw new AvouchError('input', 'An approval takes from 2 to 10 people', { where: 'approval.needed' })
  const now = context.now()
  const id = randomUUID()
  const payload = Buffer.from(
    JSON.stringify({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: act, digest: { sha256: subject } }],
      predicateType: `${PREDICATE_BASE}core/approval/v1`,
      predicate: { request: id, act, summary, needed },
    }),
  )
  const row = await tables(context.db)
    .insertInto('auth.approval_request')
    .values({
      id,
      act,
      subject,
      summary,
      payload,
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

/** By id, or the open and decided ones, newest first. Throws `not-found` for an unknown id. */
export async function getApproval(
  context: Pick<AuthContext, 'db'>,
  id: string,
  tx?: Tx,
): Promise<ApprovalRequest> {
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
  return toRequest(row, approvals)
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
  const approvals = await db
    .selectFrom('auth.approval')
    .selectAll()
    .where(
      'request_id',
      'in',
      rows.map((row) => row.id),
    )
    .orderBy('approved_at')
    .execute()
  return rows.map((row) =>
    toRequest(
      row,
      approvals.filter((approval) => approval.request_id === row.id),
    ),
  )
}

/**
 * Asks a person to approve with a passkey. Throws `forbidden` for the one who asked and for whoever lacks
 * `<area>:approve`, `conflict` for a second time.
 */
export async function beginApproval(context: AuthContext, by: Principal, id: string): Promise<Asking> {
  const request = await getApproval(context, id)
  const personId = mayApprove(context, request, by)
  return beginSigning(context, personId, pae(PAYLOAD_TYPE, request.payload))
}

/**
 * Adds a person's signature. With the last one needed, the approval is recorded as evidence and `onApproved` carries
 * the act out, all in one transaction: where either throws, the last signature was not given.
 */
export async function finishApproval(
  context: AuthContext & Pick<Installation, 'evidence'>,
  by: Principal,
  id: string,
  answer: { ceremony: string; response: AuthenticationResponse },
  onApproved?: (tx: Tx, request: ApprovalRequest) => Promise<void>,
): Promise<ApprovalRequest> {
  const before = await getApproval(context, id)
  const personId = mayApprove(context, before, by)
  const signature = await finishSigning(context, personId, pae(PAYLOAD_TYPE, before.payload), answer)
  return context.db.kysely.transaction().execute(async (tx) => {
    const db = tables(tx)
    await db.selectFrom('auth.approval_request').select('id').where('id', '=', id).forUpdate().execute()
    mayApprove(context, await getApproval(context, id, tx), by)
    const at = context.now()
    await db
      .insertInto('auth.approval')
      .values({ request_id: id, person_id: personId, ...signature, approved_at: at })
      .execute()
    const request = await getApproval(context, id, tx)
    if (request.approvals.length < request.needed) return request
    await db.updateTable('auth.approval_request').set({ approved_at: at }).where('id', '=', id).execute()
    const approved = { ...request, approvedAt: at }
    const { act, subject, summary, needed } = approved
    await context.evidence.accept(tx, {
      type: approvalEvidence,
      fields: { act, subject, summary, needed, envelope: approvalEnvelope(approved) },
      about: {},
    })
    await onApproved?.(tx, approved)
    return approved
  })
}

/** The signatures so far, over the request's Statement, as a DSSE envelope. */
export function approvalEnvelope(request: ApprovalRequest): ApprovalEnvelope {
  return {
    payloadType: PAYLOAD_TYPE,
    payload: Buffer.from(request.payload).toString('base64'),
    signatures: request.approvals.map(({ keyid, sig }) => ({ keyid, sig })),
  }
}

/** Digest for the `subject` of a request: SHA-256 (hex) of bytes or text. */
export function subjectDigest(content: Uint8Array | string): string {
  return hash('sha256', content)
}

/** The id of the person who may approve this now. */
function mayApprove(context: Pick<AuthContext, 'now'>, request: ApprovalRequest, by: Principal): string {
  const where = `approval ${request.id}`
  const permission = `${request.act.split('/')[0]}:approve` as const
  if (by.kind !== 'person' || !may(by, permission))
    throw new AvouchError('forbidden', `Approving this takes a person with the permission ${permission}`, {
      where,
      fix: 'Ask an owner for a role that has it, and sign in by a passkey.',
    })
  const personId = by.person.id
  if (request.requestedBy === personId)
    throw new AvouchError('forbidden', 'Whoever asks for an approval cannot give it', {
      where,
      fix: 'Other people must approve.',
    })
  if (request.approvedAt) throw new AvouchError('conflict', 'This has been approved already', { where })
  if (request.expiresAt <= context.now())
    throw new AvouchError('conflict', 'This request has lapsed', { where, fix: 'Ask again.' })
  if (request.approvals.some((approval) => approval.personId === personId))
    throw new AvouchError('conflict', 'You have approved this already', {
      where,
      fix: 'Someone else must approve.',
    })
  return personId
}

function toRequest(
  row: AuthTables['auth.approval_request'],
  approvals: AuthTables['auth.approval'][],
): ApprovalRequest {
  return {
    id: row.id,
    act: row.act,
    subject: row.subject,
    summary: row.summary,
    payload: new Uint8Array(row.payload),
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
