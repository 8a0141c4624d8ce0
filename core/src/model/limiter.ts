import { AvouchError } from '../errors.ts'
import type { Aborts } from './aborts.ts'
import { TokenBucket } from './token-bucket.ts'

/** What a limiter holds to; a rate that is absent is not limited. */
export type Limits = { concurrency: number; requestsPerMinute?: number; tokensPerMinute?: number }

type Waiter = { tokens: number; go: (() => void) | undefined; fail: (reason: unknown) => void }

/**
 * Lets calls through in the order they came: never more at once than allowed, nor faster than the rates. What is
 * allowed at once adapts as TCP does (additive increase, multiplicative decrease; Chiu and Jain 1989): a service that
 * says "too many" halves it, each answer widens it by 1/n up to the limit given.
 */
export class Limiter {
  readonly #max: number
  readonly #requests: TokenBucket | undefined
  readonly #tokens: TokenBucket | undefined
  readonly #queue: Waiter[] = []
  #head = 0
  #allowed: number
  #inFlight = 0
  #pausedUntil = 0
  #lastDecrease = Number.NEGATIVE_INFINITY
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(limits: Limits) {
    const now = performance.now()
    this.#max = limits.concurrency
    this.#allowed = limits.concurrency
    this.#requests =
      limits.requestsPerMinute === undefined ? undefined : new TokenBucket(limits.requestsPerMinute, now)
    this.#tokens =
      limits.tokensPerMinute === undefined ? undefined : new TokenBucket(limits.tokensPerMinute, now)
  }

  /** Whether tokens are counted at all, so that callers need not estimate them in vain. */
  get countsTokens(): boolean {
    return this.#tokens !== undefined
  }

  /** Calls allowed at once now, a whole number from 1 to the limit. */
  get allowed(): number {
    return Math.max(1, Math.floor(this.#allowed))
  }

  get inFlight(): number {
    return this.#inFlight
  }

  /**
   * Asks for one call worth `tokens`. Undefined means it may go at once; else the promise resolves when it may, and
   * rejects with the signal's reason on abort. Every call let through must end with `release`.
   */
  acquire(tokens: number, aborts: Aborts | undefined): Promise<void> | undefined {
    if (this.#closed) throw closedError()
    if (this.#head === this.#queue.length && this.#wait(tokens) === 0) {
      this.#admit(tokens)
      return undefined
    }
    return new Promise((resolve, reject) => {
      const cancel = (reason: unknown): void => {
        waiter.go = undefined
        reject(reason)
        this.#drain()
      }
      const waiter: Waiter = {
        tokens,
        go: () => {
          aborts?.delete(cancel)
          resolve()
        },
        fail: (reason) => {
          aborts?.delete(cancel)
          reject(reason)
        },
      }
      aborts?.add(cancel)
      this.#queue.push(waiter)
      this.#drain()
    })
  }

  /** A call ended. `surplus` is the estimate less the tokens really used, where they are known. */
  release(surplus = 0): void {
    this.#inFlight -= 1
    if (surplus !== 0) this.#tokens?.correct(surplus)
    if (this.#head < this.#queue.length) this.#drain()
  }

  /** A call was answered in full: a little more may go at once. */
  widen(): void {
    if (this.#allowed < this.#max) this.#allowed = Math.min(this.#max, this.#allowed + 1 / this.#allowed)
  }

  /**
   * The service said it is too much. Calls sent before the last decrease say nothing new and are not counted again.
   * `sentAt` is on the clock of `performance.now()`.
   */
  narrow(sentAt: number): void {
    if (sentAt <= this.#lastDecrease) return
    this.#lastDecrease = performance.now()
    this.#allowed = Math.max(1, this.#allowed / 2)
  }

  /** Lets nothing through for so many milliseconds. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, performance.now() + ms)
  }

  /** Refuses what waits and what comes; calls already let through go on. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#timer = undefined
    const waiting = this.#queue.splice(0).slice(this.#head)
    this.#head = 0
    for (const waiter of waiting) if (waiter.go) waiter.fail(closedError())
  }

  /** Milliseconds until one call may go: 0 now, Infinity when another must end first. */
  #wait(tokens: number): number {
    if (this.#inFlight >= this.allowed) return Number.POSITIVE_INFINITY
    if (this.#pausedUntil === 0 && !this.#requests && !this.#tokens) return 0
    const now = performance.now()
    if (this.#pausedUntil <= now) this.#pausedUntil = 0
    return Math.max(
      this.#pausedUntil === 0 ? 0 : this.#pausedUntil - now,
      this.#requests?.wait(1, now) ?? 0,
      this.#tokens?.wait(tokens, now) ?? 0,
    )
  }

  #admit(tokens: number): void {
    this.#inFlight += 1
    this.#requests?.take(1)
    this.#tokens?.take(tokens)
  }

  #drain(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    while (this.#head < this.#queue.length) {
      const waiter = this.#queue[this.#head]!
      if (waiter.go) {
        const wait = this.#wait(waiter.tokens)
        if (wait > 0) {
          // setTimeout takes at most 2^31-1 ms; waking early only looks again.
          if (wait !== Number.POSITIVE_INFINITY)
            this.#timer = setTimeout(() => this.#drain(), Math.min(Math.ceil(wait), 2 ** 31 - 1))
          break
        }
        this.#admit(waiter.tokens)
        waiter.go()
      }
      this.#head += 1
    }
    if (this.#head === this.#queue.length || this.#head > 1024) {
      this.#queue.splice(0, this.#head)
      this.#head = 0
    }
  }
}

function closedError(): AvouchError {
  return new AvouchError('unavailable', 'The target was closed while calls to it were waiting', {
    fix: 'Open the target again before asking it.',
  })
}
