import type { Database } from '@avouch/core/db'
import { sql } from 'kysely'

/** A service, and how much it marked. */
export type ServiceCount = {
  number: number
  service: string
  model: string
  since: Date
  latest: Date | null
  evidence: string | null
  marked: number
  watermark: number
  manifest: number
  /** Of these, not yet in any evidence. */
  uncounted: number
}

export async function serviceCounts(db: Database): Promise<ServiceCount[]> {
  const found = await sql<ServiceCount>`select s.number, s.service, s.model, s.since, s.evidence,
      max(c.marked_at) as latest, count(c.id)::int as marked, count(c.id) filter (where c.watermark)::int as watermark,
      count(c.manifest_label)::int as manifest,
      count(c.id) filter (where c.counted_in is null)::int as uncounted
    from content_provenance.service s left join content_provenance.content c on c.service = s.number
    group by s.number order by s.number limit 1000`.execute(db.kysely)
  return found.rows
}
