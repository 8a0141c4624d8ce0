import { AvouchError } from '../errors.ts'
import { uuidv7 } from '../evidence/uuid.ts'
import type { Installation } from '../installation.ts'
import type { Attempt } from './attempt.ts'
import { type Batch, insertBatch, recordedAmong } from './batch-store.ts'
import type { Campaign } from './campaign.ts'
import { canonicalJson } from './canonical.ts'
import { databaseStop } from './database-stop.ts'
import { encodeFrames } from './frame.ts'
import type { Probe } from './probe.ts'
import { seal } from './seal.ts'
import { addDiscarded } from './store.ts'

/** A batch is written when it holds this many attempts, */
const MAX_ATTEMPTS = 400
/** or this many bytes, */
const MAX_BYTES = 4 * 1024 * 1024
/** or when its first attempt is this old (ms). */
const MAX_AGE = 1000
/** Batches under way at once; beyond it, `add` waits. */
const MAX_WRITING = 2

/**
 * Gathers attempts and records them batch by batch: one row of sealed bytes and one row for each attempt, together or
 * not at all, and no item twice. A process that dies loses at most what stands here.
 */
export class BatchWriter<P extends Probe> {
  readonly #installation: Installation
  readonly #campaign: Campaign<P>
  readonly #round: number
  readonly #recorded: (attempts: Attempt[]) => void
  #attempts: Attempt[] = []
  #bytes = 0
  #timer: NodeJS.Timeout | undefined
  readonly #writing = new Set<Promise<void>>()
  #failure: unknown

  /** `recorded` is told of each batch once it is durable, with the attempts that were discarded in it too. */
  constructor(
    installation: Installation,
    campaign: Campaign<P>,
    round: number,
    recorded: (attempts: Attempt[]) => void,
  ) {
    this.#installation = installation
    this.#campaign = campaign
    this.#round = round
    this.#recorded = recorded
  }

  /** Takes an attempt; waits while too many batches are being written. Throws what the writing of an earlier one threw. */
  async add(attempt: Attempt): Promise<void> {
    while (this.#writing.size >= MAX_WRITING && this.#failure === undefined) await Promise.race(this.#writing)
    if (this.#failure !== undefined) throw this.#failure
    this.#attempts.push(attempt)
    for (const { request, response } of attempt.exchanges) this.#bytes += request.length + response.length
    if (this.#attempts.length >= MAX_ATTEMPTS || this.#bytes >= MAX_BYTES) this.#write()
    else this.#timer ??= setTimeout(() => this.#write(), MAX_AGE)
  }

  /** Writes what is left and waits until all is durable. Throws what the writing threw. */
  async flush(): Promise<void> {
    if (this.#attempts.length > 0) this.#write()
    while (this.#writing.size > 0) await Promise.race(this.#writing)
    if (this.#failure !== undefined) throw this.#failure
  }

  #write(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const attempts = this.#attempts
    this.#attempts = []
    this.#bytes = 0
    const writing = this.#record(attempts)
      .then(
        () => this.#recorded(attempts),
        (error: unknown) => {
          this.#failure ??= error
        },
      )
      .finally(() => this.#writing.delete(writing))
    this.#writing.add(writing)
  }

  async #record(attempts: Attempt[]): Promise<void> {
    const { db } = this.#installation
    const { id } = this.#campaign
    let left = attempts
    try {
      while (left.length > 0) {
        const outcome = await insertBatch(db, id, this.#round, this.#sealed(left))
        if (outcome === 'recorded') return
        // another process recorded some of these first: its answers stand, ours are thrown away and counted
        const taken = await recordedAmong(
          db,
          id,
          left.map(({ record }) => record.item),
        )
        const kept = left.filter(({ record }) => !taken.has(record.item))
        if (outcome === 'ended' && kept.length > 0)
          throw new AvouchError('conflict', `Campaign ${id} ended while it was being run`, {
            fix: 'Another process abandoned or reopened it; look at its state.',
          })
        await addDiscarded(db, id, left.length - kept.length)
        left = kept
      }
    } catch (error) {
      throw databaseStop(error, id)
    }
  }

  #sealed(attempts: Attempt[]): Batch {
    const { id, key, leaves } = this.#campaign
    const batch = uuidv7(this.#installation.now())
    const frames = attempts.map(({ record, answer, exchanges }) => ({
      record: canonicalJson(record),
      answer,
      exchanges,
    }))
    return {
      id: batch,
      attempts: attempts.map((attempt, n) => ({
        attempt,
        leaf: leaves.leaf(attempt.record, frames[n]?.record),
      })),
      sealed: seal(key, batchContext(id, batch), encodeFrames(frames)),
    }
  }
}

/** What a batch's seal is bound to. */
export function batchContext(campaign: string, batch: string): string {
  return `campaign/${campaign}/batch/${batch}`
}
