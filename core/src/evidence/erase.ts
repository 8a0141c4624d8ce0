import { sql } from 'kysely'
import { z } from 'zod'
import type { BlobStore } from '../blob/store.ts'
import type { Database } from '../db/database.ts'
import { AvouchError } from '../errors.ts'
import type { Recorder } from './recorder.ts'
import { type Accepted, type Attachment, defineEvidence } from './type.ts'

/** The tombstone: which evidence was destroyed, in whole or in which fields. What it said is gone. */
export const erasureEvidence = defineEvidence('core/erasure/v1', {
  title: 'Erasure',
  schema: z.object({
    evidence: z.uuid(),
    digest: z.string(),
    /** The pointers erased; empty when all of it was. */
    pointers: z.array(z.string()),
    reason: z.string().min(1).max(4000),
  }),
  open: ['evidence', 'digest', 'pointers'],
})

/** While it is live, none of the evidence it names may be erased. Taken back, like any evidence, by two people. */
export const legalHoldEvidence = defineEvidence('core/legal-hold/v1', {
  title: 'Legal hold',
  schema: z.object({ evidence: z.array(z.uuid()).min(1), reason: z.string().min(1).max(4000) }),
})

/**
 * Destroys fields with their salts, or body, salts, leaf key and attachments as a whole, and leaves a tombstone in the
 * log: the leaf stays, and nobody can show any more what it committed to. Both happen in one transaction.
 * Throws `not-found`, `conflict` (not logged yet, already erased) or `forbidden` (a legal hold stands).
 */
export async function eraseEvidence(
  parts: { db: Database; blobs: BlobStore; evidence: Recorder },
  id: string,
  what: { pointers: string[] | 'all'; reason: string },
): Promise<Accepted> {
  const record = await parts.evidence.get(id)
  if (record === undefined) throw new AvouchError('not-found', `there is no evidence ${id}`)
  if (record.state !== 'logged')
    throw new AvouchError('conflict', `evidence ${id} is ${record.state}; only logged evidence is erased`)
  const holds = await parts.evidence.list({ type: legalHoldEvidence })
  const held = holds.find(
    (hold) =>
      hold.retractedBy === undefined && (hold.fields.evidence as string[] | undefined)?.includes(record.id),
  )
  if (held !== undefined)
    throw new AvouchError('forbidden', `evidence ${id} is under a legal hold`, {
      where: held.id,
      fix: 'Two people can take the hold back.',
    })
  const attachments: string[] = []
  const accepted = await parts.db.kysely.transaction().execute(async (tx) => {
    const rows = await sql<{ salts: string; fields: string; attachments: (Attachment & { blob: string })[] }>`
      select salts, fields, attachments from evidence.record where id = ${record.id} and erased_at is null for update`.execute(
      tx,
    )
    const row = rows.rows[0]
    if (row === undefined) throw new AvouchError('conflict', `evidence ${id} was erased meanwhile`)
    if (what.pointers === 'all') {
      attachments.push(...row.attachments.map((attachment) => attachment.blob))
      await sql`
        update evidence.record set fields = null, salts = null, statement = null, erased_at = now()
        where id = ${record.id}`.execute(tx)
      await sql`update log.leaf set leaf_key = null where evidence = ${record.id}`.execute(tx)
    } else {
      const left = without(
        JSON.parse(row.fields),
        JSON.parse(row.salts) as Record<string, string>,
        what.pointers,
      )
      await sql`
        update evidence.record set fields = ${JSON.stringify(left.fields)}, salts = ${JSON.stringify(left.salts)}
        where id = ${record.id}`.execute(tx)
    }
    return parts.evidence.accept(tx, {
      type: erasureEvidence,
      about: record.about,
      fields: {
        evidence: record.id,
        digest: record.digest,
        pointers: what.pointers === 'all' ? [] : what.pointers,
        reason: what.reason,
      },
    })
  })
  for (const blob of attachments) await parts.blobs.delete(blob)
  return accepted
}

function without(
  fields: unknown,
  salts: Record<string, string>,
  pointers: string[],
): { fields: unknown; salts: Record<string, string> } {
  const kept = { ...salts }
  for (const pointer of pointers) {
    if (!(pointer in kept))
      throw new AvouchError('input', `nothing is committed at ${pointer}, so it cannot be erased by itself`, {
        where: pointer,
        fix: `Erasable are: ${Object.keys(salts).join(', ')}. Fields in the clear go only with the whole.`,
      })
    delete kept[pointer]
    const tokens = pointer
      .split('/')
      .slice(1)
      .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    const last = tokens.pop()!
    const parent = tokens.reduce<unknown>((value, token) => (value as Record<string, unknown>)[token], fields)
    // A hole in an array keeps the other members' pointers where they were signed.
    if (Array.isArray(parent)) parent[Number(last)] = null
    else delete (parent as Record<string, unknown>)[last]
  }
  return { fields, salts: kept }
}
