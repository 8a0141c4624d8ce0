import type { Exchange } from './exchange.ts'

const FIRST_DELAY = 250
const LONGEST_DELAY = 20_000

/** 408, 425, 429 and 5xx say that trying again may help; 501 and 505 say that it will not. */
export function retryableStatus(status: number): boolean {
  return (
    status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501 && status !== 505)
  )
}

/**
 * Whether the same call may be made again without asking the model twice for one answer: the connection failed before
 * any answer began, or the service itself said to try later. A time-out is not safe: the service may still be at work.
 */
export function mayRetry(exchange: Exchange): boolean {
  if (exchange.status !== undefined) return retryableStatus(exchange.status)
  return exchange.failure?.kind === 'connection'
}

/**
 * Milliseconds to wait before try number `tries + 1`: full jitter over an exponential bound, so that many callers do
 * not come back together.
 */
export function backoff(tries: number, random: () => number): number {
  return random() * Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** (tries - 1))
}
