import type { Installation } from '@avouch/core/installation'
import { type KeptRun, keepRun, tracedWatch } from '../alerts/keep.ts'
import { baitInPlace } from '../bait/bait.ts'
import { knownEvents } from './known.ts'
import { takenPersonnel } from './store.ts'

/**
 * Runs the detector over everything that is known here: reads under leases, and the logs that are followed, with what
 * they told of people. Its alerts are kept and the run is recorded; the same acts keep their alerts once.
 */
export async function runOverKnown(
  installation: Installation,
  { alertsPerDay, signal }: { alertsPerDay: number; signal?: AbortSignal },
): Promise<KeptRun> {
  const news = await takenPersonnel(installation.db)
  const bait = await baitInPlace(installation)
  const { sizes, events } = await knownEvents(installation.db)
  const { watch, alerts } = tracedWatch({ alertsPerDay, personnel: news, bait, sizes })
  for await (const page of events) {
    signal?.throwIfAborted()
    for (const event of page) watch.add(event)
  }
  const detection = watch.end()
  const none = { count: 0, first: [] }
  const kept = await keepRun(installation, {
    ...{ source: 'live', eventsDigest: null, personnelDigest: null, alertsPerDay, detection, alerts },
    ...{ malformed: 0, personnelEvents: news.length, bait: bait.size },
  })
  return { ...kept, detection, malformed: none, personnel: { read: news.length, malformed: none }, alerts }
}
