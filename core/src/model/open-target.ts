import { AvouchError } from '../errors.ts'
import type { Aborts } from './aborts.ts'
import { abortsOf } from './aborts.ts'
import type { Adapter } from './adapter.ts'
import { anthropic } from './adapters/anthropic.ts'
import { http } from './adapters/http.ts'
import { openai } from './adapters/openai.ts'
import { refuseHost } from './address-policy.ts'
import { readAnswer } from './answer.ts'
import { refused } from './connector.ts'
import { credential, hideKey } from './credential.ts'
import { type Bounds, type Call, type Exchange, exchange } from './exchange.ts'
import { budgetReset, retryAfter } from './rate-headers.ts'
import { backoff, mayRetry } from './retry.ts'
import { codeIn, nameIn } from './service-words.ts'
import type { ModelResponse, Target, TargetSpec } from './target.ts'
import { targetSchema } from './target-schema.ts'
import { joinWire, type Wire } from './wire.ts'

/** What a spec does not say: the environment, and time-outs that plans have no use for. */
export type TargetOptions = {
  /** Where `keyVariable` is looked up; the process's environment unless given. */
  env?: Record<string, string | undefined>
  /** Time to connect, name resolution included; default 10 s, and never more than `timeoutMs`. */
  connectTimeoutMs?: number
  /** Time from the request's last byte to the answer's headers; default `timeoutMs`. */
  headersTimeoutMs?: number
  /** Numbers in [0, 1) for the jitter of retries. */
  random?: () => number
}

/**
 * A plain map rather than a listing of the folder: opening a target stays synchronous, and the compiler holds that
 * every adapter a spec may name exists.
 */
const ADAPTERS: Record<TargetSpec['adapter'], Adapter> = { openai, anthropic, http }

/**
 * Opens a target. Throws `input` for a spec it cannot use, `forbidden` for an address the policy refuses, `config` for
 * a key that is not there. No connection is made before the first ask.
 */
export function openTarget(given: TargetSpec, options: TargetOptions = {}): Target {
  const spec = checked(given)
  const url = new URL(spec.url)
  const why = refuseHost(url.hostname, spec.allowPrivate === true)
  if (why !== undefined) throw refused(url.hostname, why)
  const key = credential(spec, options.env ?? process.env)
  const timeoutMs = spec.timeoutMs ?? 120_000
  const wire = joinWire(spec, Math.min(options.connectTimeoutMs ?? 10_000, timeoutMs))
  const asker = new Asker(spec, wire, {
    key,
    url,
    random: options.random ?? Math.random,
    bounds: {
      timeoutMs,
      headersTimeoutMs: Math.min(options.headersTimeoutMs ?? timeoutMs, timeoutMs),
      maxResponseBytes: spec.maxResponseBytes ?? 8 * 1024 * 1024,
    },
  })
  return {
    spec: given,
    ask: (request, signal) => asker.ask(request, signal),
    close: () => asker.close(),
  }
}

function checked(given: TargetSpec): TargetSpec {
  const parsed = targetSchema.safeParse(given)
  if (parsed.success) {
    const spec = parsed.data
    if (spec.keyVariable !== undefined && spec.url.startsWith('http:') && !spec.allowPrivate)
      throw new AvouchError(
        'input',
        'The key would be sent unencrypted: the target has a key but an http address',
        {
          where: '/url',
          fix: 'Use https, or set allowPrivate if the service is on a network of your own.',
        },
      )
    return spec
  }
  const issue = parsed.error.issues[0]
  throw new AvouchError(
    'input',
    `The target cannot be used: ${issue?.path.join('/') || 'it'} ${issue?.message}`,
    {
      where: `/${issue?.path.map(String).join('/') ?? ''}`,
      fix: 'Correct the target in the plan or on the command line.',
      cause: parsed.error,
    },
  )
}

type Setting = { key: string | undefined; url: URL; random: () => number; bounds: Bounds }

class Asker {
  readonly #spec: TargetSpec
  readonly #wire: Wire
  readonly #setting: Setting
  readonly #adapter: Adapter
  readonly #method: 'GET' | 'POST'
  readonly #headers: string[]
  readonly #base: string
  readonly #maxTries: number
  /** Calls that wait before their next try; closing ends their wait, so that no timer stays behind. */
  readonly #sleeping: Aborts = new Set()
  #closed = false

