/**
 * A token bucket over a rate per minute. It holds at most one second's worth (at least one unit), so that no minute
 * sees more than the rate and one second's burst. One cost larger than the bucket is let through from a full one and
 * leaves a debt.
 */
export class TokenBucket {
  readonly #perMs: number
  readonly #capacity: number
  #level: number
  #at: number

  /** `now` is a monotonic time in milliseconds. */
  constructor(perMinute: number, now: number) {
    this.#perMs = perMinute / 60_000
    this.#capacity = Math.max(1, perMinute / 60)
    this.#level = this.#capacity
    this.#at = now
  }

  /** Milliseconds until `cost` may be taken; 0 means now. */
  wait(cost: number, now: number): number {
    this.#level = Math.min(this.#capacity, this.#level + (now - this.#at) * this.#perMs)
    this.#at = now
    const lacking = Math.min(cost, this.#capacity) - this.#level
    // Below a millionth of a unit is rounding; waiting for it would spin.
    return lacking <= 1e-6 ? 0 : Math.ceil(lacking / this.#perMs)
  }

  take(cost: number): void {
    this.#level -= cost
  }

  /** Gives back what an estimate took too much; a negative amount takes what it took too little. */
  correct(amount: number): void {
    this.#level = Math.min(this.#capacity, this.#level + amount)
  }
}
