import type { Signal } from './signal.ts'

/** What can be new about an act. */
export const ASPECTS = ['host', 'sink', 'environment', 'model'] as const
export type Aspect = (typeof ASPECTS)[number]

const WORDS: Record<Aspect, string> = {
  host: 'the host',
  sink: 'the sink',
  environment: 'the environment',
  model: 'the model',
}
/** Values remembered for one person and aspect; the one not seen longest goes first. */
const MOST = 256
/** A value counts as new for this long after its first use, in milliseconds. */
const NEW_FOR = 48 * 60 * 60_000

/** How many others use a new value: nobody, one or two, more. */
const CROWDS = 3
const crowdOf = (others: number): number => (others === 0 ? 0 : others < 3 ? 1 : 2)

/**
 * Who uses which value of an aspect, in the whole company (at most 100,000 values), and how often what is new to one
 * person is new to everybody: a host that somebody uses for the first time may be a colleague's, or nobody's.
 */
export class CommonKnowledge {
  readonly #users = new Map<string, Set<string>>()
  readonly #firsts: Record<Aspect, number[]> = {
    host: [1, 1, 2],
    sink: [1, 1, 2],
    environment: [1, 1, 2],
    model: [1, 1, 2],
  }

  add(aspect: Aspect, value: string, person: string): void {
    const key = `${aspect}\0${value}`
    const users = this.#users.get(key)
    if (users) {
      if (users.size < 64) users.add(person)
    } else if (this.#users.size < 100_000) this.#users.set(key, new Set([person]))
  }

  /** How many others use it, 64 at most. */
  others(aspect: Aspect, value: string, person: string): number {
    const users = this.#users.get(`${aspect}\0${value}`)
    return users ? users.size - (users.has(person) ? 1 : 0) : 0
  }

  /** Somebody met a value that is new to them. */
  first(aspect: Aspect, others: number): void {
    this.#firsts[aspect][crowdOf(others)]!++
  }

  /** The share of new values that so many others use, or fewer. */
  share(aspect: Aspect, others: number): number {
    const firsts = this.#firsts[aspect]
    let upTo = 0
    let all = 0
    for (let crowd = 0; crowd < CROWDS; crowd++) {
      all += firsts[crowd]!
      if (crowd <= crowdOf(others)) upTo += firsts[crowd]!
    }
    return upTo / all
  }
}

type Known = Map<string, { first: number; last: number }>

/** What somebody has used before. */
export class Familiar {
  readonly #known: Record<Aspect, Known> = {
    host: new Map(),
    sink: new Map(),
    environment: new Map(),
    model: new Map(),
  }
  readonly #used: Record<Aspect, number> = { host: 0, sink: 0, environment: 0, model: 0 }
  #began: number | undefined

  /** Notes a use; true where it is new to a person who is known already. */
  use(aspect: Aspect, value: string, at: number): boolean {
    this.#began ??= at
    this.#used[aspect]++
    const known = this.#known[aspect]
    const entry = known.get(value)
    if (entry) {
      entry.last = at
      return false
    }
    if (known.size >= MOST) {
      let oldest: string | undefined
      let last = Number.POSITIVE_INFINITY
      for (const [name, seen] of known)
        if (seen.last < last) {
          last = seen.last
          oldest = name
        }
      known.delete(oldest!)
    }
    known.set(value, { first: at, last: at })
    return at - this.#began > 3 * 86_400_000
  }

  /**
   * How unexpected it is that this value is new to this person: by how often they meet new ones (Good and Turing's
   * estimate in small), by how long we know them, and by how many others use it. Undefined where it is not new.
   */
  surpriseOf(
    aspect: Aspect,
    value: string,
    at: number,
    others: number,
    /** The share of new values that so many others use, or fewer. */
    share: number,
    colleaguesMeetNew: number,
  ): Signal | undefined {
    const known = this.#known[aspect]
    const entry = known.get(value)
    if (!entry || this.#began === undefined || at - entry.first > NEW_FOR || entry.first === this.#began)
      return undefined
    const days = (entry.first - this.#began) / 86_400_000
    // new ones a day so far, with the company's own rate standing for what is not known yet
    const rate = (known.size - 1 + 3 * colleaguesMeetNew) / (days + 3)
    const meets = 1 - Math.exp(-rate * 2)
    const p = Math.min(1, Math.max(1e-6, meets * share))
    const who =
      others === 0 ? 'nobody else uses it' : `${others === 64 ? '64 or more' : others} others use it`
    return {
      group: aspect,
      p,
      why: () =>
        `${WORDS[aspect]} ${value} was never used by them before in ${Math.floor(days)} days, and ${who}`,
    }
  }

  /** New values a day, for each aspect; what colleagues' rates are made of. */
  rate(aspect: Aspect, at: number): number {
    if (this.#began === undefined) return 0
    return (this.#known[aspect].size - 1) / ((at - this.#began) / 86_400_000 + 1)
  }
}
