import { may, nameOf, type Principal } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { markEnded } from './end-mark.ts'
import { leaseEndEvidence } from './evidence.ts'
import { holderOf } from './lease.ts'
import { endLease, findLease, listLeases, lockUnrecordedEnds, setEndEvidence, setEndMarked } from './store.ts'

type Needs = Pick<Installation, 'db' | 'blobs' | 'evidence' | 'now' | 'log'>

/**
 * Ends a lease at once: its holder may give it back, whoever has `weight-security:revoke` may revoke it. Ending what has
 * ended is no error. Throws `forbidden`, `not-found`.
 */
export async function revokeLease(installation: Needs, by: Principal, id: string): Promise<void> {
  const row = await findLease(installation.db, id)
  if (row === undefined)
    throw new AvouchError('not-found', 'there is no such lease', { where: `lease ${id}` })
  const name = nameOf(by)
  if (name !== row.holder && !may(by, 'weight-security:revoke'))
    throw new AvouchError('forbidden', 'a lease is ended by its holder, or with weight-security:revoke', {
      where: `lease ${id}`,
    })
  const reason = name === row.holder ? 'returned' : 'revoked'
  await endLease(installation.db, id, { at: installation.now(), reason, by: name })
  await recordLeaseEnds(installation)
}

/** Ends, for good, the leases whose holder or session is no longer what it was. Returns how many. */
export async function endGroundless(installation: Needs): Promise<number> {
  const at = installation.now()
  let count = 0
  for (const row of await listLeases(installation.db, { liveAt: at, limit: 10_000 })) {
    const reason = await holderOf(installation, row)
    if (typeof reason === 'string' && (await endLease(installation.db, row.id, { at, reason, by: null })))
      count++
  }
  await recordLeaseEnds(installation)
  return count
}

/**
 * Marks leases that ended before their time and makes evidence of that, each once. They have ended already: a failure is
 * logged, and the next call tries again.
 */
export async function recordLeaseEnds({ db, blobs, evidence, now, log }: Needs): Promise<void> {
  try {
    await db.kysely.transaction().execute(async (tx) => {
      for (const row of await lockUnrecordedEnds(tx)) {
        const marked = await markEnded({ blobs }, row.id).then(
          () => true,
          (error: unknown) => log.error({ err: error, lease: row.id }, 'an ended lease is not marked yet'),
        )
        if (marked) await setEndMarked(tx, row.id, now())
        if (row.end_evidence !== null) continue
        const { id } = await evidence.accept(tx, {
          type: leaseEndEvidence,
          fields: {
            lease: row.id,
            reason: row.end_reason!,
            at: row.ended_at!.toISOString(),
            by: row.ended_by,
          },
          about: { release: row.model },
        })
        await setEndEvidence(tx, row.id, id)
      }
    })
  } catch (error) {
    log.error({ err: error }, 'leases have ended, but that is not evidence yet')
  }
}
