import type { Database, Tables, Tx } from '@avouch/core/db'
import { type Kysely, sql } from 'kysely'
import type { Portion } from './evidence.ts'

/** The name of the act of granting one, among approvals. */
export const GRANT_ACT = 'weight-security/grant'

export type RequestState = 'asked' | 'granted' | 'refused' | 'withdrawn'

/** Somebody asks to read weights. */
export type AccessRequest = {
  id: string
  holder: string
  /** Undefined for the command line. */
  askedBy: string | undefined
  model: string
  objects: Portion[]
  environment: string
  seconds: number
  purpose: string
  reason: string
  /** The session its leases end with, if they are to. */
  session: string | undefined
  /** Evidence of the holder's profile, and their roles, when it was asked. */
  profile: string
  roles: string[]
  evidence: string
  /** The approval request of `@avouch/core/auth`, and the evidence it would make. */
  approval: string | undefined
  grantEvidence: string | undefined
  state: RequestState
  why: string | undefined
  askedAt: Date
  decidedAt: Date | undefined
}

type RequestRow = {
  [K in 'id' | 'holder' | 'model' | 'environment' | 'purpose' | 'reason' | 'profile' | 'evidence']: string
} & {
  [K in 'asked_by' | 'session' | 'approval' | 'grant_evidence' | 'why']: string | null
} & {
  objects: Portion[]
  seconds: number
  roles: string[]
  state: RequestState
  asked_at: Date
  decided_at: Date | null
}

const on = (from: Database | Tx): Kysely<Tables> => ('kysely' in from ? from.kysely : from)

export async function insertRequest(tx: Tx, request: AccessRequest): Promise<void> {
  await sql`insert into weight_security.request
    (id, holder, asked_by, model, objects, environment, seconds, purpose, reason, session, profile, roles, evidence,
     approval, grant_evidence, state, why, asked_at, decided_at)
    values (${request.id}, ${request.holder}, ${request.askedBy ?? null}, ${request.model},
      ${JSON.stringify(request.objects)}, ${request.environment}, ${request.seconds}, ${request.purpose},
      ${request.reason}, ${request.session ?? null}, ${request.profile}, ${request.roles}, ${request.evidence},
      ${request.approval ?? null}, ${request.grantEvidence ?? null}, ${request.state}, ${request.why ?? null},
      ${request.askedAt}, ${request.decidedAt ?? null})`.execute(tx)
}

export async function findRequest(
  from: Database | Tx,
  by: { id: string } | { approval: string },
): Promise<AccessRequest | undefined> {
  const found = await ('id' in by
    ? sql<RequestRow>`select * from weight_security.request where id::text = ${by.id}`
    : sql<RequestRow>`select * from weight_security.request where approval = ${by.approval}`
  ).execute(on(from))
  return found.rows.map(toRequest)[0]
}

/** The request, locked until the transaction ends: approving, refusing and withdrawing wait for one another. */
export async function lockRequest(
  tx: Tx,
  by: { id: string } | { approval: string },
): Promise<AccessRequest | undefined> {
  const found = await ('id' in by
    ? sql<RequestRow>`select * from weight_security.request where id::text = ${by.id} for update`
    : sql<RequestRow>`select * from weight_security.request where approval = ${by.approval} for update`
  ).execute(tx)
  return found.rows.map(toRequest)[0]
}

/** The newest first. */
export async function listRequests(
  db: Database,
  filter: { holder?: string; state?: RequestState; model?: string; limit?: number } = {},
): Promise<AccessRequest[]> {
  const { holder = null, state = null, model = null, limit = 500 } = filter
  const found = await sql<RequestRow>`select * from weight_security.request
    where (${holder}::uuid is null or holder = ${holder}) and (${state}::text is null or state = ${state})
      and (${model}::text is null or model = ${model})
    order by asked_at desc, id limit ${limit}`.execute(db.kysely)
  return found.rows.map(toRequest)
}

export async function setRequestState(
  tx: Tx,
  id: string,
  state: RequestState,
  decided: { at: Date; why?: string },
): Promise<void> {
  await sql`update weight_security.request set state = ${state}, why = coalesce(${decided.why ?? null}, why),
    decided_at = ${decided.at} where id = ${id}`.execute(tx)
}

/** Whom these approval requests would let read. */
export async function holdersOf(
  from: Database | Tx,
  approvals: readonly string[],
): Promise<Map<string, string>> {
  const found = await sql<{ approval: string; holder: string }>`
    select approval, holder from weight_security.request
    where approval = any(${[...approvals]}::uuid[]) and state in ('asked', 'granted')`.execute(on(from))
  return new Map(found.rows.map(({ approval, holder }) => [approval, holder]))
}

/** Lets one transaction at a time sign for requests, so that two cannot close a ring between them. */
export async function oneApproverAtATime(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('weight-security/grant', 0))`.execute(tx)
}

function toRequest(row: RequestRow): AccessRequest {
  return {
    id: row.id,
    holder: row.holder,
    askedBy: row.asked_by ?? undefined,
    model: row.model,
    objects: row.objects,
    environment: row.environment,
    seconds: row.seconds,
    purpose: row.purpose,
    reason: row.reason,
    session: row.session ?? undefined,
    profile: row.profile,
    roles: row.roles,
    evidence: row.evidence,
    approval: row.approval ?? undefined,
    grantEvidence: row.grant_evidence ?? undefined,
    state: row.state,
    why: row.why ?? undefined,
    askedAt: row.asked_at,
    decidedAt: row.decided_at ?? undefined,
  }
}
