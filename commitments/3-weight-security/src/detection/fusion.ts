import { GROUPS, type Group, type Signal, surprise } from './signal.ts'
import { Tail } from './tail.ts'

/** A group speaks from this surprise on: one in five. */
const FLOOR = 0.7
/** Two groups that are both this surprised have spoken together. */
const TOGETHER = 1
/** From this many judged hours on, a group is held against how often it speaks. */
const ENOUGH = 300
/** Days after which counts count half. */
const HALF_LIFE = 28
/** Later groups add a little less even where nothing is known of their dependence. */
const FADING = 0.9

const INDEX = new Map<Group, number>(GROUPS.map((group, i) => [group, i]))
const SIZE = GROUPS.length

export type Fused = { score: number; reasons: { group: Group; surprise: number; why: () => string }[] }

/**
 * Adds up what several signals say, in powers of ten. Each group's surprise is first held against how surprised it has
 * been of late by everybody: in a release week, when all read more, more reading is no surprise. And groups that keep
 * speaking together (a refused act is also an unusual order of acts) count for less together: their joint surprise is
 * reduced by how much oftener they were seen together than chance gives (the lift).
 */
export class Fusion {
  readonly #usual = new Map<Group, Tail>(GROUPS.map((group) => [group, new Tail(0, 9)]))
  readonly #speaks = new Float64Array(SIZE)
  readonly #both = new Float64Array(SIZE * SIZE)
  #judged = 0
  #day = 0

  /** `learn` false judges without learning: for what is judged again later. */
  fuse(signals: readonly Signal[], day: number, learn = true): Fused {
    const groups = new Map<Group, Signal[]>()
    for (const signal of signals) {
      const list = groups.get(signal.group)
      if (list) list.push(signal)
      else groups.set(signal.group, [signal])
    }
    const parts: { group: Group; index: number; value: number; why: () => string }[] = []
    for (const [group, list] of groups) {
      const raw = togetherOf(list)
      if (raw <= 0) continue
      const usual = this.#usual.get(group)!
      const seen = surprise(usual.aboveOf(raw, this.#judged))
      const value = this.#judged < ENOUGH || group === 'bait' ? raw : Math.min(raw + 1, seen)
      if (value > FLOOR) parts.push({ group, index: INDEX.get(group)!, value, why: () => whyOf(list) })
      if (learn) usual.add(raw, day)
    }
    parts.sort((a, b) => b.value - a.value)
    let score = 0
    let weight = 1
    for (const [n, part] of parts.entries()) {
      let dependence = 0
      for (let before = 0; before < n; before++)
        dependence = Math.max(dependence, this.#lift(parts[before]!.index, part.index))
      score += Math.max(0, part.value - FLOOR - dependence) * weight
      weight *= FADING
    }
    if (learn) this.#learn(parts, day)
    return { score, reasons: parts.map(({ group, value, why }) => ({ group, surprise: value, why })) }
  }

  /** How much oftener than by chance two groups speak together, in powers of ten; not below 0. */
  #lift(a: number, b: number): number {
    const both = this.#both[Math.min(a, b) * SIZE + Math.max(a, b)]!
    const expected = (this.#speaks[a]! * this.#speaks[b]!) / Math.max(1, this.#judged)
    return Math.max(0, Math.log10((both + 1) / (expected + 1)))
  }

  #learn(parts: readonly { index: number; value: number }[], day: number): void {
    if (day > this.#day) {
      const factor = 0.5 ** ((day - this.#day) / HALF_LIFE)
      this.#judged *= factor
      for (let i = 0; i < this.#speaks.length; i++) this.#speaks[i]! *= factor
      for (let i = 0; i < this.#both.length; i++) this.#both[i]! *= factor
      this.#day = day
    }
    this.#judged++
    const loud = parts.filter(({ value }) => value >= TOGETHER)
    for (const [n, { index }] of loud.entries()) {
      this.#speaks[index]!++
      for (let before = 0; before < n; before++) {
        const other = loud[before]!.index
        this.#both[Math.min(index, other) * SIZE + Math.max(index, other)]!++
      }
    }
  }
}

/** The strongest signal of a group, and half of the next, a quarter of the one after. */
function togetherOf(list: readonly Signal[]): number {
  if (list.length === 1) return surprise(list[0]!.p)
  const sorted = list.map(({ p }) => surprise(p)).sort((a, b) => b - a)
  return Math.min(
    9,
    sorted.slice(0, 4).reduce((sum, value, n) => sum + value / 2 ** n, 0),
  )
}

function whyOf(list: readonly Signal[]): string {
  const sorted = [...list].sort((a, b) => a.p - b.p).slice(0, 3)
  return [...new Set(sorted.map(({ why }) => why()))].join('; ')
}
