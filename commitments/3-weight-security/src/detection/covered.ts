/** At most so many places are told apart in one model; beyond it a place stands for several segments. */
const PLACES = 2048
/** Days that count. */
export const DAYS = 90

/**
 * Which part of a model somebody has read in the last 90 days: the day of the last read of each place. Within 90 days it
 * only grows, whatever the pace. 4 kB for each person and model.
 */
export class Covered {
  readonly #last = new Uint16Array(PLACES)
  /** Segments that one place stands for. */
  #each = 1
  /** Places read in the 90 days up to a day; counted anew once a week. */
  #held = 0
  #heldOn = -1

  /** Marks [from, to] as read on a day (counted from 1); returns how many places were not covered before. */
  mark(from: number, to: number, day: number): number {
    while (to >= PLACES * this.#each) this.#double()
    let fresh = 0
    for (let place = Math.floor(from / this.#each); place <= Math.floor(to / this.#each); place++) {
      const before = this.#last[place]!
      if (before === 0 || before + DAYS <= day) fresh++
      if (before < day) this.#last[place] = day
    }
    this.#held += fresh
    return fresh
  }

  /** How many places were read in the 90 days up to `day`, or a few days before: for asking often. */
  held(day: number): number {
    if (this.#heldOn < 0 || day >= this.#heldOn + 7) {
      this.#heldOn = day
      this.#held = 0
      for (const last of this.#last) if (last !== 0 && last + DAYS > day) this.#held++
    }
    return this.#held
  }

  /** The share of a model of `segments` that was read in the 90 days up to `day`. */
  share(segments: number, day: number): number {
    const size = this.#placesOf(segments)
    const oldest = day - DAYS + 1
    let count = 0
    for (let place = 0; place < size; place++) {
      const last = this.#last[place]!
      if (last !== 0 && last >= oldest) count++
    }
    return count / size
  }

  /** A bit for each place of a model of `segments` read in the 90 days up to `day`, or since `since`. */
  places(segments: number, day: number, since = 0): Uint32Array {
    const size = this.#placesOf(segments)
    const bits = new Uint32Array(Math.ceil(size / 32))
    const oldest = Math.max(since, day - DAYS + 1)
    for (let place = 0; place < size; place++) {
      const last = this.#last[place]!
      if (last !== 0 && last >= oldest) bits[place >> 5]! |= 1 << (place & 31)
    }
    return bits
  }

  /** How many segments one place stands for. */
  get each(): number {
    return this.#each
  }

  /** Makes places as coarse as another's, so that the two can be laid over each other. */
  coarsenTo(each: number): void {
    while (this.#each < each) this.#double()
  }

  /** How many places a model of so many segments has; the grid is made coarse enough to hold it. */
  #placesOf(segments: number): number {
    while (segments > PLACES * this.#each) this.#double()
    return Math.max(1, Math.ceil(segments / this.#each))
  }

  #double(): void {
    for (let place = 0; place < PLACES; place++)
      this.#last[place] =
        place < PLACES / 2 ? Math.max(this.#last[2 * place]!, this.#last[2 * place + 1]!) : 0
    this.#each *= 2
    this.#heldOn = -1
  }
}

/** How many bits are set. */
export function countOf(bits: Uint32Array): number {
  let count = 0
  for (let i = 0; i < bits.length; i++) count += onesIn(bits[i]!)
  return count
}

/** How many bits are set in both. */
export function bothOf(a: Uint32Array, b: Uint32Array): number {
  let count = 0
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) count += onesIn(a[i]! & b[i]!)
  return count
}

function onesIn(given: number): number {
  let word = given - ((given >>> 1) & 0x55555555)
  word = (word & 0x33333333) + ((word >>> 2) & 0x33333333)
  return Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
