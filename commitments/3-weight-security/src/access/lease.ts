import { activePerson, listSessions } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import type { SegmentRange } from '../object/authorise.ts'
import { momentOf } from './clock.ts'
import { markEnded, refuseMarked } from './end-mark.ts'
import type { EndReason } from './evidence.ts'
import type { Policies, Subject } from './policy/engine.ts'
import { policiesInForce } from './policy/force.ts'
import { subjectOf } from './profile.ts'
import { provenLease } from './proven.ts'
import { endLease, findLease, findProfile, type LeaseRow } from './store.ts'

/** The right to read some segments of one object for a while. */
export type Lease = {
  id: string
  /** The object's id, its `NAME@VERSION`, and the SHA-256 (hex) of its plaintext. */
  object: string
  model: string
  objectDigest: string
  segments: SegmentRange
  /** Id of the one person who may use it. */
  holder: string
  environment: string
  start: Date
  end: Date
  /** Whether two people approved it, or one broke the glass. */
  basis: 'grant' | 'break-glass'
  /** Id of the evidence it rests on. */
  grantEvidence: string
}

type Needs = Pick<Installation, 'config' | 'db' | 'blobs' | 'evidence' | 'now'>

/**
 * The lease, where it may be used at this moment: its grant and the lease itself are proved to stand in the log, it has
 * begun and not ended, nor was it brought back, its holder is who they were when it was granted, and the policies in force let them read. A lease
 * that has lost its ground is ended for good. Throws `forbidden` with the reason, `proof` where log and lease contradict each other.
 */
export async function usableLease(
  installation: Needs,
  leaseId: string,
  now: Date = installation.now(),
): Promise<Lease> {
  const row = await findLease(installation.db, leaseId)
  if (row === undefined)
    throw new AvouchError('forbidden', 'there is no such lease', { where: `lease ${leaseId}` })
  const moment = await momentOf(installation, now)
  refuseByTime(row, moment)
  await refuseMarked(installation, row.id)
  const holder = await holderOf(installation, row)
  if (typeof holder === 'string') {
    await endLease(installation.db, row.id, { at: moment, reason: holder, by: null })
    await markEnded(installation, row.id)
    throw ended(row.id, holder)
  }
  const policies = await policiesInForce(installation)
  await provenLease(installation, row, row.request === null ? 'signed' : policies.settings.proof)
  checkPolicy(policies, row, holder)
  return toLease(row)
}

/** Every lease as it is stored, whether it may be used or not. */
export function toLease(row: LeaseRow): Lease {
  return {
    id: row.id,
    object: row.object,
    model: row.model,
    objectDigest: row.digest.toString('hex'),
    segments: [row.first_segment, row.last_segment],
    holder: row.holder,
    environment: row.environment,
    start: row.starts_at,
    end: row.ends_at,
    basis: row.request === null ? 'break-glass' : 'grant',
    grantEvidence: row.grant_evidence,
  }
}

function refuseByTime(row: LeaseRow, moment: Date): void {
  if (row.ended_at !== null) throw ended(row.id, row.end_reason ?? 'revoked')
  if (moment < row.starts_at)
    throw new AvouchError(
      'forbidden',
      `this lease begins at ${row.starts_at.toISOString()}, later than now`,
      {
        where: `lease ${row.id}`,
        fix: 'Set the clock of this machine right.',
      },
    )
  if (moment >= row.ends_at)
    throw new AvouchError('forbidden', `this lease ended at ${row.ends_at.toISOString()}`, {
      where: `lease ${row.id}`,
      fix: 'Ask for another.',
    })
}

/**
 * The holder of a lease as policies see them, or why it no longer has the ground it was granted on. The profile counts as
 * changed by its evidence, so that a change that was taken back ends the lease too.
 */
export async function holderOf(
  installation: Pick<Needs, 'db' | 'now'>,
  row: Pick<LeaseRow, 'holder' | 'roles' | 'profile' | 'session'>,
): Promise<Subject | EndReason> {
  const person = await activePerson(installation, row.holder)
  if (person === undefined) return 'left'
  const profile = await findProfile(installation.db, row.holder)
  if (profile?.evidence !== row.profile || !sameSet(person.roles, row.roles)) return 'role-change'
  if (row.session !== null) {
    const sessions = await listSessions(installation, row.holder)
    if (!sessions.some(({ id }) => id === row.session)) return 'session-end'
  }
  return subjectOf(person, profile)
}

/** That the policies in force let the holder read. Nothing ends where they do not: they may be mended. */
function checkPolicy(policies: Policies, row: LeaseRow, subject: Subject): void {
  const { allowed, because } = policies.decide({
    subject,
    action: 'read',
    model: row.model,
    environment: row.environment,
    purpose: row.purpose,
    seconds: Math.round((row.ends_at.getTime() - row.starts_at.getTime()) / 1000),
  })
  if (!allowed)
    throw new AvouchError('forbidden', `the policies in force do not let its holder read: ${because}`, {
      where: `lease ${row.id}`,
    })
}

function sameSet(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((one) => others.includes(one))
}

const IN_WORDS: Record<string, string> = {
  revoked: 'it was revoked',
  returned: 'its holder gave it back',
  'role-change': 'its holder’s role changed',
  'session-end': 'the session it was bound to has ended',
  left: 'its holder is no longer here',
  review: 'a review of access took it away',
}

function ended(id: string, reason: string): AvouchError {
  return new AvouchError('forbidden', `this lease has ended: ${IN_WORDS[reason] ?? reason}`, {
    where: `lease ${id}`,
    fix: 'Ask for another, if it is still needed.',
  })
}
