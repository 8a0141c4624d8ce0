import { covers, type Principal } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { type Lease, usableLease } from '../access/lease.ts'
import { findLease } from '../access/store.ts'
import { checkAttested } from '../attestation/attest.ts'
import type { Authorise, SegmentRange } from '../object/authorise.ts'
import type { WeightObject } from '../object/object.ts'
import { bytesOf } from '../object/range.ts'
import type { ReadEntry } from './entry.ts'
import { recordRead } from './record.ts'
import { recordRefusal, refuseFlood } from './refusals.ts'

/** What an API key must be allowed before it can read weights in its person's name. */
export const USE = 'weight-security:use'

/** How often a lease is looked at again while segments that are recorded already go out. */
const AGAIN_MS = 1000

export type LeaseUse = {
  /** The lease's id, as it was given. */
  lease: string
  by: Principal
  /** Where the plaintext goes, and to which machine. */
  sink: ReadEntry['sink']
  host: string
  /** The token of the environment's attestation, where it needs one. */
  attestation?: string | undefined
}

type Needs = Pick<Installation, 'config' | 'db' | 'blobs' | 'evidence' | 'now' | 'work' | 'log'>

/**
 * Lets segments be read under a lease by its holder. Before each batch the lease, whose it is, whether the environment
 * attested and the egress budgets are looked at, and the read is recorded, all before anything is decrypted; the lease is looked at again while a batch goes
 * out. A refusal is recorded too; whoever is refused too often is not even looked at for a while.
 */
export function underLease(installation: Needs, use: LeaseUse): Authorise {
  let seenAt = 0
  const check = async (object: WeightObject, segments: SegmentRange) => {
    await refuseFlood(installation, use.by)
    const lease = await usableLease(installation, use.lease)
    await checkHolder(installation, lease, use.by)
    checkCovers(lease, object, segments)
    const attestation = await checkAttested(installation, lease.environment, use.attestation)
    seenAt = performance.now()
    return { lease, attestation }
  }
  const refusing = async <T>(
    object: WeightObject,
    segments: SegmentRange,
    work: () => Promise<T>,
  ): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      if (isRefusal(error)) await refused(installation, use, object, segments)
      throw error
    }
  }
  return {
    open: (object, segments) =>
      refusing(object, segments, async () => {
        await check(object, segments)
      }),
    read: (object, segments) =>
      refusing(object, segments, async () => {
        const { lease, attestation } = await check(object, segments)
        const { start, end } = bytesOf(object, segments)
        await recordRead(installation, {
          ...entryOf(use, object, segments),
          person: lease.holder,
          environment: lease.environment,
          attestation,
          bytes: Math.max(0, end + 1 - start),
          outcome: 'ok',
        })
      }),
    still: async (object, segment) => {
      if (performance.now() - seenAt > AGAIN_MS)
        await refusing(object, [segment, segment], () => check(object, [segment, segment]))
    },
  }
}

function entryOf(use: LeaseUse, object: Pick<WeightObject, 'id' | 'model'>, segments: SegmentRange) {
  const { by } = use
  return {
    lease: use.lease.slice(0, 200) || 'none',
    object: object.id,
    model: object.model,
    segments,
    sink: use.sink,
    host: use.host.slice(0, 200) || 'unknown',
    by:
      by.kind === 'person'
        ? ('session' as const)
        : by.kind === 'key'
          ? ('key' as const)
          : ('command-line' as const),
    attestation: null,
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof AvouchError && ['forbidden', 'limit', 'proof'].includes(error.code)
}

/** Refuses what is asked of an object that is not here, in the words that another object's lease gets. Always throws. */
export async function refuseUnknown(installation: Needs, use: LeaseUse, id: string): Promise<never> {
  const error = await refuseFlood(installation, use.by).then(
    () => new AvouchError('forbidden', 'this lease is for another object', { where: `lease ${use.lease}` }),
    (error: unknown) => error,
  )
  if (isRefusal(error)) await refused(installation, use, { id, model: 'unknown' }, [0, 0])
  throw error
}

/** A failure to record it changes nothing: it is refused all the same. */
async function refused(
  installation: Needs,
  use: LeaseUse,
  object: Pick<WeightObject, 'id' | 'model'>,
  segments: SegmentRange,
): Promise<void> {
  const { by } = use
  try {
    await recordRefusal(installation, by, {
      ...entryOf(use, object, segments),
      person: by.kind === 'person' || by.kind === 'key' ? by.person.id : 'command-line',
      environment: (await findLease(installation.db, use.lease))?.environment ?? null,
      bytes: 0,
      outcome: 'denied',
    })
  } catch (error) {
    installation.log.error({ err: error }, 'a refused read could not be recorded')
  }
}

/** Throws `forbidden` where a lease is not this one's to use. The command line is the machine's own user, who has its keys. */
async function checkHolder(installation: Needs, lease: Lease, by: Principal): Promise<void> {
  const where = `lease ${lease.id}`
  if (by.kind === 'local') return
  if (by.kind === 'anyone' || by.person.id !== lease.holder)
    throw new AvouchError('forbidden', 'this lease is somebody else’s', {
      where,
      fix: 'Ask for one of your own.',
    })
  const session = (await findLease(installation.db, lease.id))?.session ?? null
  if (by.kind === 'key' && !covers(by.key.scopes, USE))
    throw new AvouchError('forbidden', `this API key may not read weights: it lacks ${USE}`, {
      where,
      fix: 'Make a key with that scope.',
    })
  if (session !== null && (by.kind !== 'person' || by.session.id !== session))
    throw new AvouchError('forbidden', 'this lease is bound to another session of its holder', {
      where,
      fix: 'Use it from the session in which it was asked for.',
    })
}

function checkCovers(lease: Lease, object: WeightObject, [from, to]: SegmentRange): void {
  const where = `lease ${lease.id}`
  if (lease.object !== object.id || lease.objectDigest !== object.digest)
    throw new AvouchError('forbidden', 'this lease is for another object', { where })
  const [first, last] = lease.segments
  if (from < first || to > last)
    throw new AvouchError('forbidden', `this lease is for segments ${first}-${last}, not ${from}-${to}`, {
      where,
      fix: 'Read only those, or ask for another lease.',
    })
}
