/** Side of the square of low frequencies whose signs are the hash. */
const LOW = 16

export const HASH_BITS = LOW * LOW

/**
 * A perceptual hash: of the two-dimensional cosine transform (type II) of the shrunk picture, the frequencies 1 … 16 in
 * both directions, each a bit: above the median of all, or not. After Zauner (2010), Implementation and benchmarking of
 * perceptual image hash functions; of the size of PDQ, but not PDQ. Compression, scaling and brightness change few bits;
 * crops, turns and mirroring change many.
 *
 * @returns `quality` 0 … 100: how much detail there is to tell pictures apart by
 */
export function hashOf(small: Float64Array, side: number): { hash: Uint8Array; quality: number } {
  const cosines = cosinesOf(side)
  // rows first, then columns
  const half = new Float64Array(LOW * side)
  for (let u = 0; u < LOW; u++)
    for (let x = 0; x < side; x++) {
      let sum = 0
      for (let y = 0; y < side; y++) sum += cosines[u * side + y]! * small[y * side + x]!
      half[u * side + x] = sum
    }
  const low = new Float64Array(HASH_BITS)
  for (let u = 0; u < LOW; u++)
    for (let v = 0; v < LOW; v++) {
      let sum = 0
      for (let x = 0; x < side; x++) sum += cosines[v * side + x]! * half[u * side + x]!
      low[u * LOW + v] = sum
    }
  const sorted = low.toSorted()
  const median = (sorted[HASH_BITS / 2 - 1]! + sorted[HASH_BITS / 2]!) / 2
  const hash = new Uint8Array(HASH_BITS / 8)
  for (let bit = 0; bit < HASH_BITS; bit++) if (low[bit]! > median) hash[bit >> 3]! |= 0x80 >> (bit & 7)
  return { hash, quality: detail(small, side) }
}

/** In how many of 256 bits two hashes differ; unlike pictures differ in about 128. */
export function hashDistance(one: Uint8Array, other: Uint8Array): number {
  let distance = 0
  for (let at = 0; at < one.length; at++) {
    let bits = one[at]! ^ (other[at] ?? 0)
    for (; bits > 0; bits &= bits - 1) distance++
  }
  return distance
}

/**
 * Two pictures whose hashes differ in so many bits or fewer look alike. Were bits of unlike pictures independent, one pair
 * in 10^35 would; they are not, so a match by looks alone is told as likely, never as certain.
 */
export const ALIKE = 31

/** Mean step between neighbouring cells, 100 at 8 grey levels or more. */
function detail(small: Float64Array, side: number): number {
  let steps = 0
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const here = small[y * side + x]!
      if (x + 1 < side) steps += Math.abs(small[y * side + x + 1]! - here)
      if (y + 1 < side) steps += Math.abs(small[(y + 1) * side + x]! - here)
    }
  return Math.round(Math.min(100, ((steps / (2 * side * (side - 1))) * 100) / 8))
}

let known: { side: number; cosines: Float64Array } | undefined

function cosinesOf(side: number): Float64Array {
  if (known?.side === side) return known.cosines
  const cosines = new Float64Array(LOW * side)
  for (let u = 0; u < LOW; u++)
    for (let x = 0; x < side; x++) cosines[u * side + x] = Math.cos((Math.PI / side) * (x + 0.5) * (u + 1))
  known = { side, cosines }
  return cosines
}
