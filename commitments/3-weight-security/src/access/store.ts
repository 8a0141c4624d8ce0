import type { Database, Tables, Tx } from '@avouch/core/db'
import { type Kysely, sql } from 'kysely'
import type { EndReason } from './evidence.ts'

/** What a person does here. `evidence` is that of its newest change. */
export type Profile = {
  person: string
  team: string
  functions: string[]
  projects: string[]
  environments: string[]
  evidence: string
  changedAt: Date
}

export type LeaseRow = {
  id: string
  request: string | null
  break_glass: string | null
  grant_evidence: string
  evidence: string
  object: string
  model: string
  digest: Buffer
  first_segment: number
  last_segment: number
  holder: string
  environment: string
  session: string | null
  profile: string
  roles: string[]
  starts_at: Date
  ends_at: Date
  ended_at: Date | null
  end_reason: EndReason | null
  ended_by: string | null
  end_evidence: string | null
  /** Of the request; `emergency` where the glass was broken. */
  purpose: string
}

const leases = sql`(select l.*, coalesce(r.purpose, 'emergency') as purpose from weight_security.lease l
  left join weight_security.request r on r.id = l.request)`

const on = (from: Database | Tx): Kysely<Tables> => ('kysely' in from ? from.kysely : from)

const profileColumns = sql`person, team, functions, projects, environments, evidence, changed_at as "changedAt"`

export async function findProfile(from: Database | Tx, person: string): Promise<Profile | undefined> {
  const found = await sql<Profile>`select ${profileColumns} from weight_security.profile
    where person = ${person}`.execute(on(from))
  return found.rows[0]
}

/** These people's profiles, held as they are until the transaction ends. */
export async function lockProfiles(tx: Tx, people: readonly string[]): Promise<Profile[]> {
  const found = await sql<Profile>`select ${profileColumns} from weight_security.profile
    where person = any(${[...people]}::uuid[]) order by person for share`.execute(tx)
  return found.rows
}

export async function listProfiles(db: Database): Promise<Profile[]> {
  const found = await sql<Profile>`select ${profileColumns} from weight_security.profile
    order by changed_at, person limit 10000`.execute(db.kysely)
  return found.rows
}

export async function putProfile(tx: Tx, profile: Profile): Promise<void> {
  await sql`insert into weight_security.profile
    (person, team, functions, projects, environments, evidence, changed_at)
    values (${profile.person}, ${profile.team}, ${profile.functions}, ${profile.projects}, ${profile.environments},
      ${profile.evidence}, ${profile.changedAt})
    on conflict (person) do update set team = excluded.team, functions = excluded.functions,
      projects = excluded.projects, environments = excluded.environments, evidence = excluded.evidence,
      changed_at = excluded.changed_at`.execute(tx)
}

export async function findLease(from: Database | Tx, id: string): Promise<LeaseRow | undefined> {
  const found = await sql<LeaseRow>`select * from ${leases} lease where id::text = ${id}`.execute(on(from))
  return found.rows[0]
}

/** Leases, the newest first: of a holder or all, those that have not ended by `liveAt` or all. */
export async function listLeases(
  db: Database,
  filter: { holder?: string; liveAt?: Date; model?: string; limit?: number } = {},
): Promise<LeaseRow[]> {
  const { holder = null, liveAt = null, model = null, limit = 1000 } = filter
  const found = await sql<LeaseRow>`select * from ${leases} lease
    where (${holder}::uuid is null or holder = ${holder})
      and (${model}::text is null or model = ${model})
      and (${liveAt}::timestamptz is null or (ended_at is null and ends_at > ${liveAt}))
    order by starts_at desc, id limit ${limit}`.execute(db.kysely)
  return found.rows
}

