import type { Timed } from './ordered.ts'

/** What bait can be: something that an event names, or a range of a model's segments. `any` is whichever names it. */
export const BAIT_KINDS = ['lease', 'model', 'segments', 'sink', 'host', 'person'] as const
export type BaitKind = (typeof BAIT_KINDS)[number]

const RANGE = /^(.+)#(\d{1,13})(?:-(\d{1,13}))?$/

/** A range of segments written `MODEL#FROM-TO` or `MODEL#SEGMENT`; undefined where it is none. */
export function baitRange(value: string): { model: string; from: number; to: number } | undefined {
  const match = RANGE.exec(value)
  if (!match) return undefined
  const from = Number(match[2])
  const to = Number(match[3] ?? match[2])
  return from <= to ? { model: match[1]!, from, to } : undefined
}

/** What nobody has reason to touch, and who touches it: a look at each event costs a few lookups. */
export class Bait {
  readonly #names: Record<Exclude<BaitKind, 'segments'>, Set<string>> = {
    lease: new Set(),
    model: new Set(),
    sink: new Set(),
    host: new Set(),
    person: new Set(),
  }
  readonly #ranges = new Map<string, { value: string; from: number; to: number }[]>()
  /** How many there are. */
  readonly size: number

  constructor(given: readonly { kind: BaitKind | 'any'; value: string }[]) {
    this.size = given.length
    for (const { kind, value } of given) {
      const range = kind === 'any' || kind === 'segments' ? baitRange(value) : undefined
      if (range) {
        const list = this.#ranges.get(range.model) ?? []
        this.#ranges.set(range.model, [...list, { value, from: range.from, to: range.to }])
      }
      for (const name of Object.keys(this.#names) as Exclude<BaitKind, 'segments'>[])
        if (kind === name || (kind === 'any' && !range)) this.#names[name].add(value)
    }
  }

  /** What of it an event touches, in words: `lease …`. Nearly always nothing. */
  touched({ lease, model, sink, host, person, segments }: Timed): string[] {
    const found: string[] = []
    const names = { lease, model, sink, host, person }
    for (const name of ['lease', 'model', 'sink', 'host', 'person'] as const) {
      const value = names[name]
      if (value !== undefined && this.#names[name].has(value)) found.push(`${name} ${value}`)
    }
    if (model !== undefined && segments && this.#ranges.size > 0)
      for (const { value, from, to } of this.#ranges.get(model) ?? [])
        if (segments[0] <= to && segments[1] >= from) found.push(`segments ${value}`)
    return found
  }
}
