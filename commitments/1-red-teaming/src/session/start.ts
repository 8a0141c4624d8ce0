import { randomUUID } from 'node:crypto'
import type { Principal } from '@avouch/core/auth'
import { canonicalJson, sha256Hex } from '@avouch/core/campaign'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { z } from 'zod'
import { DOMAINS } from '../domain.ts'
import { scopeName } from '../driving/scenario.ts'
import { chooseSetting, settingDigest, settingDraft } from '../driving/setting.ts'
import { expertOf } from '../expert/record.ts'
import { endOf, findInvitation, lockInvitation } from '../expert/store.ts'
import { CLOCK_JOB } from './clock.ts'
import { sessionPlan } from './evidence.ts'
import { newSessionKey } from './sealed.ts'
import { LIMITS } from './session.ts'
import { insertSession, listSessions, type StoredSession } from './store.ts'

/** Sessions of one invitation at most. */
const MOST_SESSIONS = 100

export const startSchema = z.strictObject({
  invitation: z.uuid(),
  domains: z.array(z.enum(DOMAINS)).min(1).max(DOMAINS.length),
  /** What they set out to find. */
  aim: z.string().trim().max(4000).default(''),
  /** The simulated world the model is to act in; without one it is a conversation. */
  world: settingDraft.optional(),
})

/**
 * Begins a session under an invitation of the expert's. Its plan is logged before this returns, and so before the
 * model is asked. Throws `conflict` where they have not signed a record yet or the invitation has ended, and `input`
 * for a domain that is not theirs to test, and `forbidden` for a world.
 */
export async function startSession(
  installation: Installation,
  by: Principal,
  said: z.input<typeof startSchema>,
): Promise<StoredSession> {
  const expert = await expertOf(installation, by)
  const { invitation: wanted, domains: chosen, aim, world } = startSchema.parse(said)
  if (expert.record === undefined)
    throw new AvouchError('conflict', 'You have not signed yet who you are', {
      where: 'record',
      fix: 'Fill in your record and sign it; then begin.',
    })
  const invitation = await findInvitation(installation.db, wanted)
  const now = installation.now()
  if (!invitation || invitation.expert !== expert.id)
    throw new AvouchError('not-found', 'There is no such invitation', { where: `invitation ${wanted}` })
  if (endOf(invitation) <= now) throw ended(wanted)
  const domains = DOMAINS.filter((domain) => chosen.includes(domain))
  const beyond = domains.filter((domain) => !invitation.domains.includes(domain))
  if (beyond.length > 0)
    throw new AvouchError('input', `You were not invited to test ${beyond.join(', ')}`, {
      where: 'domains',
      fix: `Choose among ${invitation.domains.join(', ')}.`,
    })
  const setting = world && (await chooseSetting(invitation.worlds, world))
  const id = randomUUID()
  const { box, wrapped } = await newSessionKey(installation, id)
  const named = setting && scopeName(setting.world, setting.scenario)
  const session = await installation.db.kysely.transaction().execute(async (tx) => {
    // two that begin at once wait for one another here, and for an invitation that is being ended
    if (endOf((await lockInvitation(tx, wanted))!) <= installation.now()) throw ended(wanted)
    const standing = await listSessions(tx, { invitation: wanted })
    if (standing.some(({ state }) => state === 'open'))
      throw new AvouchError('conflict', 'You have a session under this invitation that has not ended', {
        where: `invitation ${wanted}`,
        fix: 'Go on with it, or end it first.',
      })
    if (standing.length >= MOST_SESSIONS)
      throw new AvouchError('limit', `An invitation has at most ${MOST_SESSIONS} sessions`, {
        where: `invitation ${wanted}`,
        fix: 'Ask for another invitation.',
      })
    const { id: plan } = await installation.evidence.accept(tx, {
      type: sessionPlan,
      about: invitation.about,
      fields: {
        session: id,
        invitation: invitation.id,
        expert: expert.id,
        domains,
        aim,
        model: invitation.target.model,
        targetDigest: sha256Hex(canonicalJson(invitation.target)),
        systemPrompt: invitation.systemPrompt,
        ...(setting && {
          world: named,
          worldDigest: setting.digest,
          settingDigest: settingDigest(setting),
          seed: setting.seed,
        }),
        limits: {
          ...LIMITS,
          ...(setting && { steps: setting.limits.steps, outputTokens: setting.limits.outputTokens }),
        },
        endsAt: endOf(invitation).toISOString(),
      },
    })
    const made: StoredSession = {
      id,
      invitation: invitation.id,
      domains,
      world: named,
      setting: setting && box.sealSetting(setting),
      wrappedKey: wrapped,
      state: 'open',
      plan,
      result: undefined,
      startedAt: now,
      actedAt: now,
      endedAt: undefined,
      endedBy: undefined,
    }
    await insertSession(tx, made)
    await installation.work.add(
      CLOCK_JOB,
      { session: id },
      { tx, key: `${CLOCK_JOB}/${id}`, runAt: endOf(invitation) },
    )
    return made
  })
  await installation.evidence.logged([session.plan])
  return session
}

function ended(invitation: string): AvouchError {
  return new AvouchError('conflict', 'This invitation has ended', { where: `invitation ${invitation}` })
}
