import { createHmac, randomBytes } from 'node:crypto'
import { pae } from '@avouch/verify'
import { sql } from 'kysely'
import type { SigningKey } from '../crypto/index.ts'
import type { Database } from '../db/database.ts'
import { AvouchError } from '../errors.ts'
import { PAYLOAD_TYPE } from '../evidence/statement.ts'
import type { DsseSignature } from '../evidence/store.ts'
import { LOG_SIGNED, ORIGIN_TYPE } from './keys.ts'

type Waiting = { id: string; predicate_type: string; statement: Buffer; signatures: DsseSignature[] }

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
    const found = await sql<Waiting>`
      select id, predicate_type, statement, signatures from evidence.record
      where leaf_index is null
      -- A new origin's own leaf, then keys: a signature counts only behind the leaf that certifies its key.
      order by predicate_type = ${ORIGIN_TYPE} desc, predicate_type = any(${[...LOG_SIGNED]}::text[]) desc, accepted limit ${limit} for update`.execute(
      tx,
    )
    if (found.rows.length === 0) return []
    const sealed = found.rows.map((row) =>
      seal(row, LOG_SIGNED.has(row.predicate_type) ? signers.log : signers.evidence),
    )
    const updated = await sql`
      update evidence.record r
      set envelope = s.envelope, leaf_key = s.leaf_key, signatures = s.signatures, statement = null,
          epoch = ${epoch}, leaf_index = ${size} + s.place - 1
      from unnest(${sealed.map((s) => s.id)}::uuid[], ${sealed.map((s) => s.envelope)}::bytea[],
                  ${sealed.map((s) => s.leafKey)}::bytea[], ${sealed.map((s) => JSON.stringify(s.signatures))}::jsonb[])
           with ordinality as s(id, envelope, leaf_key, signatures, place)
      where r.id = s.id and r.leaf_index is null`.execute(tx)
    if (Number(updated.numAffectedRows) !== sealed.length)
      throw new AvouchError('conflict', 'another process sequenced the same evidence; starting again')
    await sql`
      insert into log.leaf (epoch, index, entry)
      select ${epoch}, ${size} + place - 1, entry
      from unnest(${sealed.map((s) => s.entry)}::bytea[]) with ordinality as s(entry, place)`.execute(tx)
    return sealed.map((s) => s.entry)
  })
}

function seal(
  row: Waiting,
  signer: Signer,
): { id: string; envelope: Buffer; leafKey: Buffer; signatures: DsseSignature[]; entry: Buffer } {
  const sig = Buffer.from(signer.key.sign(pae(PAYLOAD_TYPE, row.statement))).toString('base64')
  const signatures = [{ keyid: signer.keyid, sig }, ...row.signatures]
  const envelope = Buffer.from(
    JSON.stringify({ payloadType: PAYLOAD_TYPE, payload: row.statement.toString('base64'), signatures }),
  )
  const leafKey = randomBytes(32)
  return {
    id: row.id,
    envelope,
    leafKey,
    signatures,
    entry: createHmac('sha256', leafKey).update(envelope).digest(),
  }
}
