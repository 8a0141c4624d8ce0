/** Days after which what was seen counts half. */
const HALF_LIFE = 28
const BINS = 96
/** What weighs less has faded away. */
const LEAST = 1e-4

/**
 * How rare a value is among those seen before, older ones fading: a histogram over a fixed range with an exponential
 * tail beyond its largest value, so that ten times the record is rarer than twice the record. 800 bytes each.
 */
export class Tail {
  readonly #low: number
  readonly #width: number
  readonly #bins = new Float32Array(BINS)
  #total = 0
  /** The highest bin that holds anything to speak of; -1 at first. */
  #top = -1
  #day = 0

  constructor(low: number, high: number) {
    this.#low = low
    this.#width = (high - low) / BINS
  }

  /** What the values seen weigh together. */
  get weight(): number {
    return this.#total
  }

  add(value: number, day: number, weight = 1): void {
    this.#fade(day)
    const bin = this.#binOf(value)
    this.#bins[bin]! += weight
    if (bin > this.#top && this.#bins[bin]! >= LEAST) this.#top = bin
    this.#total += weight
  }

  /** P(X ≥ value), never 0: half an observation stands for what has not been seen yet. */
  above(value: number): number {
    return this.aboveOf(value, this.#total)
  }

  /** The same where the values added are those of `total` observations, all others of which lie below any value. */
  aboveOf(value: number, total: number): number {
    const all = Math.max(total, this.#total)
    const bin = this.#binOf(value)
    const top = this.#top
    let above = top >= bin ? this.#bins[bin]! / 2 : 0
    for (let i = top; i > bin; i--) above += this.#bins[i]!
    const rare = (above + 0.5) / (all + 1)
    if (top < 0 || bin <= top || this.#total < 4) return Math.min(1, rare)
    const beyond = (value - (this.#low + (top + 1) * this.#width)) / this.#scale(top)
    return rare * Math.exp(-Math.max(0, beyond))
  }

  /** The upper edge of the bin that this share of what was seen lies in or below. */
  quantile(share: number): number {
    let sum = 0
    for (let i = 0; i < BINS; i++) {
      sum += this.#bins[i]!
      if (sum >= share * this.#total) return this.#low + (i + 1) * this.#width
    }
    return this.#low + BINS * this.#width
  }

  /** Half of what lies between the median and the largest value seen, at least two bins. */
  #scale(top: number): number {
    let sum = 0
    let middle = 0
    while (middle < top && sum + this.#bins[middle]! < this.#total / 2) sum += this.#bins[middle++]!
    return Math.max(2, (top - middle) / 2) * this.#width
  }

  #binOf(value: number): number {
    return Math.min(BINS - 1, Math.max(0, Math.floor((value - this.#low) / this.#width)))
  }

  #fade(day: number): void {
    if (this.#day === 0) this.#day = day
    if (day <= this.#day) return
    const factor = 0.5 ** ((day - this.#day) / HALF_LIFE)
    this.#day = day
    this.#total = 0
    for (let i = 0; i < BINS; i++) {
      this.#bins[i]! *= factor
      this.#total += this.#bins[i]!
    }
    while (this.#top >= 0 && this.#bins[this.#top]! < LEAST) this.#top--
  }
}
