import type { Verdict } from '@avouch/core/campaign'
import { AvouchError } from '@avouch/core/errors'
import type { Domain } from '../domain.ts'
import type { Severity } from '../probe.ts'

/** What one session may grow to. */
export const LIMITS = {
  /** Of one message, or of a system prompt, in UTF-8. */
  messageBytes: 64 * 1024,
  /** Of everything the model is sent at once. */
  conversationBytes: 2 * 1024 * 1024,
  turns: 500,
  turnsAMinute: 20,
  findings: 200,
  attachments: 20,
  attachmentBytes: 10 * 1024 * 1024,
} as const

/** A session in which nothing was done for this long has ended. */
export const IDLE_MS = 24 * 60 * 60_000

/**
 * `open`: the expert works. `ended`: nothing can be added; it waits for their signature. `signed`, or `abandoned` where
 * the time to sign ran out: it is evidence.
 */
export type SessionState = 'open' | 'ended' | 'signed' | 'abandoned'
export type EndedBy = 'expert' | 'idle' | 'end-date'

export type Session = {
  id: string
  invitation: string
  domains: Domain[]
  /** World and scenario that the model acts in, such as `office:standard`; undefined in a conversation. */
  world: string | undefined
  state: SessionState
  /** Id of the evidence that told of it before the model was asked, and of the one that ended it. */
  plan: string
  result: string | undefined
  startedAt: Date
  actedAt: Date
  endedAt: Date | undefined
  endedBy: EndedBy | undefined
}

export type TurnState = 'pending' | 'answered' | 'refused-by-provider' | 'errored'

/**
 * One message of the expert's and what came back. Its parent is the turn before it in the same conversation; in a world
 * it may go on from one of its parent's steps, counted from 1, as if nothing had come after that.
 */
export type Turn = {
  turn: number
  parent: number | undefined
  fromStep: number | undefined
  state: TurnState
  askedAt: Date
  answeredAt: Date | undefined
}

/** What the expert says of one turn; `states`: those that must never be reached, were, and are what it is about. */
export type FindingWords = { title: string; criterion: string; note: string; states?: string[] }
export type Finding = {
  finding: number
  turn: number
  domain: Domain
  severity: Severity
  verdict: Verdict
  /** Time spent on it. */
  minutes: number
  withdrawn: boolean
  markedAt: Date
}

/** Gaps between two acts count as work up to this long. */
const PAUSE_MS = 10 * 60_000

/** Hours in which the expert was seen to work: between acts, pauses of more than ten minutes counted as ten. Pure. */
export function activeHours(acts: readonly Date[]): number {
  const times = acts.map((act) => act.getTime()).sort((a, b) => a - b)
  let sum = 0
  for (let at = 1; at < times.length; at++) sum += Math.min(times[at]! - times[at - 1]!, PAUSE_MS)
  return hoursOf(sum)
}

/** Milliseconds as hours, to the hundredth. */
export function hoursOf(ms: number): number {
  return Math.round(ms / 36_000) / 100
}

/** How often the expert went back and tried otherwise: continuations, and beginnings, beyond the first of each. Pure. */
export function branchesIn(turns: readonly Pick<Turn, 'parent'>[]): number {
  const continued = new Map<number | undefined, number>()
  for (const { parent } of turns) continued.set(parent, (continued.get(parent) ?? 0) + 1)
  let more = 0
  for (const n of continued.values()) more += n - 1
  return more
}

export function noSuchSession(id: string): AvouchError {
  return new AvouchError('not-found', 'There is no such session', { where: `session ${id}` })
}