  constructor(spec: TargetSpec, wire: Wire, setting: Setting) {
    this.#spec = spec
    this.#wire = wire
    this.#setting = setting
    this.#adapter = ADAPTERS[spec.adapter]
    this.#method = spec.template?.method ?? 'POST'
    this.#base = setting.url.pathname.replace(/\/+$/, '')
    this.#maxTries = spec.maxTries ?? 5
    const headers: Record<string, string> = {
      accept: spec.stream ? 'text/event-stream, application/json' : 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'avouch',
      ...(this.#method === 'POST' ? { 'content-type': 'application/json' } : {}),
      ...spec.headers,
      ...this.#adapter.headers(spec, setting.key),
    }
    this.#headers = Object.entries(headers).flat()
  }

  async ask(request: Parameters<Target['ask']>[0], signal: AbortSignal | undefined): Promise<ModelResponse> {
    if (this.#closed) throw closedError()
    signal?.throwIfAborted()
    const { limiter, pool } = this.#wire
    const aborts = signal && abortsOf(signal)
    const built = this.#adapter.build(this.#spec, request)
    const call: Call = {
      method: this.#method,
      path: this.#pathOf(built.path),
      headers: this.#headers,
      body: built.body,
    }
    const estimate = limiter.countsTokens ? estimateTokens(built.body, request.maxTokens) : 0
    for (let tries = 1; ; tries += 1) {
      const turn = limiter.acquire(estimate, aborts)
      if (turn) {
        await turn
        // The signal may have fired between the turn being given and this line, when nothing listened.
        if (signal?.aborted) {
          limiter.release(estimate)
          throw signal.reason
        }
      }
      const sentAt = performance.now()
      let reply: Exchange
      try {
        reply = await exchange(pool, call, this.#setting.bounds, aborts)
      } catch (reason) {
        limiter.release()
        throw reason
      }
      const latency = performance.now() - sentAt
      const again = mayRetry(reply) && tries < this.#maxTries
      const wait = this.#heed(reply, sentAt)
      if (again) {
        limiter.release(estimate)
        await this.#sleep(wait ?? backoff(tries, this.#setting.random), aborts)
        continue
      }
      const bytes = hideKey(reply.bytes, this.#setting.key)
      const where = `${this.#method} ${this.#setting.url.origin}${call.path.replace(/\?.*$/, '')}`
      const reading = readAnswer(this.#adapter, this.#spec, reply, bytes, where)
      const used = (reading.usage.inputTokens ?? 0) + (reading.usage.outputTokens ?? 0)
      limiter.release(used > 0 ? estimate - used : 0)
      return {
        outcome: reading.outcome,
        text: reading.text,
        toolCalls: reading.toolCalls,
        finish: codeIn(reading.finish),
        usage: reading.usage,
        servedBy: nameIn(reading.servedBy),
        latency,
        tries,
        error: reading.error,
        raw: { request: built.body ?? Buffer.from(call.path), response: bytes },
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const wake of [...this.#sleeping]) wake(closedError())
    await this.#wire.release()
  }

  /** Adapts the limiter to what the service says; returns how long this call should wait if it is made again. */
  #heed(reply: Exchange, sentAt: number): number | undefined {
    const { limiter } = this.#wire
    const { status, headers } = reply
    if (status === undefined) return undefined
    if (status === 429 || status === 503 || status === 529) {
      limiter.narrow(sentAt)
      const asked = retryAfter(headers) ?? budgetReset(headers)
      if (asked === undefined) return undefined
      limiter.pause(asked)
      // The limiter holds everyone back that long; a little jitter keeps the first ones from coming all at once.
      return this.#setting.random() * Math.min(100, asked)
    }
    if (status < 300 && reply.failure === undefined) limiter.widen()
    const reset = budgetReset(headers)
    if (reset !== undefined) limiter.pause(reset)
    return undefined
  }

  #sleep(ms: number, aborts: Aborts | undefined): Promise<void> {
    if (this.#closed) throw closedError()
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer)
        aborts?.delete(cancel)
        this.#sleeping.delete(cancel)
      }
      const cancel = (reason: unknown): void => {
        finish()
        reject(reason)
      }
      const timer = setTimeout(() => {
        finish()
        resolve()
      }, ms)
      aborts?.add(cancel)
      this.#sleeping.add(cancel)
    })
  }

  #pathOf(path: string): string {
    const { search } = this.#setting.url
    const [plain = '', query] = path.split('?')
    const whole = [search.slice(1), query].filter(Boolean).join('&')
    return `${this.#base}${plain}`.replace(/^$/, '/') + (whole === '' ? '' : `?${whole}`)
  }
}

/** A rough count before the answer tells the true one: four bytes a token, and the answer's limit or a usual length. */
function estimateTokens(body: Uint8Array | undefined, maxTokens: number | undefined): number {
  return Math.ceil((body?.length ?? 0) / 4) + (maxTokens ?? 256)
}

function closedError(): AvouchError {
  return new AvouchError('unavailable', 'The target is closed', { fix: 'Open it again before asking it.' })
}
