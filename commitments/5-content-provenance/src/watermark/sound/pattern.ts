import { keyedOrder, keyedWords, type MarkKey } from '../code/keyed.ts'
import { CODE_BITS } from '../code/polar.ts'

/**
 * Where a mark lies in sound: chips of 48 ms by 155 Hz from 500 Hz on, 40 above one another. Their levels are raised or
 * lowered a little. A pattern is 96 chips (4.6 s) long and is repeated; a fifth of its chips is known to the key's holder
 * and tells where it begins, the others carry the 512 code bits six times over.
 */
export const BANDS = 40
export const FRAMES = 96
export const CHIPS = BANDS * FRAMES
export const CHIP_SECONDS = 0.048
export const FIRST_HZ = 500
export const BAND_HZ = 155
const COPIES = 6
export const SYNC_CHIPS = CHIPS - COPIES * CODE_BITS

/** How a key lays out its pattern. Places are frame · 40 + band. */
export type SoundLayout = {
  sync: { places: Uint16Array; signs: Int8Array }
  /** Bit `at % 512` stands at place `at`. */
  code: { places: Uint16Array; signs: Int8Array }
}

export function soundLayout(key: MarkKey): SoundLayout {
  const words = keyedWords(key, 'sound pattern')
  const order = keyedOrder(words, CHIPS)
  const signs = Int8Array.from({ length: CHIPS }, () => ((words() >>> 31) & 1 ? -1 : 1))
  return {
    sync: { places: order.slice(0, SYNC_CHIPS), signs: signs.slice(0, SYNC_CHIPS) },
    code: { places: order.slice(SYNC_CHIPS), signs: signs.slice(SYNC_CHIPS) },
  }
}

/** The chips, +1 or −1 each, that carry these code bits. */
export function soundChips({ sync, code }: SoundLayout, bits: Uint8Array): Int8Array {
  const chips = new Int8Array(CHIPS)
  sync.places.forEach((place, at) => {
    chips[place] = sync.signs[at]!
  })
  code.places.forEach((place, at) => {
    chips[place] = bits[at % CODE_BITS] ? -code.signs[at]! : code.signs[at]!
  })
  return chips
}
