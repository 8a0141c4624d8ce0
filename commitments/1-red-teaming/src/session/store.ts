import type { Verdict } from '@avouch/core/campaign'
import type { Database, Tx } from '@avouch/core/db'
import { type Kysely, sql } from 'kysely'
import type { Domain } from '../domain.ts'
import type { Severity } from '../probe.ts'
import type { EndedBy, Finding, Session, SessionState, Turn, TurnState } from './session.ts'

type SessionRow = {
  id: string
  invitation: string
  domains: Domain[]
  world: string | null
  setting: Buffer | null
  wrapped_key: Buffer
  state: SessionState
  plan: string
  result: string | null
  started_at: Date
  acted_at: Date
  ended_at: Date | null
  ended_by: EndedBy | null
}
type TurnRow = {
  turn: number
  parent: number | null
  from_step: number | null
  state: TurnState
  asked: Buffer
  answered: Buffer | null
  leaf: Buffer | null
  asked_at: Date
  answered_at: Date | null
}
type FindingRow = {
  finding: number
  turn: number
  domain: Domain
  severity: Severity
  verdict: Verdict
  minutes: number
  words: Buffer
  withdrawn: boolean
  marked_at: Date
}
type AttachmentRow = {
  attachment: number
  turn: number | null
  blob: string
  sealed_size: number
  sealed_digest: string
  size: number
  words: Buffer
  attached_at: Date
}

export type StoredSession = Session & { wrappedKey: Buffer; setting: Buffer | undefined }
export type StoredTurn = Turn & { asked: Buffer; answered: Buffer | undefined; leaf: Buffer | undefined }
export type StoredFinding = Finding & { words: Buffer }
export type StoredAttachment = {
  attachment: number
  turn: number | undefined
  blob: string
  sealedSize: number
  sealedDigest: string
  size: number
  words: Buffer
  attachedAt: Date
}

const on = (from: Database | Tx): Kysely<Record<never, never>> => ('kysely' in from ? from.kysely : from)

export async function insertSession(tx: Tx, session: StoredSession): Promise<void> {
  const { id, invitation, domains, world, setting, wrappedKey, state, plan, startedAt } = session
  await sql`
    insert into red_teaming.session
      (id, invitation, domains, world, setting, wrapped_key, state, plan, started_at, acted_at)
    values (${id}, ${invitation}, ${domains}, ${world ?? null}, ${setting ?? null}, ${wrappedKey}, ${state},
      ${plan}, ${startedAt}, ${startedAt})`.execute(tx)
}

export async function findSession(from: Database | Tx, id: string): Promise<StoredSession | undefined> {
  const found = await sql<SessionRow>`select * from red_teaming.session where id = ${id}`.execute(on(from))
  return found.rows.map(toSession)[0]
}

/** The session, which nobody else changes until the transaction ends. */
export async function lockSession(tx: Tx, id: string): Promise<StoredSession | undefined> {
  const found = await sql<SessionRow>`
    select * from red_teaming.session where id = ${id} for update`.execute(tx)
  return found.rows.map(toSession)[0]
}

/** Newest first: those of an expert, of an invitation, or all. */
export async function listSessions(
  from: Database | Tx,
  of: { expert?: string; invitation?: string } = {},
): Promise<StoredSession[]> {
  const found = await sql<SessionRow>`
    select s.* from red_teaming.session s join red_teaming.invitation i on i.id = s.invitation
    where ${of.expert === undefined ? sql`true` : sql`i.expert = ${of.expert}`}
      and ${of.invitation === undefined ? sql`true` : sql`i.id = ${of.invitation}`}
    order by s.started_at desc, s.id`.execute(on(from))
  return found.rows.map(toSession)
}

export async function noteAct(tx: Tx, id: string, at: Date): Promise<void> {
  await sql`update red_teaming.session set acted_at = greatest(acted_at, ${at}) where id = ${id}`.execute(tx)
}

export async function closeSession(tx: Tx, id: string, at: Date, by: EndedBy): Promise<void> {
  await sql`
    update red_teaming.session set state = 'ended', ended_at = ${at}, ended_by = ${by}
    where id = ${id} and state = 'open'`.execute(tx)
}

export async function concludeSession(
  tx: Tx,
  id: string,
  state: 'signed' | 'abandoned',
  result: string,
): Promise<void> {
  await sql`
    update red_teaming.session set state = ${state}, result = ${result}
    where id = ${id} and state = 'ended'`.execute(tx)
}

/** Keeps what was said, before the model is asked; answers the turn's number. */
export async function insertTurn(
  tx: Tx,
  session: string,
  turn: { parent: number | undefined; fromStep: number | undefined; asked: Buffer; at: Date },
  number: number,
): Promise<void> {
  const { parent, fromStep, asked, at } = turn
  await sql`
    insert into red_teaming.turn (session, turn, parent, from_step, state, asked, asked_at)
    values (${session}, ${number}, ${parent ?? null}, ${fromStep ?? null}, 'pending', ${asked}, ${at})`.execute(
    tx,
  )
}

