import { activePerson, may, type Person, signaturesSince } from '@avouch/core/auth'
import type { Database, Tx } from '@avouch/core/db'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { type AccessRequest, holdersOf } from './request-store.ts'
import { type Edge, ringOf } from './rings.ts'
import { findProfile } from './store.ts'

/** The act's name among approvals. */
export const GRANT_ACT = 'weight-security/grant'

/** How far approval rings are looked for. */
export type RingLimits = {
  /** Signatures of this long count, in days. */
  ringDays: number
  /** The longest ring that is refused, in people. */
  ringPeople: number
}

/**
 * Throws `forbidden` where this person may not let that person read: who asked or is to read, who is on that person's
 * team or on no known one, and who would close a ring of people that approve for each other.
 */
export async function checkApprover(
  installation: Pick<Installation, 'db' | 'now'>,
  request: AccessRequest,
  approver: string,
  limits: RingLimits,
  tx?: Tx,
): Promise<void> {
  const refuse = (why: string, fix = 'Somebody else must decide.'): never => {
    throw new AvouchError('forbidden', why, { where: `request ${request.id}`, fix })
  }
  if (approver === request.holder) refuse('nobody approves their own reading')
  if (approver === request.askedBy) refuse('whoever asks cannot approve')
  const from = tx ?? installation.db
  const [own, holders] = [await findProfile(from, approver), await findProfile(from, request.holder)]
  if (own === undefined)
    refuse(
      'nothing is known of what you do here, so not whose team you are on',
      'Somebody with the permission weight-security:assign has to say it first.',
    )
  if (own?.team === holders?.team) refuse('you are on the team of the person who asks')
  const ring = ringOf(
    await edgesSince(from, new Date(installation.now().getTime() - limits.ringDays * 86_400_000), request),
    { approver, holder: request.holder },
    limits.ringPeople,
  )
  if (ring)
    refuse(
      `this would close a ring: ${ring.length} people who approved for one another within ${limits.ringDays} days`,
    )
}

/** Signatures that stand, as edges: on other requests, neither withdrawn nor refused. */
async function edgesSince(from: Database | Tx, since: Date, except: AccessRequest): Promise<Edge[]> {
  const signed = await signaturesSince('kysely' in from ? { db: from } : from, GRANT_ACT, since)
  const holders = await holdersOf(
    from,
    signed.map(({ request }) => request),
  )
  return signed.flatMap(({ request, person }) => {
    const holder = request === except.approval ? undefined : holders.get(request)
    return holder === undefined ? [] : [{ approver: person, holder }]
  })
}

/** Throws `conflict` where the person's own standing to approve has gone since they signed. */
export async function checkStanding(
  installation: Pick<Installation, 'db' | 'now'>,
  person: Person | undefined,
  where: string,
): Promise<void> {
  const active = person && (await activePerson(installation, person.id))
  const session = { id: '', steppedUpAt: undefined, expiresAt: installation.now() }
  if (active && may({ kind: 'person', person: active, session }, 'weight-security:approve')) return
  throw new AvouchError('conflict', 'somebody who signed may no longer approve', {
    where,
    fix: 'Withdraw this request and ask again.',
  })
}
