import type { Installation } from '@avouch/core/installation'
import { sql } from 'kysely'
import { openedEvidence } from '../evidence.ts'
import { type Told, whoReadByLogs } from '../following/who-read.ts'

/** What one person read of one object under one lease. */
export type Did = {
  person: string
  lease: string
  object: string
  /** Those that gave plaintext, or may have. */
  reads: number
  bytes: number
  /** How often they were refused. */
  refused: number
  first: Date
  last: Date
  /** How many of the reads do not stand in the log yet. */
  unsealed: number
}

/** Who read a model in a stretch of time, and what was opened on the word of the machine's own user. */
export type WhoDid = {
  model: string
  from: Date
  to: Date
  reads: Did[]
  /** What the audit logs tell that are followed: nothing of it stands in our own record. */
  byLogs: Told[]
  withoutLease: { evidence: string; at: Date; object: string; segments: [number, number]; bytes: number }[]
}

/** From the chained record of reads, the logs that are followed, and the evidence of what was opened without a lease. */
export async function whoDid(
  { db, evidence }: Pick<Installation, 'db' | 'evidence'>,
  model: string,
  { from, to }: { from: Date; to: Date },
): Promise<WhoDid> {
  const { rows } = await sql<Did>`
    select r.person, r.lease, r.object, count(*) filter (where not e.denied)::int as reads,
      sum(r.bytes)::bigint as bytes, coalesce(sum(e.times) filter (where e.denied), 0)::int as refused,
      min(r.at) as first, max(r.at) as last, (count(*) filter (where not exists (
        select from weight_security.read_batch b where b.first <= r.number and b.last >= r.number)))::int as unsealed
    from weight_security.read_record r,
      lateral (select r.entry::jsonb->>'outcome' = 'denied' as denied,
        coalesce((r.entry::jsonb->>'times')::int, 1) as times) e
    where r.model = ${model} and r.at >= ${from} and r.at < ${to}
    group by r.person, r.lease, r.object order by min(r.at), r.person limit 10000`.execute(db.kysely)
  const opened = (await evidence.list({ type: openedEvidence, release: model }))
    .filter(({ recordedAt }) => recordedAt >= from && recordedAt < to)
    .map((record) => ({ record, fields: openedEvidence.schema.safeParse(record.fields) }))
  return {
    model,
    from,
    to,
    reads: rows,
    byLogs: await whoReadByLogs(db, model, { from, to }),
    withoutLease: opened.flatMap(({ record, fields }) =>
      fields.success
        ? [
            {
              evidence: record.id,
              at: record.recordedAt,
              object: fields.data.object,
              segments: fields.data.segments,
              bytes: fields.data.bytes,
            },
          ]
        : [],
    ),
  }
}
