import type { Signal } from './signal.ts'

/** What one person did in one hour. */
export type Tally = {
  /** Start of the hour, milliseconds. */
  start: number
  last: number
  acts: number
  reads: number
  bytes: number
  refused: number
  approvals: number
  /** Bits of surprise of the acts' order. */
  bits: number
  models: Map<string, number>
  /** Segments read of each model, repeated ones again. */
  segments: Map<string, number>
  /** The largest of these as a share of its model. */
  part: number
  /** Segments of each model read anew, and the largest of these as a share of its model. */
  anew: Map<string, number>
  anewPart: number
  /** Bytes at which the hour is judged before it is over. */
  lookAt: number
  /** Share of a model at which it is judged before it is over. */
  lookAtPart: number
  /** Share of a model read anew at which it is judged before it is over. */
  lookAtAnew: number
  /** Signals that were there when it was last judged. */
  looked: number
  /** Signals that stand by themselves: new values, approvals, bait. */
  signals: Signal[]
  /** New values that a signal tells of already. */
  novel: Set<string>
  /** Others the signals are about: approvers of the lease that was used. */
  others: Set<string>
}

export function emptyTally(start: number): Tally {
  return {
    start,
    last: start,
    acts: 0,
    reads: 0,
    bytes: 0,
    refused: 0,
    approvals: 0,
    bits: 0,
    models: new Map(),
    segments: new Map(),
    part: 0,
    anew: new Map(),
    anewPart: 0,
    lookAt: 0,
    lookAtPart: 0,
    lookAtAnew: 1 / 32,
    looked: 0,
    signals: [],
    novel: new Set(),
    others: new Set(),
  }
}

/** The model most of the bytes came from. */
export function mainModel({ models }: Tally): string | undefined {
  let best: string | undefined
  let most = -1
  for (const [model, bytes] of models)
    if (bytes > most) {
      most = bytes
      best = model
    }
  return best
}
