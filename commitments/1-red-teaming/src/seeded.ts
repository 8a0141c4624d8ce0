/** Numbers in [0, 1) that follow from a seed (mulberry32): the same seed, the same numbers. Not for secrets. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** One of the items, by seed. Throws RangeError where there is none. */
export function pick<T>(items: readonly T[], seed: number): T {
  if (items.length === 0) throw new RangeError('there is nothing to pick from')
  return items[Math.floor(seeded(seed)() * items.length)]!
}
