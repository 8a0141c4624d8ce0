import { Covered } from './covered.ts'
import { inPercent, type Signal } from './signal.ts'
import { Tail } from './tail.ts'

/** A host or sink is young for so many days; what is older, or whatever the record began with, is of the house. */
const YOUNG_FOR = 60
const SETTLING = 7
/** More people than this make it common. */
const MOST_PEOPLE = 5
/** Young places remembered, and models of each; the oldest go first. */
const MOST = 512
const MOST_MODELS = 4
/** Places that have to be known before it is said how much usually goes through one. */
const ENOUGH = 15
/** Days of use, by all of its people together, from which a place is shared and not met by chance. */
const USES = 4
/** Days after which the company's counts count half. */
const HALF_LIFE = 60

export type Aspect = 'host' | 'sink'

/** A host or a sink that nobody used before, who uses it, and what of each model went through it. */
export class Young {
  readonly aspect: Aspect
  readonly value: string
  readonly since: number
  /** Who reads through it, and the days of their first and latest read. */
  readonly people = new Map<string, { first: number; last: number }>()
  /** On how many days people read through it, those of each counted. */
  uses = 0
  readonly models = new Map<string, { covered: Covered; people: Set<string> }>()
  isCommon = false
  /** The day of the last read of something through it that had not gone that way. */
  grewOn = 0

  constructor(aspect: Aspect, value: string, day: number) {
    this.aspect = aspect
    this.value = value
    this.since = day
  }

  read(person: string, model: string, from: number, to: number, day: number): void {
    const used = this.people.get(person)
    if (used?.last !== day) {
      this.uses++
      if (used) used.last = day
      else if (this.people.size >= MOST_PEOPLE) this.isCommon = true
      else this.people.set(person, { first: day, last: day })
    }
    let through = this.models.get(model)
    if (!through) {
      if (this.models.size >= MOST_MODELS) return
      through = { covered: new Covered(), people: new Set() }
      this.models.set(model, through)
    }
    through.people.add(person)
    if (through.covered.mark(from, to, day) > 0) this.grewOn = day
  }
}

/** What few people came to use of late, together or alone, and how much of a model that has taken. */
export class YoungPlaces {
  readonly #all = new Map<string, Young>()
  /** The share of a model that went through a young place, over all of them each day it grew. */
  readonly #shares: Record<Aspect, Tail> = { host: new Tail(0, 1), sink: new Tail(0, 1) }
  /** Young places that came to be shared, older ones fading, and days of work of everybody. */
  #shared = 0
  #personDays = 0
  #day = 0

  /** The young place by this name, made where `isNew` says that nobody used it before; undefined for all others. */
  of(aspect: Aspect, value: string, isNew: boolean, day: number): Young | undefined {
    const key = `${aspect} ${value}`
    let young = this.#all.get(key)
    if (!young && isNew && day > SETTLING) {
      if (this.#all.size >= MOST) this.#all.delete(this.#all.keys().next().value!)
      young = new Young(aspect, value, day)
      this.#all.set(key, young)
    }
    return young
  }

  /** Ends a day on which so many were at work; answers the places through which several people read more of a model. */
  endDay(day: number, atWork: number): { young: Young; model: string; people: string[] }[] {
    const factor = 0.5 ** ((day - this.#day) / HALF_LIFE)
    this.#shared *= factor
    this.#personDays = this.#personDays * factor + atWork
    this.#day = day
    const found = []
    for (const [key, young] of this.#all) {
      if (young.isCommon || day - young.since > YOUNG_FOR) {
        young.isCommon = true
        this.#all.delete(key)
        continue
      }
      if (young.grewOn !== day) continue
      if (young.people.size === 2 && [...young.people.values()].some(({ first }) => first === day))
        this.#shared++
      // two who come across the same spare machine once have nothing in common yet
      if (young.uses < USES) continue
      for (const [model, { people }] of young.models)
        if (people.size > 1) found.push({ young, model, people: [...people] })
    }
    return found
  }

  /** How seldom a place that nobody used before comes to be used by several. */
  sharing({ aspect, value, people, since }: Young): Signal {
    const p = Math.min(0.2, (Math.max(0, this.#shared - 1) + 0.5) / (this.#personDays + 20))
    return {
      group: aspect,
      p,
      why: () =>
        `the ${aspect} ${value}, which nobody used before day ${since} of the record, is used by ${people.size} people: so rare that it comes up on ${inPercent(p)} of anybody’s days of work`,
    }
  }

  /** How seldom so much of a model goes through a young place; learns it where `learn`. */
  taking(young: Young, model: string, segments: number, day: number, learn: boolean): Signal | undefined {
    const through = young.models.get(model)
    if (!through || segments === 0) return undefined
    const share = through.covered.share(segments, day)
    const shares = this.#shares[young.aspect]
    const p = shares.weight >= ENOUGH ? shares.above(share) : 1
    if (learn) shares.add(share, day, 0.3)
    return {
      group: 'union',
      p,
      why: () =>
        `${inPercent(share)} of ${model} went through the ${young.aspect} ${young.value} since day ${young.since} of the record: so much or more through ${inPercent(p)} of what nobody used before`,
    }
  }
}
