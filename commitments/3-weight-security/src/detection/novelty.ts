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
const DAY = 86_400_000
/** Everything is new at first. */
const SETTLING = 3 * DAY

/** Days after which what the company met counts half. */
const HALF_LIFE = 30

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
  #personDays = 40
  #day = 0

  /** Notes that somebody uses a value; returns how many others do, 64 at most. */
  add(aspect: Aspect, value: string, person: string): number {
    const key = `${aspect}\0${value}`
    const users = this.#users.get(key)
    if (!users) {
      if (this.#users.size < 100_000) this.#users.set(key, new Set([person]))
      return 0
    }
    if (users.size < 64) users.add(person)
    return users.size - (users.has(person) ? 1 : 0)
  }

  /** Whether anybody uses a value, as far as is remembered. */
  knows(aspect: Aspect, value: string): boolean {
    return this.#users.has(`${aspect}\0${value}`) || this.#users.size >= 100_000
  }

  /** So many people were at work on a day. */
  endDay(day: number, people: number): void {
    // at first everything is new to everybody; what was so long ago says little of now
    if (this.#day !== 0) {
      const factor = 0.5 ** ((day - this.#day) / HALF_LIFE)
      this.#personDays *= factor
      for (const aspect of ASPECTS)
        for (let crowd = 0; crowd < CROWDS; crowd++) this.#firsts[aspect][crowd]! *= factor
    }
    this.#day = day
    this.#personDays += people
  }

  /** New values a person meets in a day of work, over the whole company. */
  rate(aspect: Aspect): number {
    return (this.#firsts[aspect].reduce((sum, count) => sum + count) + 0.5) / (this.#personDays + 10)
  }

  /** Somebody met a value that is new to them. */
  first(aspect: Aspect, others: number): void {
    this.#firsts[aspect][crowdOf(others)]!++
  }

  /** The share of new values that so many others use, or fewer. */
  share(aspect: Aspect, others: number): number {
    const firsts = this.#firsts[aspect]
    let upTo = 0.25
    let all = 1
    for (let crowd = 0; crowd < CROWDS; crowd++) {
      all += firsts[crowd]!
      if (crowd <= crowdOf(others)) upTo += firsts[crowd]!
    }
    return upTo / all
  }
}

type Met = { first: number; last: number }

/** Which values of one aspect somebody has used before. */
export class Familiar {
  readonly aspect: Aspect
  readonly #known = new Map<string, Met>()
  /** The value used last, which is most often the next as well. */
  #value: string | undefined
  #met: Met | undefined
  /** Values met after the first days, in which everything is new. */
  #later = 0
  readonly #began: number

  /** `began` is when the person was first heard of. */
  constructor(aspect: Aspect, began: number) {
    this.aspect = aspect
    this.#began = began
  }

  /** Notes a use. `old`: long known, or of the first days. `recent`: new not long ago. `new`: never used before. */
  use(value: string, at: number): 'old' | 'recent' | 'new' {
    const met = value === this.#value ? this.#met! : this.#known.get(value)
    if (!met) return this.#meet(value, at)
    met.last = at
    this.#value = value
    this.#met = met
    return at - met.first > NEW_FOR || met.first - this.#began < SETTLING ? 'old' : 'recent'
  }

  #meet(value: string, at: number): 'old' | 'new' {
    const known = this.#known
    if (known.size >= MOST) known.delete(longestUnused(known))
    const met = { first: at, last: at }
    known.set(value, met)
    this.#value = value
    this.#met = met
    if (at - this.#began < SETTLING) return 'old'
    this.#later++
    return 'new'
  }

  /**
   * How unexpected it is that this value is new to this person: by how often they meet new ones (with the company's own
   * rate for what is not known yet), and by the share of new values that so many others use, or fewer.
   */
  surpriseOf(value: string, others: number, common: CommonKnowledge): Signal | undefined {
    const met = this.#known.get(value)
    if (!met) return undefined
    const { aspect } = this
    const days = (met.first - this.#began) / DAY
    const rate = (this.#later - 1 + 3 * common.rate(aspect)) / (Math.max(0, days - SETTLING / DAY) + 3)
    const meets = 1 - Math.exp((-Math.max(1e-4, rate) * NEW_FOR) / DAY)
    const who =
      others === 0 ? 'nobody else uses it' : `${others === 64 ? '64 or more' : others} others use it`
    return {
      group: aspect,
      p: Math.min(1, Math.max(1e-6, meets * common.share(aspect, others))),
      why: () =>
        `${WORDS[aspect]} ${value} was never used by them before in ${Math.floor(days)} days, and ${who}`,
    }
  }
}

function longestUnused(known: ReadonlyMap<string, Met>): string {
  let oldest = ''
  let last = Number.POSITIVE_INFINITY
  for (const [name, met] of known)
    if (met.last < last) {
      last = met.last
      oldest = name
    }
  return oldest
}
