import { type Candidate, KINDS, type Kind } from './alert.ts'
import { EPISODE, Recurrence } from './recurrence.ts'

const DAY = 86_400_000
/** Below this score nothing is a candidate, however much attention is left. */
const FLOOR = 0.8
/** Somebody who was looked at is not brought up again within an episode unless it is so much rarer (powers of ten), */
const RISE = 0.5
/** and for the same model, whose story was told, so much. */
const RISE_OF_STORY = 1
/** What could not be raised on its day may still be raised for so many days. */
const KEPT = 3
/** Share of the attention left that may be spent at once: the rest of the day may bring better. */
const READY = 0.8
/** Kinds that are judged once a day has ended: until then each of them may bring as rare a candidate, whatever the hour. */
const AT_MIDNIGHT = KINDS.filter((kind) => kind !== 'acts' && kind !== 'certain').length
/** Until so many days are known, rarity is not: a score itself is the bar. */
const LEARNT = 5
const UNLEARNT_BAR = 4
/** Rarity from which an alert does not wait for attention: once in a hundred days among its kind. */
const FAR = 2
/** The same, before rarity is known, as a score. */
const UNLEARNT_FAR = UNLEARNT_BAR + 1

/** Touches of bait remembered; the oldest go first. */
const MOST_TOUCHED = 10_000

/** `rarity` is that at which it was raised, `told` what its alert tells by now. */
type Raised = { at: number; rarity: number; groups: Set<string>; as: Candidate; told: number }
type Waiting = Candidate & { rarity: number }

/** Who is told of alerts: 0 of rarity is once a day, 1 once in ten days. */
export type Told = {
  raise(candidate: Candidate, rarity: number): void
  /** What an alert is about goes on, and is rarer by now than it tells. */
  update?(raised: Candidate, candidate: Candidate, rarity: number): void
}

/**
 * Spends a day's attention, `perDay` alerts; only bait comes on top. A candidate's worth is its rarity: how seldom its
 * kind scores so high. It is raised at once where fewer better ones are to be expected in what is left of the day than
 * there is attention left for; at the day's end the best of the rest are. What is far rarer is raised at once also where
 * none is left, on tomorrow's account: a day's alerts can be borrowed and no more, so that no day has more than twice
 * `perDay` and all days together no more than one day's beyond it. Every decision is made with what was known at its moment.
 */
export class Attention {
  readonly #perDay: number
  readonly #told: Told
  readonly #usual = new Map<Kind, Recurrence>(KINDS.map((kind) => [kind, new Recurrence()]))
  #day = Number.NEGATIVE_INFINITY
  #left = 0
  /** The latest moment heard of. */
  #now = Number.NEGATIVE_INFINITY
  #waiting = new Map<string, Waiting>()
  readonly #raised = new Map<string, Raised>()
  /** Who touched which bait, when. */
  readonly #touched = new Map<string, number>()

  constructor(perDay: number, told: Told | Told['raise']) {
    this.#perDay = perDay
    this.#told = typeof told === 'function' ? { raise: told } : told
  }

