import type { Database } from '@avouch/core/db'
import { accessActs, withActs } from '../access/acts.ts'
import { placing } from './placing.ts'
import { type Layout, recordedReads, sealedLayout } from './recorded.ts'
import { type KeptEvent, sourceModels, takenEvents } from './store.ts'

export type KnownFilter = { from?: Date; to?: Date; model?: string; person?: string }

/** Everything that is known here of acts on weights: asked, approved, read under leases, and told by audit logs. */
export type Known = {
  /** Models whose size is known, in segments. */
  sizes: Map<string, { segments: number; segmentBytes: number }>
  /** Models that stand sealed and whose mapping tells other objects: where a log's reads of them lie, nobody can tell. */
  unplaced: string[]
  /** In the order of time, a page at a time. */
  events: AsyncGenerator<KeptEvent[]>
}

/**
 * What detection, coverage and reviews read. A model that stands sealed and lies in buckets too has its segments counted
 * as it stands sealed, over the bytes of its objects; where its mapping tells of other objects, the logs' reads of it are
 * of parts nobody tells.
 */
export async function knownEvents(db: Database, filter: KnownFilter = {}): Promise<Known> {
  const layout = await sealedLayout(db)
  const sizes: Known['sizes'] = new Map(layout.models)
  const places: Places = new Map()
  for (const { model, ...size } of await sourceModels(db)) {
    const sealed = layout.models.get(model)
    if (sealed) places.set(model, placing(sealed.objects, size))
    else sizes.set(model, size)
  }
  const unplaced = [...places].filter(([, place]) => place === undefined).map(([model]) => model)
  return { sizes, unplaced, events: merged(db, layout, places, filter) }
}

/** Models that stand sealed and are mapped too; undefined where their reads cannot be placed. */
type Places = Map<string, ReturnType<typeof placing>>

async function* merged(
  db: Database,
  layout: Layout,
  places: Places,
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
    yield [...page.map((event) => placed(event, places)), ...ready].sort((a, b) => a.at - b.at)
  }
  if (waiting.length > 0) yield waiting
  if (!isOver) yield* leases
}

function placed(event: KeptEvent, places: Places): KeptEvent {
  const { model, told } = event
  if (model === undefined || !places.has(model) || told === undefined || told === 'key') return event
  const place = places.get(model)
  return place ? place(event) : { ...event, segments: undefined, within: undefined, told: 'part' }
}
