import { randomUUID } from 'node:crypto'
import { activePerson, nameOf, type Principal, requestApproval } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { z } from 'zod'
import type { WeightObject } from '../object/object.ts'
import { listObjects } from '../store.ts'
import { grantEvidence, type Portion, requestEvidence } from './evidence.ts'
import { policiesInForce } from './policy/force.ts'
import { subjectOf } from './profile.ts'
import { type AccessRequest, GRANT_ACT, insertRequest } from './request-store.ts'
import { spanInWords } from './span.ts'
import { findProfile } from './store.ts'

const word = z
  .string()
  .max(100)
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'write it in small letters, digits and hyphens')

/** What somebody asks for. */
export const askSchema = z.object({
  model: z
    .string()
    .max(200)
    .regex(/^[^\s@]+@[^\s@]+$/, 'write it NAME@VERSION'),
  /** One sealed file of it, by name or id; left away for all. */
  object: z.string().min(1).max(1000).optional(),
  /** The first and the last segment; left away for the whole object. */
  segments: z.tuple([z.int().min(0), z.int().min(0)]).optional(),
  environment: word,
  seconds: z
    .int()
    .min(60)
    .max(366 * 86_400),
  /** What it is for, as a word that policies know, and in words for those who decide. */
  purpose: word,
  reason: z.string().trim().min(10).max(2000),
  /** End the leases with the holder's session too. */
  endsWithSession: z.boolean().default(false),
})
export type Ask = z.input<typeof askSchema>

/**
 * Asks that somebody may read weights; two others decide. A person asks for themselves, the command line for the holder
 * it names. What the policies do not let them ask is recorded as refused. Throws `input`, `forbidden`, and `not-found` where nothing of it is sealed here.
 */
export async function requestAccess(
  installation: Installation,
  by: Principal,
  ask: Ask,
  forWhom?: string,
): Promise<AccessRequest> {
  const given = parseAsk(ask)
  const holder = holderOf(by, forWhom)
  const person = await activePerson(installation, holder)
  const profile = await findProfile(installation.db, holder)
  if (person === undefined)
    throw new AvouchError('forbidden', 'nobody of this id has enrolled here, or they are here no more', {
      where: `person ${holder}`,
      fix: '`avouch people list` shows who has; whoever is invited opens their link first.',
    })
  if (profile === undefined)
    throw new AvouchError('forbidden', 'nothing is known of what this person does here', {
      where: `person ${holder}`,
      fix: 'A custodian or an owner has to say it first: avouch weights job set, or Access, What people do here.',
    })
  const objects = await portionsOf(installation, given)
  const policies = await policiesInForce(installation)
  const { model, environment, purpose, seconds } = given
  const decided = policies.decide({
    ...{ subject: subjectOf(person, profile), action: 'request', model, environment, purpose, seconds },
  })
  const id = randomUUID()
  const fields = {
    request: id,
    release: given.model,
    objects,
    holder,
    environment: given.environment,
    seconds: given.seconds,
    purpose: given.purpose,
    policy: policies.digest,
  }
  const about = { release: given.model }
  const approval = decided.allowed
    ? await requestApproval(installation, by, {
        act: GRANT_ACT,
        summary: inWords(person.name, given, objects),
        draft: { type: grantEvidence, fields, about },
      })
    : undefined
  const [state, why] = approval ? (['asked', undefined] as const) : (['refused', decided.because] as const)
  const request = await installation.db.kysely.transaction().execute(async (tx) => {
    const asked = await installation.evidence.accept(tx, {
      type: requestEvidence,
      fields: { ...fields, by: nameOf(by), reason: given.reason, outcome: state, why: why ?? null },
      about,
    })
    const made: AccessRequest = {
      id,
      holder,
      askedBy: by.kind === 'person' || by.kind === 'key' ? by.person.id : undefined,
      model: given.model,
      objects,
      environment: given.environment,
      seconds: given.seconds,
      purpose: given.purpose,
      reason: given.reason,
      session: given.endsWithSession && by.kind === 'person' ? by.session.id : undefined,
      profile: profile.evidence,
      roles: person.roles,
      evidence: asked.id,
      approval: approval?.id,
      grantEvidence: approval?.evidence,
      state,
      why,
      askedAt: installation.now(),
      decidedAt: approval ? undefined : installation.now(),
    }
    await insertRequest(tx, made)
    return made
  })
  if (request.state === 'asked') return request
  throw new AvouchError('forbidden', `the policies in force do not let this person ask: ${decided.because}`, {
    where: `request ${request.id}`,
    fix: 'That it was asked is recorded. Their job function, projects and environments are said with weight-security:assign.',
  })
}

function parseAsk(ask: Ask): z.output<typeof askSchema> {
  const parsed = askSchema.safeParse(ask)
  if (parsed.success) return parsed.data
  throw new AvouchError('input', z.prettifyError(parsed.error), { where: 'request' })
}

function holderOf(by: Principal, forWhom: string | undefined): string {
  if (by.kind === 'local' && forWhom !== undefined) return forWhom
  if (by.kind === 'person' || by.kind === 'key')
    if (forWhom === undefined || forWhom === by.person.id) return by.person.id
  throw new AvouchError('forbidden', 'people ask for themselves', {
    where: 'holder',
    fix: 'At the command line, say for whom with --for.',
  })
}

/** The objects that are asked for, with the range of each. */
export async function portionsOf(
  { db }: Pick<Installation, 'db'>,
  { model, object, segments }: Pick<z.output<typeof askSchema>, 'model' | 'object' | 'segments'>,
): Promise<Portion[]> {
  const all = await listObjects(db, { model, limit: 2001 })
  const wanted = object === undefined ? all : all.filter(({ id, name }) => id === object || name === object)
  if (wanted.length === 0)
    throw new AvouchError('not-found', `nothing of that stands sealed for ${model}`, {
      where: object === undefined ? model : `${model}, ${object}`,
      fix: '`avouch weights list` shows what does.',
    })
  if (wanted.length > 2000)
    throw new AvouchError('limit', 'more than 2000 files at once', { fix: 'Ask for some of them.' })
  if (segments !== undefined && wanted.length > 1)
    throw new AvouchError('input', `${model} has several sealed files`, {
      where: 'segments',
      fix: 'Say of which object these are segments.',
    })
  return wanted.map((one) => ({ object: one.id, digest: one.digest, segments: rangeIn(one, segments) }))
}

function rangeIn(object: WeightObject, segments: [number, number] | undefined): [number, number] {
  if (segments === undefined) return [0, object.segments - 1]
  const [from, to] = segments
  if (from <= to && to < object.segments) return [from, to]
  throw new AvouchError('input', `the object has no segments ${from}-${to}`, {
    where: 'segments',
    fix: `It has segments 0-${object.segments - 1}.`,
  })
}

function inWords(name: string, ask: z.output<typeof askSchema>, objects: readonly Portion[]): string {
  const what =
    ask.segments === undefined
      ? `${ask.object ?? 'all'} of ${ask.model}`
      : `segments ${ask.segments[0]}-${ask.segments[1]} of ${ask.object ?? 'the one file'} of ${ask.model}`
  const files = objects.length > 1 ? ` (${objects.length} files)` : ''
  return `Let ${name} read ${what}${files} in ${ask.environment} for ${spanInWords(ask.seconds)}, purpose ${ask.purpose}: ${ask.reason}`
}
