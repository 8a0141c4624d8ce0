const REFUSED = /den|refus|fail|forbid|unauthor|reject|block/i
/** Outcomes remembered. */
const MOST = 1000

/** Which outcomes say that an act was refused; nearly every outcome is one of a few words. */
export class Refusals {
  readonly #known = new Map<string, boolean>()

  has(outcome: string): boolean {
    let refused = this.#known.get(outcome)
    if (refused === undefined) {
      refused = REFUSED.test(outcome)
      if (this.#known.size < MOST) this.#known.set(outcome, refused)
    }
    return refused
  }
}
