import type { ServerResponse } from 'node:http'
import { chance } from './chance.ts'

const KINDS = ['429', '500', 'cut', 'malformed', 'html', 'huge', 'hang'] as const
/** A kind of fault, as the header `x-practice-fault` names it. */
export type FaultKind = (typeof KINDS)[number]

/** Rates from 0 to 1 at which calls meet each fault, and how long a 429 asks to wait. */
export type FaultRates = {
  rate429?: number
  rate500?: number
  rateCut?: number
  rateMalformed?: number
  rateHtml?: number
  rateHuge?: number
  rateHang?: number
  /** Default 1000. */
  retryAfterMs?: number
}

/** What one call is to suffer; no kind means only that it is answered late. */
export type Fault = { kind: FaultKind | undefined; latencyMs: number | undefined; retryAfterMs: number }

/** Conversations whose attempts are counted; beyond that, counting starts anew. */
const MOST_COUNTED = 200_000
const HUGE_BYTES = 100 * 1024 * 1024

/**
 * Which call meets which fault: what its header asks for, else by chance, decided by seed, conversation and how often
 * this conversation was asked, so that a retry may succeed and the order of arrival decides nothing.
 */
export class FaultPlan {
  readonly #rates: [FaultKind, number][]
  readonly #retryAfterMs: number
  readonly #seed: number
  readonly #asked = new Map<number, number>()

  constructor(rates: FaultRates | undefined, seed: number) {
    const { rate429, rate500, rateCut, rateMalformed, rateHtml, rateHuge, rateHang } = rates ?? {}
    const all = [rate429, rate500, rateCut, rateMalformed, rateHtml, rateHuge, rateHang]
    this.#rates = KINDS.flatMap((kind, index): [FaultKind, number][] => {
      const rate = all[index] ?? 0
      return rate > 0 ? [[kind, rate]] : []
    })
    this.#retryAfterMs = rates?.retryAfterMs ?? 1000
    this.#seed = seed
  }

  /** `header`: `latency=200`, `429`, `429=50` (asks to wait 50 ms), `cut` and so on; several joined by commas. */
  choose(header: string | string[] | undefined, conversation: number): Fault | undefined {
    if (header !== undefined) return this.#named(String(header))
    if (this.#rates.length === 0) return undefined
    if (this.#asked.size >= MOST_COUNTED) this.#asked.clear()
    const times = this.#asked.get(conversation) ?? 0
    this.#asked.set(conversation, times + 1)
    let left = chance(conversation, `fault/${this.#seed}/${times}`)
    for (const [kind, rate] of this.#rates) {
      if (left < rate) return { kind, latencyMs: undefined, retryAfterMs: this.#retryAfterMs }
      left -= rate
    }
    return undefined
  }

  #named(header: string): Fault {
    const fault: Fault = { kind: undefined, latencyMs: undefined, retryAfterMs: this.#retryAfterMs }
    for (const part of header.split(',')) {
      const [name = '', value] = part.trim().split('=')
      const kind = KINDS.find((known) => known === name)
      if (name === 'latency') fault.latencyMs = Number(value) || 0
      if (kind) fault.kind = kind
      if (kind === '429' && value !== undefined) fault.retryAfterMs = Number(value) || 0
    }
    return fault
  }
}

const PRACTICE = { 'x-avouch-practice': '1' }
const JSON_TYPE = { ...PRACTICE, 'content-type': 'application/json' }

const EVENT_TYPE = { ...PRACTICE, 'content-type': 'text/event-stream' }
const PIECE =
  '{"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"Half an"},"finish_reason":null}]}'

/** Answers a call with a fault instead of an answer. */
export function inflict(fault: Fault, response: ServerResponse, streamed: boolean): void {
  switch (fault.kind) {
    case '429':
      response.writeHead(429, {
        ...JSON_TYPE,
        'retry-after': String(Math.ceil(fault.retryAfterMs / 1000)),
        'retry-after-ms': String(fault.retryAfterMs),
      })
      response.end(
        '{"error":{"message":"Too many requests (practice fault)","type":"rate_limit_error","code":"rate_limit_exceeded"}}',
      )
      return
    case '500':
      response.writeHead(500, JSON_TYPE)
      response.end(
        '{"error":{"message":"Internal error (practice fault)","type":"server_error","code":null}}',
      )
      return
    case 'cut':
      if (streamed) {
        response.writeHead(200, EVENT_TYPE)
        response.write(`data: ${PIECE}\n\ndata: ${PIECE.slice(0, 40)}`)
        setImmediate(() => response.destroy())
        return
      }
      response.writeHead(200, { ...JSON_TYPE, 'content-length': '1000' })
      response.write('{"id":"chatcmpl-practice-cut","object":"chat.completion","choices":[{"index":0,"mess')
      setImmediate(() => response.destroy())
      return
    case 'malformed':
      if (streamed) {
        response.writeHead(200, EVENT_TYPE)
        response.end(`data: ${PIECE.slice(0, 40)}\n\ndata: [DONE]\n\n`)
        return
      }
      response.writeHead(200, JSON_TYPE)
      response.end(
        '{"id":"chatcmpl-practice-malformed","choices":[{"index":0,"message":{"role":"assistant","content":',
      )
      return
    case 'html':
      response.writeHead(200, { ...PRACTICE, 'content-type': 'text/html' })
      response.end(
        '<!doctype html><title>Practice fault</title><p>This page stands where an answer should be.</p>',
      )
      return
    case 'huge':
      pour(response)
      return
    default:
      // Hang: neither an answer nor an end, until the caller or the server gives up.
      return
  }
}

function pour(response: ServerResponse): void {
  const piece = Buffer.alloc(64 * 1024, 'x')
  let left = HUGE_BYTES
  response.writeHead(200, JSON_TYPE)
  response.write('{"choices":[{"index":0,"message":{"role":"assistant","content":"')
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= piece.length
      if (!response.write(piece)) {
        response.once('drain', more)
        return
      }
    }
    if (!response.destroyed) response.end('"},"finish_reason":"stop"}]}')
  }
  more()
}
