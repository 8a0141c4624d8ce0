/**
 * A polar code (Arıkan, 2009) of 512 bits. Which places carry bits follows the polarisation weight with β = 2^(1/4)
 * (He and others, 2017), which serves all rates and needs no design signal strength.
 */
export const CODE_BITS = 512
export const CODE_STAGES = 9

/** The places of the `count` most reliable of the 512 synthetic channels, ascending. */
export function informationPlaces(count: number): Uint16Array {
  const weight = (place: number): number => {
    let sum = 0
    for (let bit = 0; bit < CODE_STAGES; bit++) if ((place >> bit) & 1) sum += 2 ** (bit / 4)
    return sum
  }
  const places = Array.from({ length: CODE_BITS }, (_, place) => place)
  return Uint16Array.from(
    places
      .toSorted((a, b) => weight(b) - weight(a))
      .slice(0, count)
      .sort((a, b) => a - b),
  )
}

/** The code word of these bits: 512 bits, one per byte. */
export function encodePolar(bits: Uint8Array, places: Uint16Array): Uint8Array {
  const word = new Uint8Array(CODE_BITS)
  for (let index = 0; index < places.length; index++) word[places[index]!] = bits[index]!
  return transformed(word)
}

/** The code word of all 512 bits, in place. */
export function transformed(word: Uint8Array): Uint8Array {
  for (let half = 1; half < CODE_BITS; half *= 2)
    for (let start = 0; start < CODE_BITS; start += 2 * half)
      for (let at = start; at < start + half; at++) word[at]! ^= word[at + half]!
  return word
}
