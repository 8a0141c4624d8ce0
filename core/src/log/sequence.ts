import { createHmac, randomBytes } from 'node:crypto'
import { pae } from '@avouch/verify'
import { sql } from 'kysely'
import type { SigningKey } from '../crypto/index.ts'
import type { Database, Tx } from '../db/database.ts'
import { AvouchError } from '../errors.ts'
import { envelopeBytes } from '../evidence/envelope.ts'
import { PAYLOAD_TYPE } from '../evidence/statement.ts'
import type { DsseSignature } from '../evidence/store.ts'
import { LOG_SIGNED } from './keys.ts'

type Waiting = {
  place: number
  id: string
  predicate_type: string
  statement: Buffer
  signatures: DsseSignature[]
}

/** A key and the DSSE key id it signs under. */
export type Signer = { keyid: string; key: SigningKey }

/**
 * Takes what waits in the outbox, oldest first, signs each as a DSSE envelope, and fixes their order behind leaf
 * `size - 1` in one transaction. Returns the new entries in order; empty when nothing waited.
 */
export async function sequence(
  db: Database,
  epoch: number,
  size: number,
  signers: { log: Signer; evidence: Signer },
  limit: number,
): Promise<Buffer[]> {
  return db.kysely.transaction().execute(async (tx) => {
    const waiting = await sql<{ place: number; id: string }>`
      select place, id from evidence.outbox order by first desc, place limit ${limit}`.execute(tx)
    if (waiting.rows.length === 0) return []
    const rows = await readWaiting(
      tx,
      waiting.rows.map((row) => row.id),
    )
    const sealed = await sealAll(rows, signers)
    await sql`
      insert into log.leaf (epoch, index, entry, evidence, signatures, leaf_key)
      select ${epoch}, ${size} + s.place - 1, s.entry, s.id, s.signatures, s.leaf_key
      from unnest(${sealed.map((s) => s.entry)}::bytea[], ${sealed.map((s) => s.id)}::uuid[],
                  ${sealed.map((s) => JSON.stringify(s.signatures))}::jsonb[], ${sealed.map((s) => s.leafKey)}::bytea[])
           with ordinality as s(entry, id, signatures, leaf_key, place)`.execute(tx)
    const taken = await sql`
      delete from evidence.outbox where place = any(${waiting.rows.map((row) => row.place)}::bigint[])`.execute(
      tx,
    )
    if (Number(taken.numAffectedRows) !== sealed.length)
      throw new AvouchError('conflict', 'another process sequenced the same evidence; starting again')
    return sealed.map((s) => s.entry)
  })
}

/** Whether anything waits to be sequenced. */
export async function anyWaiting(db: Database): Promise<boolean> {
  const found = await sql<{ waits: boolean }>`select exists (select from evidence.outbox) as waits`.execute(
    db.kysely,
  )
  return found.rows[0]!.waits
}

/** The Statements of these, in this order. By their ids alone: a join would let the planner read the whole table. */
async function readWaiting(tx: Tx, ids: string[]): Promise<Waiting[]> {
  const found = await sql<Waiting>`
    select id, predicate_type, statement, signatures from evidence.record where id = any(${ids}::uuid[])`.execute(
    tx,
  )
  const byId = new Map(found.rows.map((row) => [row.id, row]))
  return ids.map((id) => {
    const row = byId.get(id)
    if (row === undefined)
      throw new AvouchError('internal', `evidence ${id} waits in the outbox but has no record`)
    return row
  })
}

type Sealed = { id: string; leafKey: Buffer; signatures: DsseSignature[]; entry: Buffer }

async function sealAll(rows: Waiting[], signers: { log: Signer; evidence: Signer }): Promise<Sealed[]> {
  const messages = rows.map((row) => pae(PAYLOAD_TYPE, row.statement))
  const byEvidenceKey = await signers.evidence.key.signAll(
    messages.filter((_, i) => !LOG_SIGNED.has(rows[i]!.predicate_type)),
  )
  const keys = randomBytes(32 * rows.length)
  let next = 0
  return rows.map((row, i) => {
    const byLog = LOG_SIGNED.has(row.predicate_type)
    const signer = byLog ? signers.log : signers.evidence
    const sig = byLog ? signer.key.sign(messages[i]!) : byEvidenceKey[next++]!
    const signatures = [{ keyid: signer.keyid, sig: Buffer.from(sig).toString('base64') }, ...row.signatures]
    const leafKey = keys.subarray(32 * i, 32 * i + 32)
    const entry = createHmac('sha256', leafKey).update(envelopeBytes(row.statement, signatures)).digest()
    return { id: row.id, leafKey, signatures, entry }
  })
}
