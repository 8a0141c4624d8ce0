import { randomUUID } from 'node:crypto'
import {
  type AuthenticationResponse,
  beginSignedEvidence,
  finishSignedEvidence,
  lockPeople,
  type Principal,
} from '@avouch/core/auth'
import type { Tx } from '@avouch/core/db'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { z } from 'zod'
import { breakGlassEvidence } from './break-glass-evidence.ts'
import { type BreakGlassCase, countUnreviewed, findCase, insertCase } from './break-glass-store.ts'
import { beginLeases } from './grant.ts'
import { notify, peopleWith } from './notice.ts'
import { policiesInForce } from './policy/force.ts'
import { subjectOf } from './profile.ts'
import { askSchema, portionsOf } from './request.ts'
import { findProfile, lockProfiles, type Profile } from './store.ts'

/** Whatever the policies say, no longer than this. */
const LONGEST_SECONDS = 4 * 3600
/** Who broke so many glasses that nobody has looked at breaks no further one: else one follows the other without end. */
const MOST_UNREVIEWED = 3

/** What somebody reads alone, and because of which emergency. */
export const emergencySchema = askSchema
  .pick({ model: true, object: true, segments: true, environment: true })
  .extend({
    seconds: z.int().min(60).max(LONGEST_SECONDS),
    emergency: z.string().trim().min(20, 'say what the emergency is').max(2000),
  })
export type Emergency = z.input<typeof emergencySchema>

type Signing = Awaited<ReturnType<typeof beginSignedEvidence>>
type Answer = { ceremony: string; response: AuthenticationResponse }

/**
 * Asks a person for their passkey, to read weights alone in an emergency. Throws `forbidden` where the policies in force
 * do not let them or three glasses of theirs wait to be reviewed, `input`, and `not-found` where nothing of it is sealed here.
 */
export async function beginBreakGlass(
  installation: Installation,
  by: Principal,
  emergency: Emergency,
): Promise<Signing> {
  const parsed = emergencySchema.safeParse(emergency)
  if (!parsed.success) throw new AvouchError('input', z.prettifyError(parsed.error), { where: 'emergency' })
  const given = parsed.data
  const person = signedIn(by)
  const profile = await findProfile(installation.db, person.id)
  const policies = await policiesInForce(installation)
  refuseByPolicy(policies, person, profile, given)
  await refuseByUnreviewed(installation.db, person.id)
  const due = installation.now().getTime() + policies.settings.breakGlass.reviewDays * 86_400_000
  return beginSignedEvidence(installation, by, {
    type: breakGlassEvidence,
    about: { release: given.model },
    fields: {
      case: randomUUID(),
      release: given.model,
      objects: await portionsOf(installation, given),
      holder: person.id,
      environment: given.environment,
      seconds: given.seconds,
      emergency: given.emergency,
      policy: policies.digest,
      reviewDue: new Date(due).toISOString(),
    },
  })
}

/**
 * Breaks the glass: with the signature the leases begin, bound to the session, and everyone who could have approved is
 * told. Throws `unauthenticated`, and `forbidden` where the person's job or the policies changed meanwhile.
 */
export async function finishBreakGlass(
  installation: Installation,
  by: Principal,
  answer: Answer,
): Promise<BreakGlassCase> {
  const person = signedIn(by)
  const session = by.kind === 'person' ? by.session.id : undefined
  const policies = await policiesInForce(installation)
  let id: string | undefined
  await finishSignedEvidence(
    installation,
    by,
    breakGlassEvidence.predicateType,
    answer,
    async (tx, accepted, signed) => {
      const fields = breakGlassEvidence.schema.parse(signed)
      const [profile] = await holdProfile(tx, person.id)
      refuseByPolicy(policies, person, profile, { ...fields, model: fields.release })
      await refuseByUnreviewed(tx, person.id)
      const at = installation.now()
      id = fields.case
      await insertCase(tx, {
        id,
        person: person.id,
        model: fields.release,
        environment: fields.environment,
        emergency: fields.emergency,
        evidence: accepted.id,
        at,
        reviewDue: new Date(fields.reviewDue),
      })
      await beginLeases(installation, tx, accepted, {
        model: fields.release,
        objects: fields.objects,
        holder: person.id,
        environment: fields.environment,
        seconds: fields.seconds,
        session,
        profile: profile!.evidence,
        roles: person.roles,
        approvers: [],
        at,
        breakGlass: id,
      })
      const told = await peopleWith(installation, 'weight-security:approve', person.id)
      await notify(tx, at, 'break-glass', id, told)
    },
  )
  const made = id === undefined ? undefined : await findCase(installation.db, id)
  if (made === undefined) throw new AvouchError('internal', 'the glass was broken, but no case was made')
  installation.log.warn(
    { case: made.id, evidence: made.evidence },
    'glass broken: weights are read without approval',
  )
  return made
}

async function holdProfile(tx: Tx, person: string): Promise<Profile[]> {
  await lockPeople(tx, [person])
  return lockProfiles(tx, [person])
}

async function refuseByUnreviewed(from: Installation['db'] | Tx, person: string): Promise<void> {
  const waiting = await countUnreviewed(from, person)
  if (waiting < MOST_UNREVIEWED) return
  throw new AvouchError('forbidden', `nobody has looked at the ${waiting} glasses you broke before`, {
    where: `person ${person}`,
    fix: 'Somebody of another team has to review one first; or ask for it, so that two people approve.',
  })
}

function signedIn(by: Principal) {
  if (by.kind === 'person') return by.person
  throw new AvouchError('forbidden', 'only a person who is signed in breaks the glass', {
    fix: 'Sign in to the console with a passkey.',
  })
}

function refuseByPolicy(
  policies: Awaited<ReturnType<typeof policiesInForce>>,
  person: ReturnType<typeof signedIn>,
  profile: Profile | undefined,
  { model, environment, seconds }: { model: string; environment: string; seconds: number },
): void {
  if (profile === undefined)
    throw new AvouchError('forbidden', 'nothing is known of what you do here', {
      where: 'profile',
      fix: 'A custodian or an owner has to say it first: avouch weights job set, or Access, What people do here.',
    })
  const { allowed, because } = policies.decide({
    subject: subjectOf(person, profile),
    action: 'break-glass',
    model,
    environment,
    purpose: 'emergency',
    seconds,
  })
  if (!allowed)
    throw new AvouchError('forbidden', `the policies in force do not let you break the glass: ${because}`, {
      where: model,
      fix: 'Ask for it instead; two people who are awake can approve at once.',
    })
}
