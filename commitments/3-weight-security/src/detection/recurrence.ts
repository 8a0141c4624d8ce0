/** Days after which what was seen counts half. */
const HALF_LIFE = 30
const BINS = 200
const WIDTH = 0.1
/** Before anything is known, this score is taken to come up once a day; that counts as much as so many days. */
const USUAL = 2.5
const UNSEEN_DAYS = 5
/** Beyond this a score says nothing more. */
const HIGHEST = 6
/** One person's candidates within so many days are one episode: whoever looks at it looks once. */
export const EPISODE = 14
/** People whose episode is remembered; the oldest go first. */
const MOST = 100_000

/**
 * How often a day something scores so high, anywhere in the company: episodes, not single moments, since an alert brings
 * a person up once. Makes scores of different kinds comparable, and says what a score is worth of somebody's attention.
 */
export class Recurrence {
  readonly #bins = new Float64Array(BINS)
  readonly #episodes = new Map<string, { day: number; bin: number }>()
  #days = 0
  #day = Number.NEGATIVE_INFINITY

  /** Notes somebody's score on a day (counted in any whole numbers). Only an episode's highest counts. */
  note(person: string, score: number, day: number): void {
    const bin = binOf(score)
    const episode = this.#episodes.get(person)
    if (episode && day - episode.day < EPISODE) {
      if (bin <= episode.bin) return
      this.#bins[episode.bin] = Math.max(
        0,
        this.#bins[episode.bin]! - 0.5 ** ((day - episode.day) / HALF_LIFE),
      )
      episode.bin = bin
    } else {
      this.#episodes.delete(person)
      if (this.#episodes.size >= MOST) this.#episodes.delete(this.#episodes.keys().next().value!)
      this.#episodes.set(person, { day, bin })
    }
    this.#bins[bin]!++
  }

  /** A day has ended. */
  endDay(day: number): void {
    const gone = Number.isFinite(this.#day) ? Math.max(1, day - this.#day) : 1
    const factor = 0.5 ** (gone / HALF_LIFE)
    this.#day = day
    // days on which nothing at all happened are no evidence of rarity beyond a few
    this.#days = this.#days * factor + Math.min(gone, 3)
    for (let bin = 0; bin < BINS; bin++) this.#bins[bin]! *= factor
  }

  /** Days it has seen, older ones fading. */
  get days(): number {
    return this.#days
  }

  /**
   * Episodes a day that score so high or higher: those seen, and a little for what has not been seen yet, which falls by
   * ten for each 1.0 of score, as a score in powers of ten should.
   */
  perDay(score: number): number {
    const bin = binOf(score)
    let above = this.#bins[bin]! / 2
    for (let i = bin + 1; i < BINS; i++) above += this.#bins[i]!
    const unseen = Math.min(10, 10 ** (USUAL - Math.min(score, HIGHEST)))
    let all = 1
    for (const count of this.#bins) all += count
    // a kind that hardly ever comes up cannot come up oftener so high
    return Math.min(all, above + UNSEEN_DAYS * unseen) / (this.#days + UNSEEN_DAYS)
  }
}

function binOf(score: number): number {
  return Math.min(BINS - 1, Math.max(0, Math.floor(score / WIDTH)))
}
