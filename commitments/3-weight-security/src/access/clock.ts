import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { latestMoment, setLatestMoment } from './store.ts'

/** How far the clocks of several machines may stand apart. */
const SKEW_MS = 60_000
/** The latest moment is written down at most this often. */
const EVERY_MS = 10_000

/**
 * The moment at which leases are judged: now, or the latest moment that any process judged one at, where that is a
 * little later. Throws `forbidden` where this clock stands well before it: set back, it would make leases last longer.
 */
export async function momentOf(
  { db, now: clock }: Pick<Installation, 'db' | 'now'>,
  now: Date,
): Promise<Date> {
  const latest = await latestMoment(db)
  const shown = clock()
  if (latest === undefined || shown.getTime() - latest.getTime() > EVERY_MS) await setLatestMoment(db, shown)
  if (latest === undefined || now >= latest) return now
  if (latest.getTime() - now.getTime() > SKEW_MS)
    throw new AvouchError(
      'forbidden',
      `the clock shows ${now.toISOString()}, but leases were judged at ${latest.toISOString()} already: it was set back`,
      { where: 'clock', fix: 'Set the clock right. Until then no lease can be used.' },
    )
  return latest
}
