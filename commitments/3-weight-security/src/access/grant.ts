import { randomUUID } from 'node:crypto'
import { type ApprovalAct, type ApprovalRequest, findCredential, lockPeople } from '@avouch/core/auth'
import type { Tx } from '@avouch/core/db'
import { AvouchError } from '@avouch/core/errors'
import type { Accepted } from '@avouch/core/evidence'
import type { Installation } from '@avouch/core/installation'
import { checkApprover, checkTeams, standingPerson } from './approver.ts'
import { leaseEvidence, type Portion } from './evidence.ts'
import { type AccessRequest, lockRequest, oneApproverAtATime, setRequestState } from './request-store.ts'
import { insertLeases, lockProfiles } from './store.ts'

/**
 * Approving a request to read weights: two people, neither who asks nor on their team, and no ring. With the second
 * signature the leases begin. Whoever withdraws, refuses, disables or changes a role at the same moment either comes
 * first, and nothing is granted, or comes after, and ends what was.
 */
export function grantAct(installation: Installation): ApprovalAct {
  return {
    async check(approval, by, tx) {
      if (tx) await oneApproverAtATime(tx)
      const request = await standing(installation, approval, tx)
      await checkApprover(installation, request, by, tx)
      await checkTeams(
        installation,
        request,
        [...approval.approvals.map(({ personId }) => personId), by.id],
        tx,
      )
    },
    async onAccepted(tx, accepted, approval) {
      const request = await standing(installation, approval, tx)
      const approvers = approval.approvals.map(({ personId }) => personId)
      await checkHolder(tx, request)
      const people = await lockPeople(tx, approvers)
      for (const { personId, keyid } of approval.approvals) {
        const person = people.find(({ id }) => id === personId)
        await checkApprover(
          installation,
          request,
          await standingPerson(installation, person, `request ${request.id}`),
          tx,
        )
        if ((await findCredential(installation, keyid))?.personId !== personId)
          throw new AvouchError('conflict', 'a passkey that signed this has been revoked', {
            where: `request ${request.id}`,
            fix: 'Withdraw this request and ask again.',
          })
      }
      const at = approval.approvedAt ?? installation.now()
      await setRequestState(tx, request.id, 'granted', { at })
      await beginLeases(installation, tx, accepted, { ...request, approvers, at, request: request.id })
    },
  }
}

/** The request that an approval is about, while it can still be decided; locked, within a transaction. */
async function standing(
  installation: Installation,
  approval: ApprovalRequest,
  tx: Tx | undefined,
): Promise<AccessRequest> {
  const find = (within: Tx): Promise<AccessRequest | undefined> =>
    lockRequest(within, { approval: approval.id })
  const request = await (tx ? find(tx) : installation.db.kysely.transaction().execute(find))
  if (request?.grantEvidence !== approval.evidence)
    throw new AvouchError('not-found', 'there is no such request to read weights', {
      where: `approval ${approval.id}`,
    })
  if (request.state !== 'asked')
    throw new AvouchError('conflict', `this request is ${request.state}`, {
      where: `request ${request.id}`,
    })
  return request
}

/** Holds the holder as they were when it was asked. Throws `conflict` where they no longer are. */
async function checkHolder(tx: Tx, request: AccessRequest): Promise<void> {
  const [person] = await lockPeople(tx, [request.holder])
  const [profile] = await lockProfiles(tx, [request.holder])
  const same =
    person?.state === 'active' &&
    profile?.evidence === request.profile &&
    `${[...person.roles].sort()}` === `${[...request.roles].sort()}`
  if (same) return
  throw new AvouchError('conflict', 'the role of the person who asks has changed since', {
    where: `request ${request.id}`,
    fix: 'It has to be asked anew.',
  })
}

type Ground = {
  model: string
  objects: readonly Portion[]
  holder: string
  environment: string
  seconds: number
  session: string | undefined
  profile: string
  roles: string[]
  approvers: string[]
  at: Date
} & ({ request: string } | { breakGlass: string })

/** Begins the leases of a grant, or of a broken glass, in its own transaction: one for each object. */
export async function beginLeases(
  { evidence }: Pick<Installation, 'evidence'>,
  tx: Tx,
  grant: Accepted,
  ground: Ground,
): Promise<string[]> {
  const [start, end] = [ground.at, new Date(ground.at.getTime() + ground.seconds * 1000)]
  const isGrant = 'request' in ground
  const ids = ground.objects.map(() => randomUUID())
  const accepted = await evidence.acceptAll(
    tx,
    ground.objects.map(({ object, digest, segments }, index) => ({
      type: leaseEvidence,
      about: { release: ground.model },
      subjects: [{ name: `weights:${object}`, sha256: digest }],
      fields: {
        lease: ids[index]!,
        basis: isGrant ? ('grant' as const) : ('break-glass' as const),
        grant: grant.id,
        release: ground.model,
        ...{ object, digest, segments },
        holder: ground.holder,
        approvers: ground.approvers,
        environment: ground.environment,
        start: start.toISOString(),
        end: end.toISOString(),
      },
    })),
  )
  await insertLeases(
    tx,
    ground.objects.map(({ object, digest, segments: [first, last] }, index) => ({
      id: ids[index]!,
      request: isGrant ? ground.request : null,
      break_glass: isGrant ? null : ground.breakGlass,
      grant_evidence: grant.id,
      evidence: accepted[index]!.id,
      object,
      model: ground.model,
      digest: Buffer.from(digest, 'hex'),
      first_segment: first,
      last_segment: last,
      holder: ground.holder,
      environment: ground.environment,
      session: ground.session ?? null,
      profile: ground.profile,
      roles: ground.roles,
      starts_at: start,
      ends_at: end,
    })),
  )
  return ids
}
