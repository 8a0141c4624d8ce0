import { ACTIONS, type Action } from '../event.ts'

const TOKENS = ACTIONS.length
/** Own transitions weigh as much as a role's from this many on. */
const BORROWED = 40

/** Which act follows which: counts of pairs. Whether they were let through, refusals tell. */
export class Transitions {
  readonly #counts = new Float32Array(TOKENS * TOKENS)
  readonly #from = new Float32Array(TOKENS)

  add(before: number, after: number): void {
    this.#counts[before * TOKENS + after]!++
    this.#from[before]!++
  }

  weight(before: number): number {
    return this.#from[before]!
  }

  share(before: number, after: number): number {
    return (this.#counts[before * TOKENS + after]! + 0.5) / (this.#from[before]! + 0.5 * TOKENS)
  }
}

export function tokenOf(action: Action): number {
  return ACTIONS.indexOf(action)
}

/** Bits a role's acts usually have, and by how much an hour's exceed it: per root of their number, for few acts vary more. */
export class UsualBits {
  #mean = 1
  #acts = 20

  add(bits: number, acts: number): void {
    this.#mean += (bits - acts * this.#mean) / (this.#acts + acts)
    this.#acts = Math.min(5000, this.#acts + acts)
  }

  excess(bits: number, acts: number): number {
    return Math.max(0, (bits - acts * this.#mean) / Math.sqrt(acts))
  }
}

/** Bits of surprise that one act follows another, by one's own habit and one's role's. */
export function bitsOf(before: number, after: number, own: Transitions, role: Transitions): number {
  const weight = own.weight(before)
  const share = weight / (weight + BORROWED)
  return -Math.log2(share * own.share(before, after) + (1 - share) * role.share(before, after))
}
