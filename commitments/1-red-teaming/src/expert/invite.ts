import { randomUUID } from 'node:crypto'
import {
  invite,
  inviteAgain,
  type Invitation as Link,
  type Principal,
  recordAccess,
  setAccessUntil,
} from '@avouch/core/auth'
import { canonicalJson, sha256Hex } from '@avouch/core/campaign'
import type { Tx } from '@avouch/core/db'
import { AvouchError } from '@avouch/core/errors'
import type { About } from '@avouch/core/evidence'
import { RELEASE_NAME } from '@avouch/core/gate'
import type { Installation } from '@avouch/core/installation'
import { openTarget, type TargetSpec } from '@avouch/core/model'
import { z } from 'zod'
import { DOMAINS } from '../domain.ts'
import { readScope, scopeSchema } from '../driving/scope.ts'
import { closeAllByClock } from '../session/clock.ts'
import { invitationEvidence } from './evidence.ts'
import {
  endInvitation,
  endOf,
  ensureExpert,
  findExpert,
  type Invitation,
  insertInvitation,
  listInvitations,
} from './store.ts'

/** No invitation runs longer than this, in days. */
const MOST_DAYS = 366

/** What is said when an expert is invited; the model and the release stand beside it. */
export const inviteSchema = z.strictObject({
  /** A name or a pseudonym: what the company calls them. */
  name: z.string().trim().min(1).max(200),
  domains: z
    .array(z.enum(DOMAINS))
    .min(1)
    .max(DOMAINS.length)
    .transform((all) => DOMAINS.filter((domain) => all.includes(domain))),
  /** Simulated worlds and scenarios that the expert may let the model act in; none unless named. */
  worlds: z.array(scopeSchema).max(100).default([]),
  /** Whether the expert may put a system prompt before the conversation. */
  systemPrompt: z.boolean().default(false),
  hours: z.number().min(0).max(10_000),
  endsAt: z.date(),
})
export type InviteDraft = z.input<typeof inviteSchema>

/** Whom and how the model is asked: where it is reached stays with the company. */
export type Asked = { about: Required<About>; target: TargetSpec }

/** An invitation, and the link by which a new person enrols; none where they are here already. */
export type Invited = { invitation: Invitation; link: Link | undefined }

/**
 * Invites someone from outside to test a release until a day. `person` invites someone who is an expert here already.
 * Throws `input`, and what opening the target throws.
 */
export async function inviteExpert(
  installation: Installation,
  by: Principal,
  draft: InviteDraft & { person?: string },
  asked: Asked,
): Promise<Invited> {
  const { person: known, ...said } = draft
  const parsed = inviteSchema.safeParse(said)
  if (!parsed.success)
    throw new AvouchError('input', z.prettifyError(parsed.error), {
      where: 'invitation',
      fix: 'Give name, domains, the hours agreed and the day it ends.',
    })
  const { name, domains, systemPrompt, hours, endsAt } = parsed.data
  const now = installation.now()
  if (endsAt <= now || endsAt.getTime() - now.getTime() > MOST_DAYS * 86_400_000)
    throw new AvouchError('input', `An invitation ends in the future, within ${MOST_DAYS} days`, {
      where: 'endsAt',
      fix: 'Give a later day, or an earlier one.',
    })
  if (!RELEASE_NAME.test(asked.about.release))
    throw new AvouchError('input', `"${asked.about.release}" names no release`, {
      where: 'release',
      fix: 'Write NAME@VERSION.',
    })
  const worlds = await readScope(parsed.data.worlds)
  if (worlds.length > 0 && asked.target.adapter === 'http')
    throw new AvouchError(
      'input',
      'The adapter "http" offers a model no tools, so it cannot act in a world',
      {
        where: 'worlds',
        fix: 'Name no worlds, or reach the model by an adapter that carries tools.',
      },
    )
  // A model that cannot be reached as described is refused before anyone is invited to it.
  await openTarget(asked.target).close()
  const invitedBy = by.kind === 'person' ? by.person.id : undefined
  const onChange = recordAccess(installation, by)
  return installation.db.kysely.transaction().execute(async (tx) => {
    let link: Link | undefined
    let person = known
    if (person === undefined) {
      link = await invite(installation, { name, roles: ['expert'], until: endsAt }, invitedBy, onChange, tx)
      person = link.person.id
    } else if (!(await findExpert(tx, { person })))
      throw new AvouchError('not-found', 'There is no such expert', { where: `person ${person}` })
    const expert = await ensureExpert(tx, { id: randomUUID(), person, at: now })
    const invitation: Invitation = {
      id: randomUUID(),
      expert: expert.id,
      ...asked,
      domains,
      systemPrompt,
      worlds,
      hoursAgreed: hours,
      endsAt,
      endedAt: undefined,
      evidence: '',
      createdAt: now,
    }
    invitation.evidence = await record(installation, tx, invitation, false)
    await insertInvitation(tx, invitation)
    if (known !== undefined) await keepUntil(installation, tx, expert.id, person, now)
    return { invitation, link }
  })
}

/** A new link for an expert who lost theirs, or their passkeys. */
export async function linkAgain(installation: Installation, by: Principal, id: string): Promise<Link> {
  const expert = await findExpert(installation.db, { id })
  if (!expert) throw new AvouchError('not-found', 'There is no such expert', { where: `expert ${id}` })
  const invitedBy = by.kind === 'person' ? by.person.id : undefined
  return inviteAgain(installation, expert.person, invitedBy, recordAccess(installation, by))
}

/** Ends an invitation before its time, and the expert's access where no other stands; what they had not signed is abandoned. Throws `not-found`. */
export async function endInvitationEarly(installation: Installation, id: string): Promise<Invitation> {
  const ended = await installation.db.kysely.transaction().execute(async (tx) => {
    const now = installation.now()
    const invitation = await endInvitation(tx, id, now)
    if (!invitation)
      throw new AvouchError('not-found', 'There is no such invitation that still stands', {
        where: `invitation ${id}`,
      })
    await record(installation, tx, invitation, true)
    const expert = await findExpert(tx, { id: invitation.expert })
    if (expert) await keepUntil(installation, tx, expert.id, expert.person, now)
    return invitation
  })
  await closeAllByClock(installation, id)
  return ended
}

/** Lets the person in as long as the last of their invitations stands. */
async function keepUntil(
  installation: Installation,
  tx: Tx,
  expert: string,
  person: string,
  now: Date,
): Promise<void> {
  const ends = (await listInvitations(tx, expert)).map((one) => endOf(one).getTime())
  await setAccessUntil(installation, tx, person, new Date(Math.max(now.getTime(), ...ends)))
}

async function record(
  { evidence }: Installation,
  tx: Tx,
  invitation: Invitation,
  endedEarly: boolean,
): Promise<string> {
  const { id, expert, about, target, domains, systemPrompt, worlds, hoursAgreed } = invitation
  const accepted = await evidence.accept(tx, {
    type: invitationEvidence,
    about,
    fields: {
      invitation: id,
      expert,
      domains,
      systemPrompt,
      ...(worlds.length > 0 && { worlds }),
      hoursAgreed,
      endsAt: endOf(invitation).toISOString(),
      model: target.model,
      targetDigest: sha256Hex(canonicalJson(target)),
      endedEarly,
    },
    ...(endedEarly && { supersedes: invitation.evidence }),
  })
  return accepted.id
}
