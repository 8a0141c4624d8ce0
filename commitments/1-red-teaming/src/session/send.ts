import type { Principal } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import type { Message } from '@avouch/core/model'
import { z } from 'zod'
import { sizeOf } from '../driving/drive.ts'
import type { Setting } from '../driving/setting.ts'
import type { StepRecord } from '../driving/step.ts'
import { askModel, letAct, tooLate } from './answer.ts'
import { actedOn, BEGINNING, type Branch, branchTo, messagesOn, spentOn, worldOn } from './branch.ts'
import { inOpenSession, ownSession } from './own.ts'
import { openBoxOf, type Said } from './sealed.ts'
import { LIMITS, type Turn } from './session.ts'
import { insertTurn, noteAct, turnLines } from './store.ts'
import { ANSWER_WITHIN_MS, type Begun, type Came, recordAnswer } from './turn.ts'
import { type TurnView, viewThread } from './turn-view.ts'

const text = z
  .string()
  .refine((value) => value.trim() !== '', 'is empty')
  .refine(
    (value) => Buffer.byteLength(value) <= LIMITS.messageBytes,
    `is longer than ${LIMITS.messageBytes / 1024} kB`,
  )

export const sendSchema = z.strictObject({
  /** Left out only where an agent that was stopped is let go on. */
  message: text.optional(),
  /** The turn it goes on from, which must have been answered; without one a conversation begins. */
  parent: z.int().nonnegative().optional(),
  /** In a world: the step of that turn it goes on from, as if nothing had come after it. */
  step: z.int().min(1).max(1000).optional(),
  /** In a world: steps that the agent may take, where fewer than the session allows. */
  steps: z.int().min(1).max(1000).optional(),
  /** Only on a conversation's first turn, and where the invitation allows it. */
  system: text.optional(),
  temperature: z.number().min(0).max(2).optional(),
})

/**
 * Puts a message to the model and records what comes back before it is shown: the message before the call, answer and
 * exact bytes after it. In a world the model acts until it answers in words, and each of its steps is recorded before
 * the next. A model that is slow or broken ends in a turn that says so. Throws `conflict` while an answer is under way
 * and where the session has ended, `limit` beyond its limits.
 */
export async function send(
  installation: Installation,
  by: Principal,
  id: string,
  given: z.input<typeof sendSchema>,
  options: { withinMs?: number } = {},
): Promise<TurnView> {
  const { parent, step, ...draft } = sendSchema.parse(given)
  const own = await ownSession(installation, by, id)
  const { session, invitation } = own
  const box = await openBoxOf(installation, session)
  const setting = session.setting && box.openSetting(session.setting)
  refuseOutOfPlace({ parent, step, ...draft }, setting, invitation.systemPrompt)
  const branch =
    parent === undefined ? BEGINNING : await branchTo(installation.db, session, box, { turn: parent, step })
  if (setting) await refuseBeyondWorld(setting, branch)
  const said = saidOf(draft, parent === undefined ? setting : undefined, branch)
  const messages = messagesOf(branch, said)

  const at = installation.now()
  const turn = await inOpenSession(installation, own, async (tx) => {
    const turns = await turnLines(tx, id)
    refuseBeyondLimits(turns, at, id)
    const asked = box.sealSaid(turns.length, said)
    await insertTurn(tx, id, { parent, fromStep: step, asked, at }, turns.length)
    await noteAct(tx, id, at)
    return turns.length
  })
  const begun: Begun = { session: id, turn, parent, fromStep: step, askedAt: at, said }
  const within = options.withinMs ?? ANSWER_WITHIN_MS
  let came: Came
  let steps: StepRecord[] = []
  if (setting)
    ({ came, steps } = await letAct(
      installation,
      box,
      invitation.target,
      { setting, branch, begun, messages },
      within,
    ))
  else {
    const { temperature } = said
    came = await askModel(
      invitation.target,
      { messages, ...(temperature !== undefined && { temperature }) },
      within,
    )
  }
  const acted = setting && (await actedOn(setting, [...branch.steps, ...steps], steps))
  const ended = await installation.db.kysely.transaction().execute(async (tx) => {
    const now = installation.now()
    await noteAct(tx, id, now)
    return recordAnswer(tx, box, begun, came, now, acted)
  })
  if (!ended) throw tooLate(turn)
  const opened = {
    stored: { turn, parent, fromStep: step, askedAt: at },
    said,
    record: ended.record,
    answer: ended.answer,
    steps,
  }
  return (await viewThread([...branch.turns, opened], setting)).at(-1)!
}

