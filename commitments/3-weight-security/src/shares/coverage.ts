import type { Told } from '../taking/resolve.ts'
import { Intervals } from './intervals.ts'

/** Days that count. */
export const DAYS = 90
/** Readers and models told apart; further ones are counted. */
const MOST = 1_000_000

/** One read of a model, however it is known. `segments` and `within` count through the whole model. */
export type Read = {
  at: number
  person: string
  model: string
  segments?: [number, number] | undefined
  bytes?: number | undefined
  told: Told | undefined
  /** The object it was of, where it is known. */
  within?: [number, number] | undefined
  /** What may have been read, where `segments` are only those that certainly were. */
  possible?: [number, number] | undefined
}

/** A model's size, as its mapping or its sealed objects tell it. */
export type ModelSize = { segments: number; segmentBytes: number }

/** What one person, or all together, read of one model. Shares are from 0 to 1. */
export type Covered = {
  /** Null for all together. */
  person: string | null
  model: string
  /**
   * The unique share that was read, at least and at most: they part where the log does not tell which bytes went out. Null
   * where the model's size is not known.
   */
  share: { low: number; high: number } | null
  reads: number
  /** Of these: reads of a part that nobody tells, and reads of which neither range nor bytes are told. */
  part: number
  untold: number
  /** Uses of a key that opens the model: how much was read by them, the key service does not know. */
  keys: number
  bytes: number
  from: number
  to: number
}

type Reading = Omit<Covered, 'person' | 'model' | 'share'> & {
  exact: Intervals
  possible: Intervals
  /** Of each object that was read in parts: its range, the largest part and all of them, in segments. */
  parts: Map<number, { to: number; least: number; most: number }>
  /** Something was read of which not even the object's place is known. */
  isOpen: boolean
}

/**
 * Who read what unique share of each model: pure arithmetic over sets of segments. Exact reads are those whose range is
 * told, or whose bytes are the whole object's. A part of an object that nobody tells is at least as much as the largest
 * such read and at most as much as all of them together, and never more than the object; where neither is told, it is
 * nothing at least and the whole object at most. Reading the same again adds nothing.
 */
export class Coverage {
  readonly #sizes: ReadonlyMap<string, ModelSize>
  readonly #readings = new Map<string, Map<string, Reading>>()
  #readers = 0
  /** Reads of people beyond those that are told apart. */
  uncounted = 0

  constructor(sizes: ReadonlyMap<string, ModelSize>) {
    this.#sizes = sizes
  }

  add(read: Read): void {
    const reading = this.#reading(read.model, read.person)
    if (!reading) {
      this.uncounted++
      return
    }
    const { at, segments, bytes = 0, told = segments ? 'range' : 'part', within, possible } = read
    reading.from = Math.min(reading.from, at)
    reading.to = Math.max(reading.to, at)
    if (told === 'key') {
      reading.keys++
      return
    }
    reading.reads++
    reading.bytes += bytes
    if (told === 'part') reading.part++
    if (told === 'untold') reading.untold++
    if (possible) reading.possible.add(...possible)
    if ((told === 'range' || told === 'whole') && (segments ?? possible)) {
      if (segments) reading.exact.add(...segments)
      return
    }
    const object = within ?? segments
    if (!object) reading.isOpen = reading.isOpen || bytes > 0 || told === 'untold'
    else if (told === 'untold') reading.possible.add(...object)
    else if (bytes > 0) this.#part(reading, object, bytes, read.model)
  }

  /** Everybody's, the largest possible share first; with `person` null for all together. */
  answer(model?: string): Covered[] {
    const found: Covered[] = []
    for (const [name, readings] of this.#readings) {
      if (model !== undefined && name !== model) continue
      const size = this.#sizes.get(name)
      const all = newReading()
      for (const [person, reading] of readings) {
        found.push({ person, model: name, ...figuresOf(reading, size) })
        join(all, reading)
      }
      found.push({ person: null, model: name, ...figuresOf(all, size) })
    }
    return found.sort(
      (a, b) =>
        (a.model < b.model ? -1 : a.model > b.model ? 1 : 0) ||
        Number(a.person !== null) - Number(b.person !== null) ||
        (b.share?.high ?? -1) - (a.share?.high ?? -1) ||
        ((a.person ?? '') < (b.person ?? '') ? -1 : 1),
    )
  }

  #part(reading: Reading, [from, to]: [number, number], bytes: number, model: string): void {
    const segmentBytes = this.#sizes.get(model)?.segmentBytes
    const size = to - from + 1
    // so many bytes in a row lie in no fewer segments, and in one more at most
    const least = segmentBytes === undefined ? 1 : Math.min(size, Math.ceil(bytes / segmentBytes))
    const most = segmentBytes === undefined ? size : Math.min(size, Math.ceil(bytes / segmentBytes) + 1)
    const before = reading.parts.get(from)
    if (!before) reading.parts.set(from, { to, least, most })
    else {
      before.least = Math.max(before.least, least)
      before.most = Math.min(size, before.most + most)
    }
  }

  #reading(model: string, person: string): Reading | undefined {
    const ofModel = this.#readings.get(model) ?? new Map<string, Reading>()
    const before = ofModel.get(person)
    if (before) return before
    if (this.#readers >= MOST) return undefined
    this.#readers++
    this.#readings.set(model, ofModel)
    const reading = newReading()
    ofModel.set(person, reading)
    return reading
  }
}

function newReading(): Reading {
  return {
    ...{ reads: 0, part: 0, untold: 0, keys: 0, bytes: 0, isOpen: false },
    ...{ from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY },
    ...{ exact: new Intervals(), possible: new Intervals(), parts: new Map() },
  }
}

function join(all: Reading, one: Reading): void {
  for (const field of ['reads', 'part', 'untold', 'keys', 'bytes'] as const) all[field] += one[field]
  all.from = Math.min(all.from, one.from)
  all.to = Math.max(all.to, one.to)
  all.isOpen ||= one.isOpen
  all.exact.addAll(one.exact)
  all.possible.addAll(one.possible)
  for (const [from, { to, least, most }] of one.parts) {
    const before = all.parts.get(from)
    if (!before) all.parts.set(from, { to, least, most })
    else {
      before.least = Math.max(before.least, least)
      before.most = Math.min(to - from + 1, before.most + most)
    }
  }
}

function figuresOf(reading: Reading, size: ModelSize | undefined): Omit<Covered, 'person' | 'model'> {
  const { reads, part, untold, keys, bytes, from, to } = reading
  return { ...{ reads, part, untold, keys, bytes, from, to }, share: size ? shareOf(reading, size) : null }
}

function shareOf(reading: Reading, { segments }: ModelSize): { low: number; high: number } {
  const { exact, possible, parts } = reading
  const last = segments - 1
  const known = new Intervals()
  known.addAll(exact)
  let low = exact.within(0, last)
  known.addAll(possible)
  let high = known.within(0, last)
  for (const [from, { to, least, most }] of parts) {
    const end = Math.min(to, last)
    low += Math.max(0, least - exact.within(from, to))
    high += Math.min(most, Math.max(0, end - from + 1 - known.within(from, end)))
  }
  // ranges that were made coarser hold somewhat more than was read
  if (exact.isCoarse) low = 0
  return {
    low: Math.min(1, low / segments),
    high: reading.isOpen ? 1 : Math.min(1, high / segments),
  }
}
