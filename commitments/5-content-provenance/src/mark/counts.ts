import type { Database } from '@avouch/core/db'
import type { Logged } from '@avouch/core/evidence'
import type { Installation } from '@avouch/core/installation'
import { sql } from 'kysely'
import { releaseOf } from '../content.ts'
import { type Marking, markingEvidence } from '../evidence.ts'
import { listServices, type Service } from '../register/register.ts'

/** Counts what came in and was not marked. */
export async function countRefusal(
  db: Database,
  service: number,
  at: Date,
  reason: 'refused' | 'failed',
): Promise<void> {
  const day = at.toISOString().slice(0, 10)
  await sql`insert into content_provenance.refusal (service, day, reason, count) values (${service}, ${day}, ${reason}, 1)
    on conflict (service, day, reason) do update
      set count = content_provenance.refusal.count + 1`.execute(db.kysely)
}

/** So many uncounted pieces, or so old ones, are worth a piece of evidence by themselves. */
const MANY = 1_000
const OLD = 60 * 60_000

/** Whether counts are due: evidence tells of batches, never of one piece, unless nothing else came for an hour. */
export async function countsDue(db: Database, now: Date): Promise<boolean> {
  const found = await sql<{ pieces: number; oldest: Date | null }>`select count(*)::int as pieces,
    min(marked_at) as oldest from (select marked_at from content_provenance.content where counted_in is null
    order by marked_at limit ${MANY}) as uncounted`.execute(db.kysely)
  const { pieces, oldest } = found.rows[0]!
  return pieces >= MANY || (oldest !== null && now.getTime() - oldest.getTime() >= OLD)
}

type Tally = {
  marked: number
  watermark: number
  manifest: number
  first: Date | null
  last: Date | null
  kinds: Record<string, number> | null
}

/** Records for each service what it marked since the last time; each piece is counted once. Returns what was recorded. */
export async function recordCounts({ db, evidence }: Installation): Promise<Logged[]> {
  const ids: string[] = []
  for (const service of await listServices(db)) {
    const id = await db.kysely.transaction().execute(async (tx) => {
      const uncounted = sql`content_provenance.content where service = ${service.number} and counted_in is null`
      await sql`select 1 from ${uncounted} for update`.execute(tx)
      const found =
        await sql<Tally>`with kinds as (select kind, count(*)::int as n from ${uncounted} group by kind)
        select count(*)::int as marked, count(*) filter (where watermark)::int as watermark,
          count(manifest)::int as manifest, min(marked_at) as first, max(marked_at) as last,
          (select jsonb_object_agg(kind, n) from kinds) as kinds from ${uncounted}`.execute(tx)
      const losses = await sql<{ reason: 'refused' | 'failed'; count: number; day: Date }>`
        delete from content_provenance.refusal where service = ${service.number}
        returning reason, count, day`.execute(tx)
      const tally = found.rows[0]!
      if (tally.marked === 0 && losses.rows.length === 0) return undefined
      const { id: recorded } = await evidence.accept(tx, {
        type: markingEvidence,
        fields: fieldsOf(service, tally, losses.rows),
        about: aboutOf(service),
      })
      await sql`update content_provenance.content set counted_in = ${recorded}
        where service = ${service.number} and counted_in is null`.execute(tx)
      return recorded
    })
    if (id !== undefined) ids.push(id)
  }
  return evidence.logged(ids)
}

function fieldsOf(
  { service, model }: Service,
  tally: Tally,
  losses: readonly { reason: 'refused' | 'failed'; count: number; day: Date }[],
): Marking {
  const lost = (reason: string): number =>
    losses.filter((one) => one.reason === reason).reduce((sum, one) => sum + one.count, 0)
  const days = losses.map(({ day }) => new Date(day).getTime())
  const from = Math.min(tally.first?.getTime() ?? Infinity, ...days)
  const to = Math.max(tally.last?.getTime() ?? 0, ...days)
  return {
    service,
    model,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    marked: tally.marked,
    layers: { watermark: tally.watermark, manifest: tally.manifest, register: tally.marked },
    kinds: tally.kinds ?? {},
    refused: lost('refused'),
    failed: lost('failed'),
  }
}

/** Evidence about a model that is a release is about that release. */
export function aboutOf(maker: { service: string; model: string }): { release?: string } {
  const release = releaseOf(maker)
  return release === undefined ? {} : { release }
}
