import type { Database, Tables, Tx } from '@avouch/core/db'
import { type Kysely, sql } from 'kysely'
import type { EnvironmentPolicy } from './policy.ts'

/** An environment's policy, with the evidence that put it in force. */
export type EnvironmentRow = { name: string; policy: EnvironmentPolicy; evidence: string; changedAt: Date }

const on = (from: Database | Tx): Kysely<Tables> => ('kysely' in from ? from.kysely : from)

export async function findEnvironment(
  from: Database | Tx,
  name: string,
): Promise<EnvironmentRow | undefined> {
  const found = await sql<EnvironmentRow>`select name, policy, evidence, changed_at as "changedAt"
    from weight_security.environment where name = ${name}`.execute(on(from))
  return found.rows[0]
}

export async function listEnvironments(db: Database): Promise<EnvironmentRow[]> {
  const found = await sql<EnvironmentRow>`select name, policy, evidence, changed_at as "changedAt"
    from weight_security.environment order by name limit 1000`.execute(db.kysely)
  return found.rows
}

/** Nobody else changes policies before this transaction ends. */
export async function lockEnvironments(tx: Tx): Promise<void> {
  await sql`lock table weight_security.environment in share row exclusive mode`.execute(tx)
}

export async function putEnvironment(
  tx: Tx,
  { name, policy, evidence, changedAt }: EnvironmentRow,
): Promise<void> {
  await sql`insert into weight_security.environment (name, policy, evidence, changed_at)
    values (${name}, ${JSON.stringify(policy)}, ${evidence}, ${changedAt})
    on conflict (name) do update set policy = excluded.policy, evidence = excluded.evidence,
      changed_at = excluded.changed_at`.execute(tx)
}

/** A looser policy that waits for two people; `replaces` is the evidence of the one in force when it was proposed. */
export type EnvironmentProposal = Pick<EnvironmentRow, 'name' | 'policy' | 'evidence'> & {
  approval: string
  replaces: string
}

export async function insertEnvironmentProposal(db: Database, proposal: EnvironmentProposal): Promise<void> {
  const { approval, evidence, name, policy, replaces } = proposal
  await sql`insert into weight_security.environment_proposal (approval, evidence, name, policy, replaces)
    values (${approval}, ${evidence}, ${name}, ${JSON.stringify(policy)}, ${replaces})`.execute(db.kysely)
}

export async function findEnvironmentProposal(
  tx: Tx,
  approval: string,
): Promise<EnvironmentProposal | undefined> {
  const found = await sql<EnvironmentProposal>`select approval, evidence, name, policy, replaces
    from weight_security.environment_proposal where approval = ${approval}`.execute(tx)
  return found.rows[0]
}

export type Challenge = { id: string; environment: string; nonce: Buffer; endsAt: Date; usedAt: Date | null }

export async function insertChallenge(db: Database, challenge: Challenge, madeAt: Date): Promise<void> {
  const { id, environment, nonce, endsAt } = challenge
  await sql`insert into weight_security.attestation_challenge (id, environment, nonce, made_at, ends_at)
    values (${id}, ${environment}, ${nonce}, ${madeAt}, ${endsAt})`.execute(db.kysely)
  // what nobody answered is of no use to anybody
  await sql`delete from weight_security.attestation_challenge
    where ends_at < ${new Date(madeAt.getTime() - 86_400_000)}`.execute(db.kysely)
}

/** The challenge, held until this transaction ends. */
export async function lockChallenge(tx: Tx, id: string): Promise<Challenge | undefined> {
  const found = await sql<Challenge>`select id, environment, nonce, ends_at as "endsAt", used_at as "usedAt"
    from weight_security.attestation_challenge where id = ${id} for update`.execute(tx)
  return found.rows[0]
}

export async function useChallenge(tx: Tx, id: string, at: Date): Promise<void> {
  await sql`update weight_security.attestation_challenge set used_at = ${at} where id = ${id}`.execute(tx)
}

export type Attestation = {
  id: string
  environment: string
  policy: string
  evidence: string
  tokenHash: Buffer
  madeAt: Date
  endsAt: Date
}

export async function insertAttestation(tx: Tx, made: Attestation): Promise<void> {
  await sql`insert into weight_security.attestation (id, environment, policy, evidence, token_hash, made_at, ends_at)
    values (${made.id}, ${made.environment}, ${made.policy}, ${made.evidence}, ${made.tokenHash}, ${made.madeAt},
      ${made.endsAt})`.execute(tx)
}

export async function findAttestation(db: Database, tokenHash: Buffer): Promise<Attestation | undefined> {
  const found = await sql<Attestation>`select id, environment, policy, evidence, token_hash as "tokenHash",
    made_at as "madeAt", ends_at as "endsAt" from weight_security.attestation
    where token_hash = ${tokenHash}`.execute(db.kysely)
  return found.rows[0]
}

/** The newest attestation of each environment. */
export async function newestAttestations(db: Database): Promise<Omit<Attestation, 'tokenHash'>[]> {
  const found = await sql<
    Omit<Attestation, 'tokenHash'>
  >`select distinct on (environment) id, environment, policy,
    evidence, made_at as "madeAt", ends_at as "endsAt" from weight_security.attestation
    order by environment, made_at desc limit 1000`.execute(db.kysely)
  return found.rows
}
