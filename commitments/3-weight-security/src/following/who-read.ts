import type { Database } from '@avouch/core/db'
import { sql } from 'kysely'

/** What one log tells of one person or workload and one model. */
export type Told = {
  person: string
  source: string
  /** Nobody the mapping knows: `person` is the log's own name. */
  unmapped: boolean
  reads: number
  /** Of these, copies out of the mapped buckets. */
  exports: number
  /** Uses of a key that opens the model; what was read by them, the key service does not know. */
  keys: number
  refused: number
  /** As far as the log tells bytes at all. */
  bytes: number
  first: Date
  last: Date
}

/** Who read a model in a stretch of time, or tried to, by the logs that were followed. `from` is included, `to` is not. */
export async function whoReadByLogs(
  db: Database,
  model: string,
  { from, to }: { from: Date; to: Date },
): Promise<Told[]> {
  const { rows } = await sql<Told>`
    select person, source, unmapped,
      (count(*) filter (where outcome = 'ok' and told is distinct from 'key'))::int as reads,
      (count(*) filter (where outcome = 'ok' and action = 'export'))::int as exports,
      (count(*) filter (where outcome = 'ok' and told = 'key'))::int as keys,
      (count(*) filter (where outcome <> 'ok'))::int as refused,
      coalesce(sum(bytes), 0)::bigint as bytes, min(at) as first, max(at) as last
    from weight_security.taken_event
    where model = ${model} and action in ('read', 'export') and at >= ${from} and at < ${to}
    group by person, source, unmapped order by min(at), person limit 10000`.execute(db.kysely)
  return rows.map((row) => ({ ...row, bytes: Number(row.bytes) }))
}