export async function insertLeases(
  tx: Tx,
  rows: readonly Omit<LeaseRow, 'ended_at' | 'end_reason' | 'ended_by' | 'end_evidence' | 'purpose'>[],
): Promise<void> {
  for (const row of rows)
    await sql`insert into weight_security.lease
      (id, request, break_glass, grant_evidence, evidence, object, model, digest, first_segment, last_segment, holder,
       environment, session, profile, roles, starts_at, ends_at)
      values (${row.id}, ${row.request}, ${row.break_glass}, ${row.grant_evidence}, ${row.evidence}, ${row.object},
        ${row.model}, ${row.digest}, ${row.first_segment}, ${row.last_segment}, ${row.holder}, ${row.environment},
        ${row.session}, ${row.profile}, ${row.roles}, ${row.starts_at}, ${row.ends_at})`.execute(tx)
}

export type Ending = { at: Date; reason: EndReason; by: string | null }

/** Ends a lease that has not ended. It acts at once; `recordLeaseEnds` makes evidence of it. Returns whether it did. */
export async function endLease(from: Database | Tx, id: string, ending: Ending): Promise<boolean> {
  const done = await sql`update weight_security.lease
    set ended_at = ${ending.at}, end_reason = ${ending.reason}, ended_by = ${ending.by}
    where id::text = ${id} and ended_at is null and ends_at > ${ending.at} returning id`.execute(on(from))
  return done.rows.length > 0
}

/** The same for all leases of a holder, or those that began before a moment. Returns how many. */
export async function endLeasesOf(
  from: Database | Tx,
  holder: string,
  ending: Ending,
  begunBefore: Date | null = null,
): Promise<number> {
  const done = await sql`update weight_security.lease
    set ended_at = ${ending.at}, end_reason = ${ending.reason}, ended_by = ${ending.by}
    where holder = ${holder} and ended_at is null and ends_at > ${ending.at}
      and (${begunBefore}::timestamptz is null or starts_at < ${begunBefore}) returning id`.execute(on(from))
  return done.rows.length
}

/** The same for the leases that a broken glass gave. Returns how many. */
export async function endLeasesOfCase(from: Database | Tx, id: string, ending: Ending): Promise<number> {
  const done = await sql`update weight_security.lease
    set ended_at = ${ending.at}, end_reason = ${ending.reason}, ended_by = ${ending.by}
    where break_glass::text = ${id} and ended_at is null and ends_at > ${ending.at} returning id`.execute(
    on(from),
  )
  return done.rows.length
}

/** Endings that are not evidence yet, or not marked, locked; those that another process has locked are left to it. */
export async function lockUnrecordedEnds(tx: Tx): Promise<Omit<LeaseRow, 'purpose'>[]> {
  const found = await sql<Omit<LeaseRow, 'purpose'>>`select * from weight_security.lease
    where ended_at is not null and (end_evidence is null or end_marked_at is null) order by ended_at limit 1000
    for update skip locked`.execute(tx)
  return found.rows
}

export async function setEndEvidence(tx: Tx, lease: string, evidence: string): Promise<void> {
  await sql`update weight_security.lease set end_evidence = ${evidence} where id = ${lease}`.execute(tx)
}

export async function setEndMarked(tx: Tx, lease: string, at: Date): Promise<void> {
  await sql`update weight_security.lease set end_marked_at = ${at} where id = ${lease}`.execute(tx)
}

export async function latestMoment(db: Database): Promise<Date | undefined> {
  const found = await sql<{ latest: Date }>`select latest from weight_security.clock`.execute(db.kysely)
  return found.rows[0]?.latest
}

export async function setLatestMoment(db: Database, now: Date): Promise<void> {
  await sql`insert into weight_security.clock (latest) values (${now})
    on conflict (one) do update set latest = greatest(weight_security.clock.latest, excluded.latest)`.execute(
    db.kysely,
  )
}

export async function forgetMoment(db: Database, now: Date): Promise<void> {
  await sql`update weight_security.clock set latest = ${now}`.execute(db.kysely)
}
