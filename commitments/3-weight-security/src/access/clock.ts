import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { clockEvidence } from './evidence.ts'
import { forgetMoment, latestMoment, setLatestMoment } from './store.ts'

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
      {
        where: 'clock',
        fix: 'Set the clock right; until then no lease can be used. Where it had run ahead and is right now, say so: `avouch weights clock --reason …`.',
      },
    )
  return latest
}

/**
 * Says that the clock is right now and had run ahead before: leases are judged by it again. Recorded as evidence first.
 * Throws `conflict` where it does not stand before the latest moment at all.
 */
export async function trustClock(
  { db, evidence, now }: Pick<Installation, 'db' | 'evidence' | 'now'>,
  reason: string,
): Promise<{ evidence: string; latest: Date; now: Date }> {
  const [latest, shown] = [await latestMoment(db), now()]
  if (latest === undefined || latest <= shown)
    throw new AvouchError('conflict', 'the clock does not stand before the last use of a lease', {
      where: 'clock',
    })
  const { id } = await evidence.append({
    type: clockEvidence,
    about: {},
    fields: { latest: latest.toISOString(), now: shown.toISOString(), reason },
  })
  await forgetMoment(db, shown)
  return { evidence: id, latest, now: shown }
}
