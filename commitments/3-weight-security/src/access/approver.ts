import { activePerson, may, type Person, signaturesSince } from '@avouch/core/auth'
import type { Database, Tx } from '@avouch/core/db'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { profileEvidence } from './evidence.ts'
import { policiesInForce } from './policy/force.ts'
import { subjectOf } from './profile.ts'
import { type AccessRequest, GRANT_ACT, holdersOf } from './request-store.ts'
import { type Edge, ringOf } from './rings.ts'
import { findProfile } from './store.ts'

/**
 * Throws `forbidden` where this person may not let that person read: who asked or is to read, who is on that person's
 * team or on no known one, whose job here was said by one of these two, whom the policies do not let approve, and who would close
 * a ring of people that approve for each other.
 */
export async function checkApprover(
  installation: Pick<Installation, 'config' | 'db' | 'evidence' | 'now'>,
  request: AccessRequest,
  approver: Person,
  tx?: Tx,
): Promise<void> {
  const refuse = (why: string, fix = 'Somebody else must decide.'): never => {
    throw new AvouchError('forbidden', why, { where: `request ${request.id}`, fix })
  }
  if (approver.id === request.holder) refuse('nobody approves their own reading')
  if (approver.id === request.askedBy) refuse('whoever asks cannot approve')
  const from = tx ?? installation.db
  const [own, holders] = [await findProfile(from, approver.id), await findProfile(from, request.holder)]
  if (own === undefined)
    return refuse(
      'nothing is known of what you do here, so not whose team you are on',
      'A custodian or an owner has to say it first: avouch weights job set, or Access, What people do here.',
    )
  if (own.team === holders?.team) refuse('you are on the team of the person who asks')
  // who may say what others do here could else appoint the two that approve, or move them off the team
  const said = profileEvidence.schema.safeParse((await installation.evidence.get(own.evidence))?.fields)
  if (said.success && [request.holder, request.askedBy].includes(said.data.by))
    refuse('what you do here was last said by the person who asks, and nobody appoints their own approvers')
  const policies = await policiesInForce(installation)
  const { model, environment, purpose, seconds } = request
  const decided = policies.decide({
    ...{ subject: subjectOf(approver, own), action: 'approve', model, environment, purpose, seconds },
  })
  if (!decided.allowed) refuse(`the policies in force do not let you approve this: ${decided.because}`)
  const { rings } = policies.settings
  const ring = ringOf(
    await edgesSince(from, new Date(installation.now().getTime() - rings.days * 86_400_000), request),
    { approver: approver.id, holder: request.holder },
    rings.people,
  )
  if (ring)
    refuse(
      `this would close a ring: ${ring.length} people who approved for one another within ${rings.days} days`,
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

/** Throws `forbidden` where the policies want approvers of different teams, and some are of one. */
export async function checkTeams(
  installation: Pick<Installation, 'config' | 'db'>,
  request: AccessRequest,
  approvers: readonly string[],
  tx?: Tx,
): Promise<void> {
  const { settings } = await policiesInForce(installation)
  if (!settings.approversOfDifferentTeams) return
  const teams = []
  for (const person of approvers) teams.push((await findProfile(tx ?? installation.db, person))?.team)
  if (new Set(teams).size === teams.length) return
  throw new AvouchError('forbidden', 'the two who approve have to be of different teams', {
    where: `request ${request.id}`,
    fix: 'Somebody of another team must decide.',
  })
}

/** The person, where they may still approve as when they signed. Throws `conflict`. */
export async function standingPerson(
  installation: Pick<Installation, 'db' | 'now'>,
  person: Person | undefined,
  where: string,
): Promise<Person> {
  const active = person && (await activePerson(installation, person.id))
  const session = { id: '', steppedUpAt: undefined, expiresAt: installation.now() }
  if (active && may({ kind: 'person', person: active, session }, 'weight-security:approve')) return active
  throw new AvouchError('conflict', 'somebody who signed may no longer approve', {
    where,
    fix: 'Withdraw this request and ask again.',
  })
}
