import type { Database } from '@avouch/core/db'
import { accessActs, withActs } from '../access/acts.ts'
import { type Layout, recordedReads, sealedLayout } from './recorded.ts'
import { type KeptEvent, sourceModels, takenEvents } from './store.ts'

export type KnownFilter = { from?: Date; to?: Date; model?: string; person?: string }

/** Everything that is known here of acts on weights: asked, approved, read under leases, and told by audit logs. */
export type Known = {
  /** Models whose size is known, in segments. */
  sizes: Map<string, { segments: number; segmentBytes: number }>
  /** In the order of time, a page at a time. */
  events: AsyncGenerator<KeptEvent[]>
}

/**
 * What detection, coverage and reviews read. A model that stands sealed and lies in buckets too has its segments counted
 * as it stands sealed; where its mapping counts them otherwise, the logs' reads of it are of parts nobody tells.
 */
export async function knownEvents(db: Database, filter: KnownFilter = {}): Promise<Known> {
  const layout = await sealedLayout(db)
  const sizes = new Map(layout.models)
  const other = new Set<string>()
  for (const { model, ...size } of await sourceModels(db)) {
    const sealed = layout.models.get(model)
    if (!sealed) sizes.set(model, size)
    else if (sealed.segments !== size.segments || sealed.segmentBytes !== size.segmentBytes) other.add(model)
  }
  return { sizes, events: merged(db, layout, other, filter) }
}

async function* merged(
  db: Database,
  layout: Layout,
  other: ReadonlySet<string>,
  filter: KnownFilter,
): AsyncGenerator<KeptEvent[]> {
  const leases = withActs(recordedReads(db, layout, filter), await accessActs(db, filter))
  let waiting: KeptEvent[] = []
  let isOver = false
  for await (const page of takenEvents(db, filter)) {
    const until = page.at(-1)!.at
    while (!isOver && (waiting.length === 0 || waiting.at(-1)!.at <= until)) {
      const next = await leases.next()
      if (next.done) isOver = true
      else waiting = [...waiting, ...next.value]
    }
    const split = waiting.findIndex(({ at }) => at > until)
    const ready = split < 0 ? waiting : waiting.slice(0, split)
    waiting = split < 0 ? [] : waiting.slice(split)
    yield [...page.map((event) => unplaced(event, other)), ...ready].sort((a, b) => a.at - b.at)
  }
  if (waiting.length > 0) yield waiting
  if (!isOver) yield* leases
}

function unplaced(event: KeptEvent, other: ReadonlySet<string>): KeptEvent {
  if (
    event.model === undefined ||
    !other.has(event.model) ||
    event.told === undefined ||
    event.told === 'key'
  )
    return event
  return { ...event, segments: undefined, within: undefined, told: 'part' }
}
