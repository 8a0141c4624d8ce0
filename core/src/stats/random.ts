/**
 * A seeded source of random numbers: xoshiro128** (Blackman and Vigna, 2018), 32-bit words, period 2^128 − 1.
 * The same seed gives the same numbers on every machine; it is for resampling, never for secrets.
 */
export type Random = {
  /** The next 32-bit word, 0 … 2^32 − 1. */
  word(): number
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number
  /** A whole number in 0 … n − 1, each equally likely. `n` from 1 to 2^32. */
  below(n: number): number
  /** Standard normal (Marsaglia's polar method). */
  normal(): number
  /** Gamma with this shape and scale 1 (Marsaglia and Tsang, 2000). `shape` > 0. */
  gamma(shape: number): number
  /** Beta(a, b), a and b > 0. */
  beta(a: number, b: number): number
}

/** A generator from a seed: a number or any text, spread over the 128 bits of state by splitmix32. */
export function random(seed: number | string): Random {
  return fromState(spread(typeof seed === 'number' ? String(seed) : seed))
}

/** A generator from the four words of its state, not all zero; for checking against the published sequence. */
export function fromState(state: readonly [number, number, number, number]): Random {
  let [a, b, c, d] = state.map((word) => word >>> 0) as [number, number, number, number]

  function word(): number {
    const product = Math.imul(b, 5)
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 11) | (d >>> 21)
    return result
  }

  function uniform(): number {
    return ((word() >>> 5) * 67_108_864 + (word() >>> 6)) / 9_007_199_254_740_992
  }

  function below(n: number): number {
    // Words past the last whole multiple of n are drawn again, so that no remainder is favoured.
    const limit = 4_294_967_296 - (4_294_967_296 % n)
    for (;;) {
      const drawn = word()
      if (drawn < limit) return drawn % n
    }
  }

  function normal(): number {
    for (;;) {
      const x = 2 * uniform() - 1
      const y = 2 * uniform() - 1
      const square = x * x + y * y
      if (square > 0 && square < 1) return x * Math.sqrt((-2 * Math.log(square)) / square)
    }
  }

  function gamma(shape: number): number {
    if (shape < 1) return gamma(shape + 1) * (1 - uniform()) ** (1 / shape)
    const offset = shape - 1 / 3
    const scale = 1 / Math.sqrt(9 * offset)
    for (;;) {
      const x = normal()
      const base = 1 + scale * x
      if (base <= 0) continue
      const cube = base ** 3
      if (Math.log(1 - uniform()) < 0.5 * x * x + offset * (1 - cube + Math.log(cube))) return offset * cube
    }
  }

  function beta(shapeA: number, shapeB: number): number {
    const x = gamma(shapeA)
    const y = gamma(shapeB)
    return x / (x + y)
  }

  return { word, uniform, below, normal, gamma, beta }
}

/** FNV-1a of the text, then four splitmix32 steps; splitmix never gives four zeros in a row. */
function spread(text: string): [number, number, number, number] {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  const step = (): number => {
    hash = (hash + 0x9e3779b9) | 0
    let mixed = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  }
  return [step(), step(), step(), step()]
}
