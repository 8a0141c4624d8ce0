import type { WorldState } from '@avouch/core/campaign'
import type { Database, Tx } from '@avouch/core/db'
import { AvouchError } from '@avouch/core/errors'
import type { Message } from '@avouch/core/model'
import { leftAlone, replay } from '../driving/replay.ts'
import { type Setting, worldChanged, worldOf } from '../driving/setting.ts'
import { type StepRecord, stepDigest } from '../driving/step.ts'
import type { PlayedWorld } from '../world/define.ts'
import type { Said, SessionBox, TurnAnswer, TurnRecord } from './sealed.ts'
import { stepsOf } from './step-store.ts'
import { type StoredSession, type StoredTurn, threadOf } from './store.ts'
import type { Acted } from './turn.ts'

/** One turn of a branch, opened; `record` is undefined while it is under way. */
export type OpenedTurn = {
  stored: Pick<StoredTurn, 'turn' | 'parent' | 'fromStep' | 'askedAt'>
  said: Said
  record: TurnRecord | undefined
  answer: TurnAnswer | undefined
  steps: StepRecord[]
}

/** A place from which a conversation goes on: after a turn, or after one of its steps. */
export type Place = { turn: number; step?: number | undefined }

/** The conversation up to a place, and what was done in the world on the way. */
export type Branch = {
  turns: OpenedTurn[]
  /** Every step along it, in order, those that were gone back behind left out. */
  steps: StepRecord[]
  /** Whether it ends in a step, and not in an answer in words. */
  atStep: boolean
}

export const BEGINNING: Branch = { turns: [], steps: [], atStep: false }

/** A turn with its words and steps. Throws `proof` where a byte was changed. */
export function openTurn(stored: StoredTurn, steps: StepRecord[], box: SessionBox): OpenedTurn {
  const said = box.openSaid(stored.turn, stored.asked)
  if (stored.answered === undefined) return { stored, said, record: undefined, answer: undefined, steps }
  const frame = box.openAnswer(stored.turn, stored.answered)
  const record = JSON.parse(frame.record) as TurnRecord
  const answer = frame.answer === '' ? undefined : (JSON.parse(frame.answer) as TurnAnswer)
  return { stored, said, record, answer, steps }
}

/** A turn and those before it in its conversation, first to last, opened; empty where there is no such turn. */
export async function openThread(
  from: Database | Tx,
  session: Pick<StoredSession, 'id' | 'setting'>,
  box: SessionBox,
  turn: number,
): Promise<OpenedTurn[]> {
  const thread = await threadOf(from, session.id, turn)
  const kept = session.setting
    ? await stepsOf(
        from,
        session.id,
        thread.map((one) => one.turn),
      )
    : []
  const steps = kept.map((one) => box.openStep(one).record)
  return thread.map((stored) =>
    openTurn(
      stored,
      steps.filter((one) => one.turn === stored.turn),
      box,
    ),
  )
}

/**
 * The branch that goes on from a place. Throws `conflict` where nothing can: a turn that was not answered, or a step that
 * it does not have.
 */
export async function branchTo(
  from: Database | Tx,
  session: Pick<StoredSession, 'id' | 'setting'>,
  box: SessionBox,
  { turn, step }: Place,
): Promise<Branch> {
  const turns = await openThread(from, session, box, turn)
  const last = turns.at(-1)
  if (step === undefined ? last?.record?.status !== 'answered' : last?.record === undefined)
    throw new AvouchError('conflict', 'A message can go on from a turn that was answered only', {
      where: `turn ${turn}`,
      fix: 'Go back to the turn before it and try again from there.',
    })
  if (step !== undefined && last!.steps.length < step)
    throw new AvouchError('conflict', `Turn ${turn} has no step ${step}`, { where: `turn ${turn}` })
  return branchOf(turns, step)
}

/** The branch that these turns make, gone on from a step of the last where one is named. Pure. */
export function branchOf(turns: readonly OpenedTurn[], step?: number): Branch {
  const cut = turns.map((turn, n): OpenedTurn => {
    const until = n + 1 < turns.length ? turns[n + 1]!.stored.fromStep : step
    return until === undefined ? turn : { ...turn, steps: turn.steps.slice(0, until), answer: undefined }
  })
  const last = cut.at(-1)
  return {
    turns: cut,
    steps: cut.flatMap(({ steps }) => steps),
    atStep: last !== undefined && last.answer === undefined && last.steps.length > 0,
  }
}

/** What the model is sent of a branch. Pure. */
export function messagesOn({ turns }: Branch): Message[] {
  return turns.flatMap(({ said, steps, answer }): Message[] => [
    ...(said.message === '' ? [] : [{ role: 'user' as const, content: said.message }]),
    ...steps.flatMap(({ text, toolCalls, results }): Message[] => [
      { role: 'assistant', content: text, toolCalls },
      ...results.map(
        (content, n): Message => ({ role: 'tool', toolCallId: toolCalls[n]?.id ?? '', content }),
      ),
    ]),
    ...(answer ? [{ role: 'assistant' as const, content: answer.text }] : []),
  ])
}

/** Tokens that the agent has written on a branch. Pure. */
export function spentOn({ turns, steps }: Branch): number {
  const answers = turns.flatMap(({ answer, record }) =>
    answer ? [record?.outputTokens ?? Math.ceil(answer.text.length / 4)] : [],
  )
  return [...steps.map(({ tokens }) => tokens), ...answers].reduce((sum, one) => sum + one, 0)
}

/** The world as a branch left it. Throws `conflict` where this version plays it by other code, `proof` as `replay`. */
export async function worldOn(setting: Setting, { steps }: Pick<Branch, 'steps'>): Promise<PlayedWorld> {
  const kind = await worldOf(setting)
  if (!kind) throw worldChanged(setting)
  return replay(kind, setting, steps)
}

/**
 * What a turn's record commits to of these steps of it, which end the branch. Where they do not play again as they were
 * recorded, what would come by itself is left out, and an audit names it.
 */
export async function actedOn(
  setting: Setting,
  along: readonly StepRecord[],
  own: readonly StepRecord[],
): Promise<Acted> {
  const kind = await worldOf(setting)
  const state: WorldState = along.at(-1)?.state ?? { reached: [], achieved: [], calls: 0 }
  const left = kind && leftOr(kind, setting, along)
  return { steps: own.map(stepDigest), world: { state, ...(left && { left }) } }
}

function leftOr(...given: Parameters<typeof leftAlone>): WorldState | undefined {
  try {
    return leftAlone(...given)
  } catch (error) {
    if (error instanceof AvouchError && error.code === 'proof') return undefined
    throw error
  }
}

/** The same for a turn that is recorded as lost: what its steps came to stands. */
export async function actedBy(
  tx: Tx,
  session: StoredSession,
  box: SessionBox,
  { turn }: Pick<StoredTurn, 'turn'>,
): Promise<Acted | undefined> {
  if (!session.setting) return undefined
  const turns = await openThread(tx, session, box, turn)
  return actedOn(box.openSetting(session.setting), branchOf(turns).steps, turns.at(-1)?.steps ?? [])
}