  add(candidate: Candidate): void {
    // what is judged at midnight belongs to the day that ends with it
    const day = Math.floor((candidate.at - 1) / DAY)
    if (day > this.#day) this.endDay(day)
    if (candidate.kind === 'certain') {
      this.#addCertain(candidate)
      return
    }
    if (candidate.score < FLOOR) return
    const usual = this.#usual.get(candidate.kind)!
    const rarity = this.rarityOf(candidate)
    usual.note(candidate.person, candidate.score, day)
    if (this.#isOld(candidate, rarity)) {
      this.#goOn(candidate, rarity)
      return
    }
    const waiting = { ...candidate, rarity }
    this.#now = Math.max(this.#now, candidate.at, this.#day * DAY)
    const remaining = Math.max(0, this.#day + 1 - this.#now / DAY)
    const isReady =
      this.#left >= 1 ? this.#isReady(waiting, usual, remaining) : this.#mayBorrow && isFar(waiting, usual)
    if (isReady) this.#spend(waiting)
    else {
      const before = this.#waiting.get(candidate.person)
      if (!before || before.rarity < rarity) this.#waiting.set(candidate.person, waiting)
    }
  }

  /** Bait is raised at once and beside the budget: once an episode for each person and bait. */
  #addCertain(candidate: Candidate): void {
    const { person, at, touched = [] } = candidate
    const fresh = touched.filter((bait) => {
      const before = this.#touched.get(`${person}\0${bait}`)
      return before === undefined || at - before > EPISODE * DAY
    })
    if (fresh.length === 0) return
    for (const bait of fresh) {
      if (this.#touched.size >= MOST_TOUCHED) this.#touched.delete(this.#touched.keys().next().value!)
      this.#touched.set(`${person}\0${bait}`, at)
    }
    this.#told.raise(candidate, candidate.score)
  }

  /** How seldom the candidate's kind scores so high, in powers of ten: 0 is once a day. */
  rarityOf({ kind, score }: Candidate): number {
    return -Math.log10(this.#usual.get(kind)!.perDay(score))
  }

  /** Whether a day's alerts are not borrowed yet. */
  get #mayBorrow(): boolean {
    return this.#left - 1 >= -Math.max(1, this.#perDay)
  }

  /** It is this day by now. */
  advance(day: number): void {
    if (day > this.#day) this.endDay(day)
  }

  /** Ends the day under way, and begins `day`. */
  endDay(day: number): void {
    if (Number.isFinite(this.#day)) {
      const end = (this.#day + 1) * DAY
      for (const candidate of [...this.#waiting.values()].sort((a, b) => b.rarity - a.rarity)) {
        if (this.#left < 1) break
        if (!this.#isOld(candidate, candidate.rarity))
          this.#spend({ ...candidate, at: Math.max(candidate.at, end - 1) })
      }
      for (const usual of this.#usual.values()) usual.endDay(this.#day)
      for (const [person, { at }] of this.#waiting) if (at < end - KEPT * DAY) this.#waiting.delete(person)
    }
    // what is not spent is kept only as far as it takes to make up one whole alert
    this.#left = Math.min(this.#left + this.#perDay, Math.max(1, this.#perDay))
    this.#day = day
    this.#spendKept(day * DAY)
  }

  /** What found no attention yesterday gets it first today, where it is rare enough. */
  #spendKept(at: number): void {
    for (const candidate of [...this.#waiting.values()].sort((a, b) => b.rarity - a.rarity)) {
      if (this.#left < 1) break
      if (this.#isReady(candidate, this.#usual.get(candidate.kind)!, 1))
        this.#spend({ ...candidate, at: Math.max(candidate.at, at) })
    }
  }

  /** Whether attention may be spent now that so much of the day is left: few better are to be expected, or wait already. */
  #isReady({ rarity, score }: Waiting, usual: Recurrence, left: number): boolean {
    if (usual.days < LEARNT) return score >= UNLEARNT_BAR
    const expected = 10 ** -rarity * (left + AT_MIDNIGHT)
    if (expected > READY * this.#left) return false
    let better = 0
    for (const waiting of this.#waiting.values()) if (waiting.rarity > rarity) better++
    return expected + better <= READY * this.#left
  }

  /** Whether it is the story of an alert that somebody has already: it goes on there, and takes nobody's attention again. */
  #isOld({ person, at, reasons, model }: Candidate, rarity: number): boolean {
    const before = this.#raised.get(person)
    if (!before || at - before.at > EPISODE * DAY) return false
    const another = reasons
      .slice(0, 2)
      .some(({ group, surprise }) => surprise >= 2 && !before.groups.has(group))
    const rise = model === before.as.model ? RISE_OF_STORY : RISE
    return rarity < before.rarity + rise && !(another && rarity >= Math.min(before.rarity, RISE))
  }

  #goOn(candidate: Candidate, rarity: number): void {
    const before = this.#raised.get(candidate.person)
    if (!before || rarity <= before.told || candidate.model !== before.as.model) return
    before.told = rarity
    this.#told.update?.(before.as, candidate, rarity)
  }

  #spend(candidate: Waiting): void {
    const { at, rarity } = candidate
    this.#left--
    this.#waiting.delete(candidate.person)
    const groups = new Set(candidate.reasons.map(({ group }) => group as string))
    const before = this.#raised.get(candidate.person)
    if (before && at - before.at <= EPISODE * DAY) for (const group of before.groups) groups.add(group)
    for (const person of candidate.people.length > 0 ? candidate.people : [candidate.person])
      this.#raised.set(person, { at, rarity, groups, as: candidate, told: rarity })
    this.#told.raise(candidate, rarity)
  }
}

function isFar({ rarity, score }: Waiting, usual: Recurrence): boolean {
  return usual.days < LEARNT ? score >= UNLEARNT_FAR : rarity >= FAR
}
