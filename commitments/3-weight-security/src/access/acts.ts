import { signaturesSince } from '@avouch/core/auth'
import type { Database } from '@avouch/core/db'
import { sql } from 'kysely'
import type { KeptEvent } from '../following/store.ts'
import { GRANT_ACT } from './request-store.ts'

const DAY_MS = 86_400_000
/** A request that nobody completes lapses within so many days. */
const LAPSE_DAYS = 8

type Row = {
  id: string
  approval: string | null
  holder: string
  model: string
  environment: string
  state: string
  asked_at: Date
  lease: string | null
}
type Filter = { from?: Date; to?: Date; model?: string; person?: string }

/**
 * Who asked to read weights, who signed for whom, and who broke the glass, as events for the detector, in the order of
 * time. A request for several files stands under the first of its leases.
 */
export async function accessActs(db: Database, filter: Filter = {}): Promise<KeptEvent[]> {
  const from = filter.from ?? new Date(0)
  const earliest = new Date(Math.max(0, from.getTime() - LAPSE_DAYS * DAY_MS))
  const { rows } = await sql<Row>`
    select r.id, r.approval, r.holder, r.model, r.environment, r.state, r.asked_at,
      (select min(l.id::text) from weight_security.lease l where l.request = r.id) as lease
    from weight_security.request r where r.asked_at >= ${earliest}
    union all
    select b.id, null, b.person, b.model, b.environment, 'break-glass', b.at,
      (select min(l.id::text) from weight_security.lease l where l.break_glass = b.id)
    from weight_security.break_glass b where b.at >= ${earliest}`.execute(db.kysely)
  const byApproval = new Map(rows.map((row) => [row.approval ?? '', row]))
  const asked = rows.map((row) => actOf(row, `request/${row.id}`, row.asked_at, 'request', row.holder))
  const signed = (await signaturesSince({ db }, GRANT_ACT, from)).flatMap(({ request, person, at }) => {
    const row = byApproval.get(request)
    return row ? [actOf(row, `approve/${row.id}/${person}`, at, 'approve', person)] : []
  })
  const { to, model, person } = filter
  return [...asked, ...signed]
    .filter((act) => act.at >= from.getTime() && (to === undefined || act.at < to.getTime()))
    .filter((act) => (model ?? act.model) === act.model && (person ?? act.person) === act.person)
    .sort((one, other) => one.at - other.at)
}

function actOf(row: Row, id: string, at: Date, action: 'request' | 'approve', person: string): KeptEvent {
  return {
    ...{ source: 'access', id, at: at.getTime(), time: at.toISOString(), person, action },
    ...{ model: row.model, environment: row.environment, lease: row.lease ?? undefined },
    subject: row.holder,
    outcome: action === 'approve' ? 'ok' : row.state,
    ...{ role: undefined, team: undefined, host: undefined, sink: undefined, bytes: undefined },
    ...{ segments: undefined, within: undefined, told: undefined, unmapped: false, workload: false },
  }
}

/** Pages of events with these acts among them, each where its time is. */
export async function* withActs(
  pages: AsyncGenerator<KeptEvent[]>,
  acts: readonly KeptEvent[],
): AsyncGenerator<KeptEvent[]> {
  let next = 0
  for await (const page of pages) {
    const until = page.at(-1)?.at ?? Number.NEGATIVE_INFINITY
    const first = next
    while (next < acts.length && acts[next]!.at <= until) next++
    yield [...acts.slice(first, next), ...page].sort((one, other) => one.at - other.at)
  }
  if (next < acts.length) yield acts.slice(next)
}
