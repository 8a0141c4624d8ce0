import type { Installation } from '@avouch/core/installation'
import { sql } from 'kysely'
import { leaseEndEvidence } from '../access/evidence.ts'
import { DAY, LONGEST_DAYS } from '../egress/limits.ts'
import { momentOfSlot, windowStart } from '../egress/spend.ts'

/**
 * What the tables beside the record of reads say otherwise than evidence and record do: a lease that ended on record and
 * stands as if it had not, and budgets that were charged less than was read. Whoever changes only the database could
 * else bring back a lease, or make room in a budget, unseen.
 */
export async function besideProblems({
  db,
  evidence,
  now,
}: Pick<Installation, 'db' | 'evidence' | 'now'>): Promise<string[]> {
  const ends = await evidence.list({ type: leaseEndEvidence })
  const ended = ends.map(({ fields }) => String(fields.lease))
  const revived = await sql<{ id: string }>`select id::text as id from weight_security.lease
    where id::text = any(${ended}::text[]) and ended_at is null order by id limit 100`.execute(db.kysely)
  // what lies further back no budget counts, and it may be forgotten
  const slot = windowStart(now(), LONGEST_DAYS * DAY)
  const spared = await sql<{ person: string; model: string }>`
    select r.person, r.model from (select person, model, sum(bytes) as bytes from weight_security.read_record
      where bytes > 0 and at >= ${momentOfSlot(slot)} group by person, model) r
    left join (select person, model, sum(bytes) as bytes from weight_security.egress_used
      where slot >= ${slot} group by person, model) u
      on u.person = r.person and u.model = r.model
    where coalesce(u.bytes, 0) < r.bytes order by r.person, r.model limit 100`.execute(db.kysely)
  return [
    ...revived.rows.map(({ id }) => `lease ${id} ended on record, and stands as if it had not`),
    ...spared.rows.map(({ person, model }) => `budgets were charged less than ${person} read of ${model}`),
  ]
}
