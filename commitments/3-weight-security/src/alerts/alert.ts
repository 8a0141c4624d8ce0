import { createHash } from 'node:crypto'
import type { Alert } from '../detection/alert.ts'
import type { Step } from './timeline.ts'

export const STATES = ['open', 'acknowledged', 'escalated', 'closed'] as const
export type AlertState = (typeof STATES)[number]

/** What an alert turned out to be. `exercise`: somebody planted it to see whether it would be found. */
export const OUTCOMES = ['true-positive', 'benign', 'duplicate', 'exercise'] as const
export type AlertOutcome = (typeof OUTCOMES)[number]

/** An alert as the detector raised it, with the kinds of its reasons and what the people it is about did around it. */
export type RaisedAlert = Alert & { groups: string[]; timeline: Step[] }

/** What somebody did about an alert. */
export type AlertAct = {
  act: 'acknowledged' | 'explained' | 'escalated' | 'closed'
  by: string
  words: string | undefined
  at: Date
}

/** An alert that was kept, and where it stands. */
export type KeptAlert = RaisedAlert & {
  id: string
  /** The run that raised it first, and its evidence. */
  run: string
  runEvidence: string
  state: AlertState
  outcome: AlertOutcome | undefined
  acknowledgedAt: Date | undefined
  closedAt: Date | undefined
  evidence: string | undefined
  keptAt: Date
}

/**
 * SHA-256 of whom and what an alert is about and when: the same events raise the same alert. Bait that was touched is
 * part of it, so that it never passes for the alert that the same act raised for being unusual.
 */
export function keyOf({ person, people, model, time, window, groups, reasons }: RaisedAlert): Buffer {
  const touched = groups.includes('bait') ? ['bait', ...reasons] : []
  return createHash('sha256')
    .update(JSON.stringify(['alert/v1', person, people, model, time, window.from, window.to, ...touched]))
    .digest()
}
