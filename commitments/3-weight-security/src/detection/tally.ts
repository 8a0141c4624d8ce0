import type { Signal } from './signal.ts'

/** What one person read of one model in one hour: segments read again count again; those not read in 90 days are anew. */
export type Taken = { bytes: number; segments: number; anew: number }

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
  /** What was read of each model; made when something is, since most hours are made and few read much. */
  models: Map<string, Taken> | undefined
  /** The most segments read of one model as a share of it, and the most of one read anew; of those whose segments are told. */
  part: number
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
  novel: Set<string> | undefined
  /** Others the signals are about: approvers of the lease that was used. */
  others: Set<string> | undefined
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
    models: undefined,
    part: 0,
    anewPart: 0,
    lookAt: 0,
    lookAtPart: 0,
    lookAtAnew: 1 / 32,
    looked: 0,
    signals: [],
    novel: undefined,
    others: undefined,
  }
}

/** What was read of a model so far. */
export function takenOf(tally: Tally, model: string): Taken {
  tally.models ??= new Map()
  let taken = tally.models.get(model)
  if (!taken) {
    taken = { bytes: 0, segments: 0, anew: 0 }
    tally.models.set(model, taken)
  }
  return taken
}

/** The model most of the bytes came from. */
export function mainModel({ models }: Tally): string | undefined {
  let best: string | undefined
  let most = -1
  for (const [model, { bytes }] of models ?? [])
    if (bytes > most) {
      most = bytes
      best = model
    }
  return best
}