type Given = z.infer<typeof sendSchema>

/** Refuses what this session, or this place in it, does not take. */
function refuseOutOfPlace(
  { parent, step, steps, system }: Given,
  setting: Setting | undefined,
  systemPrompt: boolean,
): void {
  if (system !== undefined && !systemPrompt)
    throw new AvouchError('forbidden', 'Your invitation does not let you set a system prompt', {
      where: 'system',
    })
  if (system !== undefined && parent !== undefined)
    throw new AvouchError('input', 'A system prompt belongs to the first turn of a conversation', {
      where: 'system',
      fix: 'Begin a new conversation to set another.',
    })
  if ((step !== undefined || steps !== undefined) && !setting)
    throw new AvouchError('input', 'Only an agent in a world takes steps', { where: 'step' })
  if (step !== undefined && parent === undefined)
    throw new AvouchError('input', 'A step is one of the turn that is gone on from', { where: 'step' })
}

/** What is recorded as said. Throws `input` where nothing is, and no agent waits to go on. */
function saidOf(
  { message, system, temperature, steps }: Omit<Given, 'parent' | 'step'>,
  begins: Setting | undefined,
  branch: Branch,
): Said {
  if (message === undefined && !branch.atStep)
    throw new AvouchError('input', 'Nothing is said, and there is no agent that could go on', {
      where: 'message',
      fix: 'Write a message.',
    })
  const instructions = system ?? begins?.system
  return {
    message: message ?? '',
    ...(instructions !== undefined && { system: instructions }),
    ...(temperature !== undefined && { temperature }),
    ...(steps !== undefined && { steps }),
  }
}

/** Throws `limit` or `conflict` where the agent has no tokens left on this branch, or nothing more can happen in its world. */
async function refuseBeyondWorld(setting: Setting, branch: Branch): Promise<void> {
  const world = await worldOn(setting, branch)
  if (world.state().over)
    throw new AvouchError('conflict', 'Nothing more can happen in this world on this branch', {
      where: 'world',
      fix: 'Go back to an earlier step, or begin a new conversation.',
    })
  if (spentOn(branch) >= setting.limits.outputTokens)
    throw new AvouchError(
      'limit',
      `The agent has written the ${setting.limits.outputTokens} tokens of one branch`,
      {
        where: 'world',
        fix: 'Go back to an earlier step, or begin a new conversation.',
      },
    )
}

function messagesOf(branch: Branch, said: Said): Message[] {
  const system = said.system ?? branch.turns[0]?.said.system
  const messages: Message[] = [
    ...(system ? [{ role: 'system' as const, content: system }] : []),
    ...messagesOn(branch),
    ...(said.message === '' ? [] : [{ role: 'user' as const, content: said.message }]),
  ]
  if (sizeOf(messages) > LIMITS.conversationBytes)
    throw new AvouchError('limit', 'This conversation has grown too long', {
      where: 'message',
      fix: 'Begin a new one, or go back to an earlier turn.',
    })
  return messages
}

function refuseBeyondLimits(turns: readonly Turn[], now: Date, id: string): void {
  const where = `session ${id}`
  if (turns.some(({ state }) => state === 'pending'))
    throw new AvouchError('conflict', 'An answer is still under way in this session', {
      where,
      fix: 'Wait for it; it is recorded even where this page is closed.',
    })
  if (turns.length >= LIMITS.turns)
    throw new AvouchError('limit', `A session has at most ${LIMITS.turns} turns`, {
      where,
      fix: 'End it, sign it, and begin another.',
    })
  const lately = turns.filter(({ askedAt }) => now.getTime() - askedAt.getTime() < 60_000)
  if (lately.length >= LIMITS.turnsAMinute)
    throw new AvouchError('limit', `More than ${LIMITS.turnsAMinute} messages in a minute`, {
      where,
      fix: 'Wait a moment and send it again.',
    })
}
