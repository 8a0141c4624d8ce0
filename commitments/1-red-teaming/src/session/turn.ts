import { canonicalJson, sha256Hex } from '@avouch/core/campaign'
import type { Tx } from '@avouch/core/db'
import type { Installation } from '@avouch/core/installation'
import { exchangeDigest, type ModelResponse } from '@avouch/core/model'
import type { Stopped } from '../driving/drive.ts'
import { actedBy } from './branch.ts'
import { openBoxOf, type Said, type SessionBox, type TurnAnswer, type TurnRecord } from './sealed.ts'
import type { TurnState } from './session.ts'
import { answerTurn, type StoredSession, type StoredTurn, turnLines, turnsOf } from './store.ts'

/** What is given to answer, all tries together, */
export const ANSWER_WITHIN_MS = 110_000
/** and after this long the process that asked is taken to have stopped. */
export const LOST_AFTER_MS = ANSWER_WITHIN_MS + 60_000

/** A turn that is under way: all that is needed to record how it ended. */
export type Begun = {
  session: string
  turn: number
  parent: number | undefined
  fromStep: number | undefined
  askedAt: Date
  said: Said
}

/** What came of a question. */
export type Came = ModelResponse | { failed: string } | { stopped: Stopped }

/** What an agent did before it, as the turn's record commits to it. */
export type Acted = Required<Pick<TurnRecord, 'steps' | 'world'>>

/** How a turn ended. */
export type Ended = {
  state: Exclude<TurnState, 'pending'>
  answer: TurnAnswer | undefined
  record: TurnRecord
}

/** Records how a turn ended, durably, and once: undefined where it was recorded before. */
export async function recordAnswer(
  tx: Tx,
  box: SessionBox,
  begun: Begun,
  came: Came,
  at: Date,
  acted?: Acted,
): Promise<Ended | undefined> {
  const response = 'outcome' in came ? came : undefined
  const state = 'failed' in came ? 'errored' : 'stopped' in came ? 'answered' : came.outcome
  const answer =
    response && state === 'answered' ? { text: response.text, toolCalls: response.toolCalls } : undefined
  const record: TurnRecord = {
    session: begun.session,
    turn: begun.turn,
    parent: begun.parent ?? null,
    ...(begun.fromStep !== undefined && { fromStep: begun.fromStep }),
    status: state,
    askedAt: begun.askedAt.toISOString(),
    answeredAt: at.toISOString(),
    said: sha256Hex(canonicalJson(begun.said)),
    ...(answer && { answer: sha256Hex(canonicalJson(answer)) }),
    ...('failed' in came && { error: came.failed }),
    ...('stopped' in came && { stopped: came.stopped }),
    ...(response && detailOf(response)),
    ...acted,
  }
  const exchanges = response ? [response.raw] : []
  const { answered, leaf } = box.sealAnswer(record, answer, exchanges)
  const first = await answerTurn(tx, begun.session, begun.turn, { state, answered, leaf, at })
  return first ? { state, answer, record } : undefined
}

/** A turn whose process stopped before its answer was recorded is recorded as what it is. */
export async function settlePending(
  installation: Installation,
  tx: Tx,
  session: StoredSession,
): Promise<void> {
  const now = installation.now()
  const late = (await turnLines(tx, session.id)).find(
    ({ state, askedAt }) => state === 'pending' && now.getTime() - askedAt.getTime() > LOST_AFTER_MS,
  )
  const [lost] = late ? await turnsOf(tx, session.id, [late.turn]) : []
  if (!lost) return
  const box = await openBoxOf(installation, session)
  const acted = session.setting && (await actedBy(tx, session, box, lost))
  await recordAnswer(tx, box, begunOf(session.id, lost, box), { failed: LOST }, now, acted)
}

const LOST = 'The server stopped before the answer was recorded; whether the model answered is not known.'

/** A stored turn as something begun. */
export function begunOf(session: string, stored: StoredTurn, box: SessionBox): Begun {
  const { turn, parent, fromStep, askedAt, asked } = stored
  return { session, turn, parent, fromStep, askedAt, said: box.openSaid(turn, asked) }
}

/**
 * What went wrong, as the expert is told: the company's record names the address and the service's own words, which
 * are not theirs to see.
 */
export function toldToExpert(state: TurnState, error: string | undefined): string | undefined {
  if (state === 'answered' || state === 'pending') return undefined
  if (state === 'refused-by-provider')
    return 'The service itself turned this message away; the model may not have seen it. It is recorded.'
  if (error === LOST) return LOST
  if (error !== undefined && /^(The conversation has grown|A tool of the world)/.test(error))
    return `${error} Go back to an earlier step, or begin a new conversation. It is recorded.`
  if (error !== undefined && /time|within/i.test(error))
    return 'The model did not answer in time. Try again; if it goes on, tell whoever invited you. It is recorded.'
  return 'The model’s service gave no usable answer. Try again; if it goes on, tell whoever invited you. It is recorded.'
}

function detailOf(response: ModelResponse): Partial<TurnRecord> {
  const { finish, servedBy, latency, tries, usage, error, raw } = response
  return {
    exchange: exchangeDigest(raw),
    latency: Math.round(latency),
    tries,
    ...(finish !== undefined && { finish }),
    ...(servedBy !== undefined && { servedBy }),
    ...(usage.inputTokens !== undefined && { inputTokens: usage.inputTokens }),
    ...(usage.outputTokens !== undefined && { outputTokens: usage.outputTokens }),
    ...(error !== undefined && { error }),
  }
}
