import type { Borders } from './borders.ts'
import { Chains, type GoingOn } from './chain.ts'
import { Continuity, type Touching } from './continuity.ts'
import { Covered } from './covered.ts'
import { Gathering, type Repeating } from './gathering.ts'
import { type Range, Sitting } from './sitting.ts'

/** Reads further apart than this are of different sittings. */
const SITTING = 60 * 60_000
/** Days after which what was read anew of late counts half, and what that is held against. */
const LATE = 10
const LONG = 45
/** A range counts as new where so much of it was. */
const NEW = 0.8

/** What is known of how a model is read, by everybody: what one reader is held against. */
export type Usual = {
  touching: Touching
  borders: Borders
  goingOn: GoingOn
  repeating: Repeating
  mostInADay: number
  segments: number
}

/** How one person reads one model: what of it, how much of that anew, and whether they work their way through it. */
export class Reading {
  readonly covered = new Covered()
  readonly continuity = new Continuity()
  readonly chains = new Chains()
  readonly gathering = new Gathering()
  readonly firstDay: number
  #sitting: Sitting | undefined
  /** Places read anew, older ones fading: fast, and slowly. */
  #late = 0
  #long = 0
  #day: number
  /** The day of the last new place, and of the last read at all. */
  grewOn = 0
  lastDay = 0
  /** Everything read, in places, read again or not, older ones fading: fast, and slowly. */
  #touched = 0
  #touchedLong = 0

  /** Bytes of the last day read on, and sums of bytes, older ones fading: fast, and slowly. */
  #today = 0
  #lateBytes = 0
  #longBytes = 0

  constructor(day: number) {
    this.firstDay = day
    this.#day = day
  }

  /** Takes bytes that were read, whether or not it is told which segments. */
  take(bytes: number, day: number, usual: Usual): void {
    this.#fade(day)
    this.#today = day === this.lastDay ? this.#today + bytes : bytes
    this.lastDay = Math.max(day, this.lastDay)
    this.#lateBytes += bytes
    this.#longBytes += bytes
    if (this.#today > usual.mostInADay) usual.mostInADay = this.#today
  }

  /** Bytes read of late, older ones fading. */
  bytes(day: number): number {
    this.#fade(day)
    return this.#lateBytes
  }

  /** log2 of recent bytes over what they had been before, both with `floor` added. */
  bytesSurge(floor: number, day: number): number {
    this.#fade(day)
    const expected = Math.max(0, this.#longBytes - this.#lateBytes) / (LONG / LATE - 1)
    return Math.log2((this.#lateBytes + floor) / (expected + floor))
  }

  /** One read of [from, to]; returns how many segments of it were not read in the 90 days before. */
  read(person: string, from: number, to: number, at: number, day: number, usual: Usual): number {
    if (this.#sitting && at - this.#sitting.last > SITTING) this.endSitting(person, day, usual)
    this.#sitting ??= new Sitting(at)
    this.#fade(day)
    const fresh = this.covered.mark(from, to, day)
    const { each } = this.covered
    const touched = Math.max(fresh, Math.floor(to / each) - Math.floor(from / each) + 1)
    this.#sitting.add(from, to, fresh, touched, at)
    this.#late += fresh
    this.#long += fresh
    this.#touched += touched
    this.#touchedLong += touched
    if (fresh > 0) this.grewOn = day
    this.lastDay = day
    return Math.min(fresh * each, to - from + 1)
  }

  /** When the sitting under way, if any, was last added to. */
  get lastRead(): number | undefined {
    return this.#sitting?.last
  }

  /** Ends the sitting under way and judges its ranges: does what is new touch what was read before? */
  endSitting(person: string, day: number, usual: Usual): void {
    const ranges = this.#sitting?.ranges ?? []
    this.#sitting = undefined
    const { continuity } = this
    const { touching, borders, goingOn } = usual
    this.#gather(ranges, day, usual)
    for (const { from, to, fresh, touched } of ranges)
      if (fresh >= NEW * touched) {
        const touches = continuity.touches(from, to)
        const others = touching.without(continuity.ranges, continuity.touching)
        continuity.note(touches, to - from + 1, Math.min(0.9, others), day)
        touching.note(touches, day)
        borders.note(person, from, to, day)
      }
    for (const { from, to } of ranges) {
      continuity.remember(from, to)
      this.chains.note(from, to, goingOn, day)
    }
  }

  /** Was the sitting as a whole of new parts, for one who held as much as they did? */
  #gather(ranges: readonly Range[], day: number, { repeating, segments }: Usual): void {
    let fresh = 0
    let touched = 0
    for (const range of ranges) {
      fresh += range.fresh
      touched += range.touched
    }
    if (touched === 0 || segments === 0) return
    const { each } = this.covered
    const held = Math.min(1, (Math.max(0, this.covered.held(day) - fresh) * each) / segments)
    this.gathering.note(held, fresh >= NEW * touched, fresh * each, repeating, day)
  }

  /** The share of a model of `segments` read anew of late, older reads fading, as of `day`. */
  growth(segments: number, day: number): number {
    this.#fade(day)
    return Math.min(1, (this.#late * this.covered.each) / segments)
  }

  /** log2 of recent growth over what this reader's growth had been before: 0 is as ever. */
  surge(segments: number, day: number): number {
    this.#fade(day)
    const { each } = this.covered
    // a fast sum forgets in LATE what a slow one keeps for LONG: at an even pace their quotient is that of the two
    const expected = Math.max(0, this.#long - this.#late) / (LONG / LATE - 1)
    const floor = 0.01 * segments
    return Math.log2((this.#late * each + floor) / (expected * each + floor))
  }

  /** log2 of what was read of late, again or not, over what this reader's reading had been before: 0 is as ever. */
  readSurge(segments: number, day: number): number {
    this.#fade(day)
    const { each } = this.covered
    const expected = Math.max(0, this.#touchedLong - this.#touched) / (LONG / LATE - 1)
    const floor = 0.02 * segments
    return Math.log2((this.#touched * each + floor) / (expected * each + floor))
  }

  #fade(day: number): void {
    if (day <= this.#day) return
    const gone = day - this.#day
    this.#day = day
    this.#late *= 0.5 ** (gone / LATE)
    this.#touched *= 0.5 ** (gone / LATE)
    this.#touchedLong *= 0.5 ** (gone / LONG)
    this.#long *= 0.5 ** (gone / LONG)
    this.#lateBytes *= 0.5 ** (gone / LATE)
    this.#longBytes *= 0.5 ** (gone / LONG)
  }
}
