import type { WeightEvent } from '../event.ts'
import { compareEvents } from './sameness.ts'

/** An event with its moment in milliseconds. */
export type Timed = WeightEvent & { at: number }

/** Events set aside, by reason; nothing is dropped without being counted. */
export type Rejections = { repeated: number; late: number; future: number }

/** Who is told of events that do not go on: those whose time has passed, and those whose clock is wrong. */
export type SetAside = { late(event: Timed): void; aside(event: Timed): void }

const DAY = 86_400_000
/** Events may come this much out of order, in milliseconds of their own time. */
export const LATENESS = 60 * 60_000
/** An event this far ahead of all others is held until others join it: one wrong clock must not end the day for all. */
const AHEAD = 3 * DAY
const JOINED = 20
/** The first events of a stream are looked at together, since any of them may have the wrong clock; */
const FIRST = 20
/** what this gap parts from most of them is not of this record. */
export const ANOTHER_RECORD = 180 * DAY
/** At most so many events wait for their turn. */
const MOST_WAITING = 200_000

/**
 * Puts a stream in order: each event goes on once nothing earlier is expected any more, and those of one moment in an
 * order of their own, so that the order of arrival within the hour changes nothing. A repetition within the hour, and
 * what comes after its hour has passed, are counted and set aside. Bounded memory.
 */
export class Ordering {
  readonly rejections: Rejections = { repeated: 0, late: 0, future: 0 }
  readonly #next: (event: Timed) => void
  readonly #set: SetAside
  readonly #lateness: number
  /** In order; those before `#head` have gone on. */
  #waiting: Timed[] = []
  #head = 0
  #newest = Number.NEGATIVE_INFINITY
  #passed = Number.NEGATIVE_INFINITY
  /** What went on at the very moment `#passed`. */
  #atPassed: Timed[] = []
  #first: Timed[] | undefined = []
  #ahead: Timed[] = []
  /** Events that came at the usual time since one was held. */
  #meanwhile = 0

  /**
   * `set` is told of what does not go on. `lateness` is how much out of order events may come, in milliseconds.
   */
  constructor(next: (event: Timed) => void, set: SetAside, lateness = LATENESS) {
    this.#next = next
    this.#set = set
    this.#lateness = lateness
  }

  add(event: Timed): void {
    if (this.#first) {
      this.#first.push(event)
      if (this.#first.length >= FIRST) this.#begin()
    } else if (event.at > this.#newest + AHEAD) this.#hold(event)
    else {
      if (this.#ahead.length > 0 && ++this.#meanwhile >= JOINED) this.#disbelieve()
      this.#take(event)
    }
  }

  /** Lets everything go that still waits. */
  end(): void {
    if (this.#first) this.#begin()
    if (this.#ahead.length > this.#meanwhile) this.#follow(ANOTHER_RECORD)
    else this.#disbelieve()
    while (this.#head < this.#waiting.length) this.#go()
  }

  /** The time up to which everything has gone on. */
  get passed(): number {
    return this.#passed
  }

  /** Begins where most of the first events are; what lies far from them has a wrong clock. */
  #begin(): void {
    const first = this.#first!
    this.#first = undefined
    if (first.length === 0) return
    const sorted = first.map(({ at }) => at).sort((a, b) => a - b)
    const middle = (sorted.length - 1) >> 1
    let low = middle
    let high = middle
    while (low > 0 && sorted[low]! - sorted[low - 1]! <= ANOTHER_RECORD) low--
    while (high < sorted.length - 1 && sorted[high + 1]! - sorted[high]! <= ANOTHER_RECORD) high++
    this.#newest = sorted[low]!
    const [from, to] = [sorted[low]!, sorted[high]!]
    // here they are put in order whatever lies between them: nothing has gone on yet
    first.sort((a, b) => a.at - b.at)
    for (const event of first)
      if (event.at < from) {
        this.rejections.late++
        this.#set.aside(event)
      } else if (event.at > to) this.#refuse([event])
      else this.#take(event)
  }

  #refuse(events: readonly Timed[]): void {
    this.rejections.future += events.length
    for (const event of events) this.#set.aside(event)
  }

  #hold(event: Timed): void {
    if (this.#ahead.length === 0) this.#meanwhile = 0
    this.#ahead.push(event)
    if (this.#ahead.length >= JOINED) this.#follow(AHEAD)
  }

  /** So many agree that the stream itself has jumped; those far beyond the others stay out. */
  #follow(gap: number): void {
    const held = this.#ahead.sort((a, b) => a.at - b.at)
    this.#ahead = []
    if (held[0]!.at > this.#newest + ANOTHER_RECORD && gap === ANOTHER_RECORD) {
      this.#refuse(held)
      return
    }
    this.#newest = held[0]!.at
    for (const event of held)
      if (event.at > this.#newest + gap) this.#refuse([event])
      else this.#take(event)
  }

  /** The others went on as before: what was held has the wrong clock. */
  #disbelieve(): void {
    this.#refuse(this.#ahead)
    this.#ahead = []
  }

  #take(event: Timed): void {
    if (event.at < this.#passed) {
      this.rejections.late++
      this.#set.late(event)
      return
    }
    if (!this.#insert(event)) {
      this.rejections.repeated++
      return
    }
    if (event.at > this.#newest) this.#newest = event.at
    while (
      this.#head < this.#waiting.length &&
      (this.#waiting[this.#head]!.at <= this.#newest - this.#lateness ||
        this.#waiting.length - this.#head > MOST_WAITING)
    )
      this.#go()
  }

  #go(): void {
    const event = this.#waiting[this.#head]!
    this.#head++
    if (this.#head > 4096 && this.#head * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#head)
      this.#head = 0
    }
    if (event.at > this.#passed) {
      this.#passed = event.at
      this.#atPassed = [event]
    } else this.#atPassed.push(event)
    this.#next(event)
  }

  /** Puts it in its place; false where the same is there already. Most events come in order, so the end is tried first. */
  #insert(event: Timed): boolean {
    const waiting = this.#waiting
    if (event.at === this.#passed && this.#atPassed.some((gone) => compareEvents(gone, event) === 0))
      return false
    const last = waiting.length - 1
    if (last < this.#head || waiting[last]!.at < event.at) {
      waiting.push(event)
      return true
    }
    let low = this.#head
    let high = waiting.length
    while (low < high) {
      const middle = (low + high) >> 1
      const order = compareEvents(waiting[middle]!, event)
      if (order === 0) return false
      if (order < 0) low = middle + 1
      else high = middle
    }
    if (low === waiting.length) waiting.push(event)
    else waiting.splice(low, 0, event)
    return true
  }
}
