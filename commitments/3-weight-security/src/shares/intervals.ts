/** More ranges than this are made coarser, so that nobody's reading can fill the memory. */
const MOST = 100_000

/** A set of whole numbers, kept as closed ranges that neither touch nor overlap. */
export class Intervals {
  /** [from, to, from, to, …] in order. */
  #bounds: number[] = []
  #fresh: [number, number][] = []
  /** Gaps up to this are closed. */
  #gap = 0

  add(from: number, to: number): void {
    this.#fresh.push([from, to])
    if (this.#fresh.length > 1000 + this.#bounds.length) this.#settle()
  }

  addAll(other: Intervals): void {
    for (const [from, to] of other.ranges()) this.add(from, to)
  }

  /** How many numbers are in it. */
  get size(): number {
    let size = 0
    for (const [from, to] of this.ranges()) size += to - from + 1
    return size
  }

  /** How many of [from, to] are in it. */
  within(from: number, to: number): number {
    this.#settle()
    const bounds = this.#bounds
    let low = 0
    let high = bounds.length / 2
    // the first range that reaches up to `from`
    while (low < high) {
      const middle = (low + high) >> 1
      if (bounds[2 * middle + 1]! < from) low = middle + 1
      else high = middle
    }
    let size = 0
    for (let i = 2 * low; i < bounds.length && bounds[i]! <= to; i += 2)
      size += Math.min(bounds[i + 1]!, to) - Math.max(bounds[i]!, from) + 1
    return size
  }

  /** Whether it grew beyond what is kept exactly: then it holds somewhat more than was put in. */
  get isCoarse(): boolean {
    this.#settle()
    return this.#gap > 0
  }

  ranges(): [number, number][] {
    this.#settle()
    const found: [number, number][] = []
    for (let i = 0; i < this.#bounds.length; i += 2) found.push([this.#bounds[i]!, this.#bounds[i + 1]!])
    return found
  }

  #settle(): void {
    if (this.#fresh.length === 0) return
    const all = this.#fresh
    this.#fresh = []
    for (let i = 0; i < this.#bounds.length; i += 2) all.push([this.#bounds[i]!, this.#bounds[i + 1]!])
    all.sort((a, b) => a[0] - b[0])
    this.#bounds = joined(all, this.#gap)
    while (this.#bounds.length > 2 * MOST) {
      this.#gap = Math.max(1, this.#gap * 2)
      this.#bounds = joined(pairs(this.#bounds), this.#gap)
    }
  }
}

function joined(ranges: readonly [number, number][], gap: number): number[] {
  const bounds: number[] = []
  for (const [from, to] of ranges) {
    const last = bounds.length - 1
    if (last > 0 && from <= bounds[last]! + 1 + gap) bounds[last] = Math.max(bounds[last]!, to)
    else bounds.push(from, to)
  }
  return bounds
}

function pairs(bounds: readonly number[]): [number, number][] {
  return Array.from({ length: bounds.length / 2 }, (_, i) => [bounds[2 * i]!, bounds[2 * i + 1]!])
}
