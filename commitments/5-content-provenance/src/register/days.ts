import type { Installation } from '@avouch/core/installation'
import { sql } from 'kysely'
import { markingEvidence } from '../evidence.ts'

/** Days that are shown, today among them. */
export const DAYS = 30
const DAY_MS = 86_400_000

/** What a service marked on one day (UTC), and of how much a layer is missing. */
export type MarkedDay = {
  service: number
  /** YYYY-MM-DD */
  day: string
  marked: number
  withoutWatermark: number
  withoutManifest: number
}

/** What came to a service in these days and was not marked: refused for what it was, or failed. */
export type Losses = { service: number; refused: number; failed: number }

export type MarkedDays = { from: string; to: string; days: MarkedDay[]; losses: Losses[] }

/** What each service marked on each of the last 30 days; days without any are left out. */
export async function markedDays({
  db,
  evidence,
  now,
}: Pick<Installation, 'db' | 'evidence' | 'now'>): Promise<MarkedDays> {
  const to = now().toISOString().slice(0, 10)
  const from = new Date(Date.parse(to) - (DAYS - 1) * DAY_MS)
  const days =
    await sql<MarkedDay>`select service, to_char(marked_at at time zone 'UTC', 'YYYY-MM-DD') as day,
      count(*)::int as marked, count(*) filter (where not watermark)::int as "withoutWatermark",
      count(*) filter (where manifest_label is null)::int as "withoutManifest"
    from content_provenance.content where marked_at >= ${from} group by 1, 2 order by 2, 1`.execute(db.kysely)
  const waiting = await sql<Losses>`select service,
      coalesce(sum(count) filter (where reason = 'refused'), 0)::int as refused,
      coalesce(sum(count) filter (where reason = 'failed'), 0)::int as failed
    from content_provenance.refusal where day >= ${from} group by service`.execute(db.kysely)
  const services = await sql<{ number: number; service: string; model: string }>`
    select number, service, model from content_provenance.service`.execute(db.kysely)
  const numbers = new Map(services.rows.map((one) => [`${one.service}/${one.model}`, one.number]))
  const losses = new Map(waiting.rows.map((one) => [one.service, one]))
  // once they are recorded, refusals are counted in evidence alone; a batch an hour is the most there is
  for (const { fields } of await evidence.list({ type: markingEvidence, newest: true, limit: 5_000 })) {
    const service = numbers.get(`${fields.service}/${fields.model}`)
    if (service === undefined || typeof fields.to !== 'string' || Date.parse(fields.to) < from.getTime())
      continue
    const { refused, failed } = losses.get(service) ?? { refused: 0, failed: 0 }
    losses.set(service, {
      service,
      refused: refused + Number(fields.refused ?? 0),
      failed: failed + Number(fields.failed ?? 0),
    })
  }
  return { from: from.toISOString().slice(0, 10), to, days: days.rows, losses: [...losses.values()] }
}
