import type { MarkKey } from './keyed.ts'
import { MAC_BITS, openPayload, type Payload, SEALED_BITS, sealPayload } from './payload.ts'
import { encodePolar, informationPlaces } from './polar.ts'
import { decodePolar } from './polar-list.ts'

/** How many paths a decoding keeps, each of which is one try at the MAC. */
export const LIST_SIZE = 32

/**
 * How often one check may decode. Every decoding tries at most 32 words at the MAC of 44 bits, and a word that was not
 * sealed under the key passes with probability 2^-44. So a check of unmarked content accepts with probability at most
 * 512 · 32 · 2^-44 = 2^-30 < 9.4 · 10^-10, whatever the content is and however its decodings depend on each other.
 */
export const DECODINGS_PER_CHECK = 512

const PLACES = informationPlaces(SEALED_BITS)

export type Decoded = {
  payload: Payload
  /** How many of the 512 bits were read wrongly before correction. */
  bitErrors: number
}

/** The 512 code bits (one per byte) of a payload under a key. */
export function encodeMark(payload: Payload, key: MarkKey): Uint8Array {
  return encodePolar(sealPayload(payload, key), PLACES)
}

/**
 * The payload behind 512 soft values (positive where the bit is rather 0, at any common scale), or nothing where no path
 * of the list carries a right MAC. The caller keeps count against `DECODINGS_PER_CHECK`: a decoding with a list so many
 * `times` as long counts as so many.
 */
export function decodeMark(soft: Float32Array, key: MarkKey, times: 1 | 4 = 1): Decoded | undefined {
  for (const bits of decodePolar(soft, PLACES, times * LIST_SIZE)) {
    const payload = openPayload(bits, key)
    if (payload === undefined) continue
    const word = encodePolar(bits, PLACES)
    let bitErrors = 0
    for (let at = 0; at < word.length; at++) if ((soft[at]! < 0 ? 1 : 0) !== word[at]) bitErrors++
    return { payload, bitErrors }
  }
  return undefined
}

/** The bound of one check as a probability, for the number of decodings it made. */
export function falseAcceptBound(decodings: number): number {
  return decodings * LIST_SIZE * 2 ** -MAC_BITS
}
