const HOURS = 168
/** So many of one's own active hours weigh as much as what colleagues do. */
const BORROWED = 30

/** When somebody is at work: a weight for each hour of the week (UTC), older weeks fading. */
export class Rhythm {
  readonly #hours = new Float32Array(HOURS)
  #total = 0
  #week = 0
  readonly #smoothed = new Float32Array(HOURS).fill(1 / HOURS)
  #smoothedAt = 0

  add(at: number): void {
    const week = Math.floor(at / 604_800_000)
    if (this.#week !== 0 && week > this.#week) {
      const factor = 0.5 ** ((week - this.#week) / 6)
      this.#total = 0
      for (let i = 0; i < HOURS; i++) {
        this.#hours[i]! *= factor
        this.#total += this.#hours[i]!
      }
    }
    this.#week = Math.max(week, this.#week)
    this.#hours[hourOfWeek(at)]!++
    this.#total++
  }

  get weight(): number {
    return this.#total
  }

  /**
   * The share of activity in each hour of the week, smoothed over its neighbours and the same hour of other days; made
   * anew once activity has grown by a fiftieth.
   */
  get shares(): Float32Array {
    if (this.#total > this.#smoothedAt * 1.02 || this.#total < this.#smoothedAt) this.#smooth()
    return this.#smoothed
  }

  #smooth(): void {
    this.#smoothedAt = this.#total
    const hours = this.#hours
    const ofDay = new Float32Array(24)
    for (let hour = 0; hour < HOURS; hour++) ofDay[hour % 24]! += hours[hour]! / 7
    for (let hour = 0; hour < HOURS; hour++) {
      const near = (hours[(hour + HOURS - 1) % HOURS]! + 2 * hours[hour]! + hours[(hour + 1) % HOURS]!) / 4
      // Monday to Friday lend each other their hours; a weekend borrows less
      this.#smoothed[hour] = (0.6 * near + 0.4 * ofDay[hour % 24]!) / this.#total
    }
  }
}

/**
 * P(an hour as unusual as this, or more): the share of activity that falls into hours no busier than this one, by one's
 * own habit and, as far as that is short, by that of colleagues (who share on-call nights).
 */
export function oddHour(at: number, own: Rhythm, colleagues: Rhythm): number {
  const share = own.weight / (own.weight + BORROWED)
  const ours = own.shares
  const theirs = colleagues.shares
  const rest = 1 - share
  const floor = 0.02 / HOURS
  const hour = hourOfWeek(at)
  const here = share * ours[hour]! + rest * theirs[hour]!
  let below = 0
  let all = 0
  let count = 0
  for (let other = 0; other < HOURS; other++) {
    const density = share * ours[other]! + rest * theirs[other]!
    all += density
    if (density <= here) {
      below += density
      count++
    }
  }
  below += count * floor
  all += HOURS * floor
  return Math.max(1 / (2 + own.weight + colleagues.weight / 10), below / all)
}

/** 0 is Thursday 00:00 UTC, as the epoch began; only sameness counts. */
export function hourOfWeek(at: number): number {
  return Math.floor(at / 3_600_000) % HOURS
}
