import type { Database, Tables, Tx } from '@avouch/core/db'
import { type Kysely, sql } from 'kysely'
import type { Limits, Reader } from './limits.ts'

/** Limits with the evidence that put them in force. */
export type InForce = { limits: Limits; evidence: string; since: Date }

const on = (from: Database | Tx): Kysely<Tables> => ('kysely' in from ? from.kysely : from)

/** Undefined where nobody has ever set any. */
export async function limitsInForce(from: Database | Tx): Promise<InForce | undefined> {
  const found = await sql<InForce>`select limits, evidence, since from weight_security.egress_limits
    order by number desc limit 1`.execute(on(from))
  return found.rows[0]
}

/** Nobody else changes limits before this transaction ends. */
export async function lockLimits(tx: Tx): Promise<void> {
  await sql`lock table weight_security.egress_limits in share row exclusive mode`.execute(tx)
}

export async function insertLimits(tx: Tx, { limits, evidence, since }: InForce): Promise<void> {
  await sql`insert into weight_security.egress_limits (evidence, limits, since)
    values (${evidence}, ${JSON.stringify(limits)}, ${since})`.execute(tx)
}

/** Limits that wait for approval: `replaces` is the evidence of those in force when they were proposed. */
export type Proposal = { approval: string; evidence: string; limits: Limits; replaces: string | null }

export async function insertProposal(db: Database, proposal: Proposal): Promise<void> {
  await sql`insert into weight_security.egress_proposal (approval, evidence, limits, replaces)
    values (${proposal.approval}, ${proposal.evidence}, ${JSON.stringify(proposal.limits)}, ${proposal.replaces})`.execute(
    db.kysely,
  )
}

export async function findProposal(tx: Tx, approval: string): Promise<Proposal | undefined> {
  const found = await sql<Proposal>`select approval, evidence, limits, replaces
    from weight_security.egress_proposal where approval = ${approval}`.execute(tx)
  return found.rows[0]
}

/** Bytes of all sealed files of a release. */
export async function modelBytes(from: Database | Tx, model: string): Promise<number> {
  const found = await sql<{ bytes: number }>`select coalesce(sum(bytes), 0)::bigint as bytes
    from weight_security.object where model = ${model}`.execute(on(from))
  return found.rows[0]!.bytes
}

/** Bytes read in slots from `slot` on, by whom, where and of what is named. What lies in the future counts too. */
export async function usedSince(
  from: Database | Tx,
  slot: number,
  by: Partial<Reader>,
  only: { environments?: string[] | undefined; models?: string[] | undefined } = {},
): Promise<number> {
  const [person, environment, model] = [by.person ?? null, by.environment ?? null, by.model ?? null]
  const [environments, models] = [only.environments ?? null, only.models ?? null]
  const found = await sql<{ bytes: number }>`select coalesce(sum(bytes), 0)::bigint as bytes
    from weight_security.egress_used where slot >= ${slot}
      and (${person}::text is null or person = ${person})
      and (${environment}::text is null or environment = ${environment})
      and (${model}::text is null or model = ${model})
      and (${environments}::text[] is null or environment = any(${environments}::text[]))
      and (${models}::text[] is null or model = any(${models}::text[])
        or split_part(model, '@', 1) = any(${models}::text[]))`.execute(on(from))
  return found.rows[0]!.bytes
}

export async function addUsed(tx: Tx, reader: Reader, slot: number, bytes: number): Promise<void> {
  await sql`insert into weight_security.egress_used as used (person, environment, model, slot, bytes)
    values (${reader.person}, ${reader.environment}, ${reader.model}, ${slot}, ${bytes})
    on conflict (model, person, environment, slot) do update set bytes = used.bytes + excluded.bytes`.execute(
    tx,
  )
}

/** Forgets what was read in slots before this one. */
export async function forgetUsed(tx: Tx, slot: number): Promise<void> {
  await sql`delete from weight_security.egress_used where slot < ${slot}`.execute(tx)
}

/** Who and where has read of a model since a slot, the most first. */
export async function listUsed(
  db: Database,
  slot: number,
  model: string | undefined,
): Promise<(Reader & { bytes: number })[]> {
  const found = await sql<
    Reader & { bytes: number }
  >`select person, environment, model, sum(bytes)::bigint as bytes
    from weight_security.egress_used
    where slot >= ${slot} and (${model ?? null}::text is null or model = ${model ?? null})
    group by person, environment, model order by bytes desc, person limit 1000`.execute(db.kysely)
  return found.rows
}
