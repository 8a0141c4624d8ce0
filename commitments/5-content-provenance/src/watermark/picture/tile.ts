import { keyedOrder, keyedWords, type MarkKey } from '../code/keyed.ts'
import { CODE_BITS } from '../code/polar.ts'

/** A tile has 25 × 25 chips: 512 carry the code, 113 are known to the key's holder and tell where the tile begins. */
export const TILE_CHIPS = 25
export const CHIPS = TILE_CHIPS * TILE_CHIPS
export const SYNC_CHIPS = CHIPS - CODE_BITS

/** How a key lays out its tile. */
export type Layout = {
  /** Places of the chips (row · 25 + column) that are known, and what is known of them: +1 or −1. */
  sync: { places: Uint16Array; signs: Int8Array }
  /** Places of the chips that carry code bits, and the sign each is scrambled with. */
  code: { places: Uint16Array; signs: Int8Array }
}

/** The layout last asked for: marks and checks mostly come under one key. */
let kept: { key: MarkKey; layout: Layout } | undefined

export function tileLayout(key: MarkKey): Layout {
  if (kept === undefined || Buffer.compare(kept.key, key) !== 0)
    kept = { key: Uint8Array.from(key), layout: layOut(key) }
  return kept.layout
}

function layOut(key: MarkKey): Layout {
  const words = keyedWords(key, 'picture tile')
  const order = keyedOrder(words, CHIPS)
  const signs = Int8Array.from({ length: CHIPS }, () => ((words() >>> 31) & 1 ? -1 : 1))
  return {
    sync: { places: order.slice(0, SYNC_CHIPS), signs: signs.slice(0, SYNC_CHIPS) },
    code: { places: order.slice(SYNC_CHIPS), signs: signs.slice(SYNC_CHIPS) },
  }
}

/** The chips of a tile, +1 or −1 each, that carry these code bits. */
export function chipsOf({ sync, code }: Layout, bits: Uint8Array): Int8Array {
  const chips = new Int8Array(CHIPS)
  sync.places.forEach((place, at) => {
    chips[place] = sync.signs[at]!
  })
  code.places.forEach((place, at) => {
    chips[place] = bits[at] ? -code.signs[at]! : code.signs[at]!
  })
  return chips
}

/** What a tile's known chips say, unscrambled: positive where they are as the key has them. */
export function knownOf({ sync }: Layout, chips: Float32Array): Float32Array {
  return Float32Array.from(sync.places, (place, at) => chips[place]! * sync.signs[at]!)
}

/** What a tile's chips say of the code bits: positive where a bit is rather 0. */
export function codeOf({ code }: Layout, chips: Float32Array): Float32Array {
  return Float32Array.from(code.places, (place, at) => chips[place]! * code.signs[at]!)
}

/**
 * How far a chip reaches, at a distance in chips. A Lanczos kernel keeps nearly all of the energy below half the chip
 * rate, where neither compression nor scaling down takes it, and leaves neighbours alone at whole distances.
 */
export function pulse(distance: number): number {
  const at = Math.abs(distance)
  if (at >= REACH) return 0
  return at === 0 ? 1 : sinc(at) * sinc(at / REACH)
}

const REACH = 3

function sinc(at: number): number {
  return Math.sin(Math.PI * at) / (Math.PI * at)
}

/** A tile as `side` × `side` samples of mean square 1, to be repeated without a seam. */
export function renderTile(chips: Int8Array | Float32Array, side: number): Float32Array {
  // The chips that reach a sample, and how far each does.
  const near = Array.from({ length: side }, (_, sample) => {
    const at = ((sample + 0.5) * TILE_CHIPS) / side - 0.5
    return Array.from({ length: 2 * REACH }, (_, index) => {
      const chip = Math.floor(at) - REACH + 1 + index
      return { chip: (chip + TILE_CHIPS) % TILE_CHIPS, reach: pulse(at - chip) }
    })
  })
  const rows = new Float64Array(TILE_CHIPS * side)
  for (let x = 0; x < side; x++)
    for (const { chip, reach } of near[x]!)
      for (let y = 0; y < TILE_CHIPS; y++) rows[y * side + x]! += reach * chips[y * TILE_CHIPS + chip]!
  const tile = new Float32Array(side * side)
  for (let y = 0; y < side; y++)
    for (const { chip, reach } of near[y]!)
      for (let x = 0; x < side; x++) tile[y * side + x]! += reach * rows[chip * side + x]!
  let energy = 0
  for (const value of tile) energy += value * value
  const scale = 1 / Math.sqrt(energy / (side * side))
  return tile.map((value) => value * scale)
}
