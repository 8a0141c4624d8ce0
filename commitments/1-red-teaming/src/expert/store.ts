import type { Database, Tx } from '@avouch/core/db'
import type { About } from '@avouch/core/evidence'
import type { TargetSpec } from '@avouch/core/model'
import { type Kysely, sql } from 'kysely'
import type { Domain } from '../domain.ts'

/** Someone from outside; `id` is what evidence calls them. */
export type Expert = { id: string; person: string; record: string | undefined; createdAt: Date }

/** What an expert may do, and until when. */
export type Invitation = {
  id: string
  expert: string
  about: Required<About>
  target: TargetSpec
  domains: Domain[]
  systemPrompt: boolean
  /** Worlds and scenarios that the model may be let act in, such as `office:standard`. */
  worlds: string[]
  hoursAgreed: number
  endsAt: Date
  endedAt: Date | undefined
  evidence: string
  createdAt: Date
}

type ExpertRow = { id: string; person: string; record: string | null; created_at: Date }
type InvitationRow = {
  id: string
  expert: string
  release: string
  snapshot: string
  configuration: Required<About>['configuration']
  target: TargetSpec
  domains: Domain[]
  system_prompt: boolean
  worlds: string[]
  hours_agreed: number
  ends_at: Date
  ended_at: Date | null
  evidence: string
  created_at: Date
}

const on = (from: Database | Tx): Kysely<Record<never, never>> => ('kysely' in from ? from.kysely : from)

/** Makes the person an expert, or finds the one they are. */
export async function ensureExpert(
  tx: Tx,
  expert: { id: string; person: string; at: Date },
): Promise<Expert> {
  const made = await sql<ExpertRow>`
    insert into red_teaming.expert (id, person, created_at) values (${expert.id}, ${expert.person}, ${expert.at})
    on conflict (person) do update set person = excluded.person returning *`.execute(tx)
  return toExpert(made.rows[0]!)
}

export async function findExpert(
  from: Database | Tx,
  key: { id: string } | { person: string },
): Promise<Expert | undefined> {
  const found = await sql<ExpertRow>`
    select * from red_teaming.expert
    where ${'id' in key ? sql`id = ${key.id}` : sql`person = ${key.person}`}`.execute(on(from))
  return found.rows.map(toExpert)[0]
}

export async function listExperts(db: Database): Promise<Expert[]> {
  const found = await sql<ExpertRow>`select * from red_teaming.expert order by created_at, id`.execute(
    db.kysely,
  )
  return found.rows.map(toExpert)
}

/** Makes this the record that counts for the expert. */
export async function setRecord(tx: Tx, expert: string, record: string): Promise<void> {
  await sql`update red_teaming.expert set record = ${record} where id = ${expert}`.execute(tx)
}

export async function insertInvitation(tx: Tx, invitation: Invitation): Promise<void> {
  const { id, expert, about, target, domains, systemPrompt, worlds, hoursAgreed, endsAt } = invitation
  const { evidence, createdAt } = invitation
  await sql`
    insert into red_teaming.invitation
      (id, expert, release, snapshot, configuration, target, domains, system_prompt, worlds, hours_agreed,
       ends_at, evidence, created_at)
    values (${id}, ${expert}, ${about.release}, ${about.snapshot}, ${about.configuration},
       ${JSON.stringify(target)}, ${domains}, ${systemPrompt}, ${worlds}, ${hoursAgreed}, ${endsAt}, ${evidence}, ${createdAt})`.execute(
    tx,
  )
}

/** Ends it early; undefined where it has ended before or never was. */
export async function endInvitation(tx: Tx, id: string, at: Date): Promise<Invitation | undefined> {
  const found = await sql<InvitationRow>`
    update red_teaming.invitation set ended_at = ${at}
    where id = ${id} and ended_at is null and ends_at > ${at} returning *`.execute(tx)
  return found.rows.map(toInvitation)[0]
}

export async function findInvitation(from: Database | Tx, id: string): Promise<Invitation | undefined> {
  const found = await sql<InvitationRow>`select * from red_teaming.invitation where id = ${id}`.execute(
    on(from),
  )
  return found.rows.map(toInvitation)[0]
}

/** The same, which nobody else changes or locks until the transaction ends. */
export async function lockInvitation(tx: Tx, id: string): Promise<Invitation | undefined> {
  const found = await sql<InvitationRow>`
    select * from red_teaming.invitation where id = ${id} for update`.execute(tx)
  return found.rows.map(toInvitation)[0]
}

/** An expert's invitations, or all of them, newest first. */
export async function listInvitations(from: Database | Tx, expert?: string): Promise<Invitation[]> {
  const found = await sql<InvitationRow>`
    select * from red_teaming.invitation
    where ${expert === undefined ? sql`true` : sql`expert = ${expert}`}
    order by created_at desc, id`.execute(on(from))
  return found.rows.map(toInvitation)
}

/** When an invitation ends, or ended. */
export function endOf({ endsAt, endedAt }: Pick<Invitation, 'endsAt' | 'endedAt'>): Date {
  return endedAt && endedAt < endsAt ? endedAt : endsAt
}

function toExpert({ id, person, record, created_at }: ExpertRow): Expert {
  return { id, person, record: record ?? undefined, createdAt: created_at }
}

function toInvitation(row: InvitationRow): Invitation {
  return {
    id: row.id,
    expert: row.expert,
    about: { release: row.release, snapshot: row.snapshot, configuration: row.configuration },
    target: row.target,
    domains: row.domains,
    systemPrompt: row.system_prompt,
    worlds: row.worlds,
    hoursAgreed: row.hours_agreed,
    endsAt: row.ends_at,
    endedAt: row.ended_at ?? undefined,
    evidence: row.evidence,
    createdAt: row.created_at,
  }
}
