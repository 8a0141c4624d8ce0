import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import { canonicalJson, sha256, sha256Hex } from './canonical.ts'
import type { Verdict } from './grader.ts'
import type { HelperRole } from './strategy.ts'
import type { Stop, WorldState } from './world.ts'

/**
 * What became of a planned item. `executed`: the model answered, and a verdict stands beside it. `errored`: no answer
 * came, which is neither a breach nor resistance. `refused-by-provider`: the service's own filter answered.
 * `not-run`: the strategy could not be carried out here.
 */
export const STATUSES = ['executed', 'errored', 'refused-by-provider', 'not-run'] as const
export type Status = (typeof STATUSES)[number]

/** What is committed to for one attempt. Short of the answer itself, so that it can be shown where the answer is not. */
export type AttemptRecord = {
  campaign: string
  item: number
  round: number
  probe: string
  /** `name@version` */
  strategy: string
  repetition: number
  status: Status
  verdict?: Verdict
  score?: number
  /** `name@version` */
  grader?: string
  why?: string
  /** Where errored or not run: a sentence. */
  error?: string
  finish?: string
  servedBy?: string
  /** Milliseconds, all calls of the model under test together; tokens likewise. */
  latency: number
  inputTokens?: number
  outputTokens?: number
  /** What helpers (attacker, translator, judge) cost, where any was asked. */
  helpers?: { calls: number; inputTokens: number; outputTokens: number }
  /** How far an agent came in its world, and why it was stopped, if it was. */
  world?: WorldState & { stopped?: Stop }
  /** SHA-256 (hex) of the exact bytes of each call, in order; `role` where a helper was asked. */
  exchanges: { request: string; response: string; role?: HelperRole }[]
  /**
   * SHA-256 (hex) of the canonical JSON of the last answer (`{text, toolCalls}`, and `results` where some of its calls
   * were carried out); absent where there is none.
   */
  answer?: string
}

/** An attempt as it is recorded: the record, and the bytes it commits to. */
export type Attempt = {
  record: AttemptRecord
  exchanges: { request: Uint8Array; response: Uint8Array }[]
  /** Canonical JSON of the last answer, as `record.answer` is of it; empty where there is none. */
  answer: string
  /** Indices in the plan's lists, for the ledger's columns. */
  probe: number
  strategy: number
}

/**
 * Salts and leaf data of a campaign's items. Leaf data is SHA-256(salt ‖ canonical JSON of the record), and each salt
 * is HMAC-SHA256 of the item's number under a key derived from the campaign's data key: one record can be shown with
 * its salt while the others stay hidden, and all are erased with the key.
 */
export class LeafMaker {
  readonly #campaign: string
  readonly #saltKey: KeyObject

  constructor(campaign: string, dataKey: Uint8Array) {
    this.#campaign = campaign
    const salt = hkdfSync('sha256', dataKey, '', `avouch/campaign/salt/${campaign}`, 32)
    this.#saltKey = createSecretKey(new Uint8Array(salt))
  }

  /** 32 bytes. Each round of an item has a salt of its own. */
  salt(item: number, round: number | 'not-run'): Buffer {
    return createHmac('sha256', this.#saltKey).update(`${item}/${round}`).digest()
  }

  /** Leaf data of a recorded attempt, 32 bytes. */
  leaf(record: AttemptRecord, bytes = canonicalJson(record)): Buffer {
    return sha256(Buffer.concat([this.salt(record.item, record.round), Buffer.from(bytes)]))
  }

  /** Leaf data of a planned item of which nothing is recorded: the tree says so. */
  notRun(item: number): Buffer {
    return sha256(
      Buffer.concat([
        this.salt(item, 'not-run'),
        Buffer.from(canonicalJson(notRunRecord(this.#campaign, item))),
      ]),
    )
  }
}

/** What an item's leaf commits to when nothing was recorded of it. */
export function notRunRecord(
  campaign: string,
  item: number,
): { campaign: string; item: number; status: 'not-run' } {
  return { campaign, item, status: 'not-run' }
}

/** The digest that a record's `exchanges` hold for one call. */
export function exchangeDigest(exchange: { request: Uint8Array; response: Uint8Array }): {
  request: string
  response: string
} {
  return { request: sha256Hex(exchange.request), response: sha256Hex(exchange.response) }
}
