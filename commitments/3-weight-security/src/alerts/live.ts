import type { Installation } from '@avouch/core/installation'
import type { Jobs } from '@avouch/core/work'
import { baitInPlace } from '../bait/bait.ts'
import { knownEvents } from '../following/known.ts'
import { takenPersonnel } from '../following/store.ts'
import { type KeptRun, keepRun, tracedWatch } from './keep.ts'
import { newsIn } from './news.ts'
import { listRuns } from './store.ts'

/** The job that judges what is known here: reads under leases, and what audit logs told. */
export const DETECT_JOB = 'weight-security/detect'

const DAY = 86_400_000
/** Days of the record that are judged: habits of the weeks before, and 90 days of coverage. */
const DAYS = 120
/** Logs come late: what is raised so long before the end of the last run may still be news. */
const LATE = 2 * DAY
/** Alerts a day where no run said otherwise. */
const PER_DAY = 3
/** Judging takes time, and one batch of reads follows the other. */
const EVERY_MS = 5 * 60_000

/**
 * Runs the detector over the last 120 days of everything that is known here up to now, and keeps what is news. Judged
 * anew each time: about ten seconds for a million events. Undefined where nothing came since the last run.
 */
export async function runLive(
  installation: Installation,
  given: { alertsPerDay?: number | undefined; signal?: AbortSignal } = {},
): Promise<Omit<KeptRun, 'malformed' | 'personnel'> | undefined> {
  const { db } = installation
  const now = installation.now()
  const last = (await listRuns(db, 1, 'live'))[0]
  const alertsPerDay = given.alertsPerDay ?? last?.alertsPerDay ?? PER_DAY
  const [bait, personnel] = [await baitInPlace(installation), await takenPersonnel(db)]
  const { sizes, events } = await knownEvents(db, { from: new Date(now.getTime() - DAYS * DAY), to: now })
  // the record comes in the order of its time
  const { watch, alerts } = tracedWatch({ alertsPerDay, personnel, bait, sizes, lateness: 0 })
  for await (const page of events) {
    given.signal?.throwIfAborted()
    for (const event of page) watch.add(event)
  }
  const detection = watch.pause(now.getTime())
  const { repeated, late, future } = detection.rejected
  const judged = detection.events - repeated - late - future
  const isSame = last?.to?.getTime() === detection.to && last?.judged === judged
  if (detection.to === undefined || (isSame && dayOf(last.madeAt) === dayOf(now))) return undefined
  const since = (last?.to?.getTime() ?? Number.NEGATIVE_INFINITY) - LATE
  const kept = await keepRun(installation, {
    ...{ source: 'live', eventsDigest: null, personnelDigest: null, alertsPerDay, detection, alerts },
    ...{ malformed: 0, personnelEvents: personnel.length, bait: bait.size },
    news: (unknown, held) => newsIn(unknown, held, { since, perDay: alertsPerDay }),
  })
  return { ...kept, detection, alerts }
}

/** Judges soon after reads are sealed or a log was taken in, at most once in five minutes. */
export const detectJob: Jobs[string] = async (installation, _, signal) => {
  const last = (await listRuns(installation.db, 1, 'live'))[0]
  const next = (last?.madeAt.getTime() ?? 0) + EVERY_MS
  if (installation.now().getTime() < next) {
    // the key makes many batches one run
    await installation.work.add(DETECT_JOB, {}, { key: `${DETECT_JOB}/${next}`, runAt: new Date(next) })
    return
  }
  await runLive(installation, { signal })
}

function dayOf(at: Date): number {
  return Math.floor(at.getTime() / DAY)
}
