import type { Database, Tx } from '@avouch/core/db'
import { sql } from 'kysely'
import type { PolicyFiles } from './policy/files.ts'

/** Policies that were adopted. */
export type StoredPolicy = { evidence: string; digest: string; files: PolicyFiles; adoptedAt: Date }

type Row = { evidence: string; digest: Buffer; files: PolicyFiles; adopted_at: Date }

export async function insertPolicy(tx: Tx, policy: StoredPolicy): Promise<void> {
  await sql`insert into weight_security.policy (evidence, digest, files, adopted_at)
    values (${policy.evidence}, ${Buffer.from(policy.digest, 'hex')}, ${JSON.stringify(policy.files)},
      ${policy.adoptedAt})`.execute(tx)
}

/** Those in force, without their text. */
export async function findPolicy(db: Database): Promise<Omit<StoredPolicy, 'files'> | undefined> {
  const found = await sql<Omit<Row, 'files'>>`select evidence, digest, adopted_at from weight_security.policy
    order by number desc limit 1`.execute(db.kysely)
  const row = found.rows[0]
  return row && { evidence: row.evidence, digest: row.digest.toString('hex'), adoptedAt: row.adopted_at }
}

/** All that were ever in force, oldest first. */
export async function listPolicies(db: Database): Promise<StoredPolicy[]> {
  const found = await sql<Row>`select evidence, digest, files, adopted_at from weight_security.policy
    order by number limit 10000`.execute(db.kysely)
  return found.rows.map(({ evidence, digest, files, adopted_at }) => ({
    evidence,
    digest: digest.toString('hex'),
    files,
    adoptedAt: adopted_at,
  }))
}
