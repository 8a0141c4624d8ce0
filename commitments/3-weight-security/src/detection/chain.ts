/** Places where reading could go on that are remembered for one person and model. */
const HEADS = 24
/** Chance that a reader who goes on where they stopped does so with any one range: they have other work too. */
const GOES_ON = 0.25
/** What choosing the best of all heads costs, in powers of ten. */
const CHOICE = 1
/** Days after which the company's counts count half. */
const HALF_LIFE = 45

/** How often a range of one model begins exactly where one given earlier range of the same person ended, with everybody. */
export class GoingOn {
  #chances = 0
  #taken = 0
  #day = 0

  note(chances: number, taken: boolean, day: number): void {
    if (day > this.#day) {
      const factor = 0.5 ** ((day - this.#day) / HALF_LIFE)
      this.#chances *= factor
      this.#taken *= factor
      this.#day = day
    }
    this.#chances += chances
    if (taken) this.#taken++
  }

  /** The chance for one head and one range, with everybody but one who had `chances` and `taken`; a fiftieth at first. */
  without(chances: number, taken: number): number {
    const others = Math.max(0, this.#taken - taken)
    return (others + 1) / (Math.max(others, this.#chances - chances) + 50)
  }
}

/** A way through a model: where it would go on, in how many steps it came so far, and the evidence that it is one. */
export type Chain = { next: number; steps: number; segments: number; since: number; sum: number; day: number }

/**
 * Whether somebody goes through a model piece by piece, at whatever pace and with whatever else in between: ranges that
 * begin exactly where one of an earlier sitting ended. For each end a cumulative sum of log-likelihood ratios (Page 1954)
 * against the company's own rate of going on by chance.
 */
export class Chains {
  readonly #heads: Chain[] = []
  chances = 0
  taken = 0

  /** Takes one range of a new sitting into account. */
  note(from: number, to: number, usual: GoingOn, day: number): void {
    const heads = this.#heads
    const chance = Math.min(0.24, usual.without(this.chances, this.taken))
    const gain = Math.log10(GOES_ON / chance)
    const loss = Math.log10((1 - GOES_ON) / (1 - chance))
    let gone: Chain | undefined
    for (const head of heads) {
      if (!gone && (from === head.next || from === head.next - 1) && to >= head.next) gone = head
      else {
        const sum = head.sum + loss
        head.sum = sum > -CHOICE ? sum : -CHOICE
      }
    }
    usual.note(heads.length, gone !== undefined, day)
    this.chances += heads.length
    if (gone) {
      this.taken++
      gone.sum += gain
      gone.steps++
      gone.segments += to - from + 1
      gone.next = to + 1
      gone.day = day
      return
    }
    if (heads.some(({ next }) => next === to + 1)) return
    if (heads.length >= HEADS) heads.splice(this.#weakest(), 1)
    heads.push({ next: to + 1, steps: 0, segments: to - from + 1, since: day, sum: -CHOICE, day })
  }

  /** The chain with the most evidence, where there is any. */
  get best(): Chain | undefined {
    let best: Chain | undefined
    for (const head of this.#heads) if (head.sum > (best?.sum ?? 0)) best = head
    return best
  }

  #weakest(): number {
    let weakest = 0
    for (let n = 1; n < this.#heads.length; n++) {
      const head = this.#heads[n]!
      const other = this.#heads[weakest]!
      if (head.sum < other.sum || (head.sum === other.sum && head.day < other.day)) weakest = n
    }
    return weakest
  }
}