/** Keeps what came back, once; false where something stands there already. */
export async function answerTurn(
  tx: Tx,
  session: string,
  turn: number,
  answer: { state: Exclude<TurnState, 'pending'>; answered: Buffer; leaf: Buffer; at: Date },
): Promise<boolean> {
  const done = await sql`
    update red_teaming.turn set state = ${answer.state}, answered = ${answer.answered}, leaf = ${answer.leaf},
      answered_at = ${answer.at}
    where session = ${session} and turn = ${turn} and state = 'pending'`.execute(tx)
  return done.numAffectedRows === 1n
}

/** A session's turns in order, without what is sealed. */
export async function turnLines(from: Database | Tx, session: string): Promise<Turn[]> {
  const found = await sql<Omit<TurnRow, 'asked' | 'answered' | 'leaf'>>`
    select turn, parent, from_step, state, asked_at, answered_at from red_teaming.turn
    where session = ${session} order by turn`.execute(on(from))
  return found.rows.map(toTurn)
}

/** A session's turns in order. `only` reads some of them. */
export async function turnsOf(
  from: Database | Tx,
  session: string,
  only?: readonly number[],
): Promise<StoredTurn[]> {
  const found = await sql<TurnRow>`
    select * from red_teaming.turn
    where session = ${session} and ${only === undefined ? sql`true` : sql`turn = any(${[...only]}::int[])`}
    order by turn`.execute(on(from))
  return found.rows.map((row) => ({
    ...toTurn(row),
    asked: row.asked,
    answered: row.answered ?? undefined,
    leaf: row.leaf ?? undefined,
  }))
}

/** A turn and those before it in its conversation, first to last; empty where there is no such turn. */
export async function threadOf(from: Database | Tx, session: string, turn: number): Promise<StoredTurn[]> {
  const found = await sql<{ turn: number }>`
    with recursive thread as (
      select turn, parent from red_teaming.turn where session = ${session} and turn = ${turn}
      union all
      select t.turn, t.parent from red_teaming.turn t join thread on t.turn = thread.parent
      where t.session = ${session}
    ) select turn from thread`.execute(on(from))
  return found.rows.length === 0
    ? []
    : turnsOf(
        from,
        session,
        found.rows.map((row) => row.turn),
      )
}

/** Writes a finding, anew or over what stands under its number. */
export async function putFinding(tx: Tx, session: string, finding: StoredFinding): Promise<void> {
  const { finding: number, turn, domain, severity, verdict, minutes, words, withdrawn, markedAt } = finding
  await sql`
    insert into red_teaming.finding
      (session, finding, turn, domain, severity, verdict, minutes, words, withdrawn, marked_at)
    values (${session}, ${number}, ${turn}, ${domain}, ${severity}, ${verdict}, ${minutes}, ${words},
      ${withdrawn}, ${markedAt})
    on conflict (session, finding) do update set domain = excluded.domain, severity = excluded.severity,
      verdict = excluded.verdict, minutes = excluded.minutes, words = excluded.words,
      withdrawn = excluded.withdrawn, marked_at = excluded.marked_at`.execute(tx)
}

export async function findingsOf(from: Database | Tx, session: string): Promise<StoredFinding[]> {
  const found = await sql<FindingRow>`
    select * from red_teaming.finding where session = ${session} order by finding`.execute(on(from))
  return found.rows.map(({ marked_at, ...row }) => ({ ...row, markedAt: marked_at }))
}

export async function insertAttachment(
  tx: Tx,
  session: string,
  { attachment, turn, blob, sealedSize, sealedDigest, size, words, attachedAt }: StoredAttachment,
): Promise<void> {
  await sql`
    insert into red_teaming.attachment
      (session, attachment, turn, blob, sealed_size, sealed_digest, size, words, attached_at)
    values (${session}, ${attachment}, ${turn ?? null}, ${blob}, ${sealedSize}, ${sealedDigest}, ${size},
      ${words}, ${attachedAt})`.execute(tx)
}

export async function attachmentsOf(from: Database | Tx, session: string): Promise<StoredAttachment[]> {
  const found = await sql<AttachmentRow>`
    select * from red_teaming.attachment where session = ${session} order by attachment`.execute(on(from))
  return found.rows.map((row) => ({
    attachment: row.attachment,
    turn: row.turn ?? undefined,
    blob: row.blob,
    sealedSize: row.sealed_size,
    sealedDigest: row.sealed_digest,
    size: row.size,
    words: row.words,
    attachedAt: row.attached_at,
  }))
}

function toTurn(row: Omit<TurnRow, 'asked' | 'answered' | 'leaf'>): Turn {
  return {
    turn: row.turn,
    parent: row.parent ?? undefined,
    fromStep: row.from_step ?? undefined,
    state: row.state,
    askedAt: row.asked_at,
    answeredAt: row.answered_at ?? undefined,
  }
}

function toSession(row: SessionRow): StoredSession {
  return {
    id: row.id,
    invitation: row.invitation,
    domains: row.domains,
    world: row.world ?? undefined,
    setting: row.setting ?? undefined,
    wrappedKey: row.wrapped_key,
    state: row.state,
    plan: row.plan,
    result: row.result ?? undefined,
    startedAt: row.started_at,
    actedAt: row.acted_at,
    endedAt: row.ended_at ?? undefined,
    endedBy: row.ended_by ?? undefined,
  }
}
