/** What is too long for a message and goes beside it: where it belongs in the message, and how long it is. */
export type Parcel = { at: string[]; bytes: number }

/** What is shorter goes with its message. */
const LONG = 4096
/** Bytes lie no deeper than this in what jobs are given and give. */
const DEEPEST = 4

/**
 * Takes long arrays of bytes out of a value, which is left as it was: what is sent as they are need not be copied into a
 * message and out of it again.
 */
export function unload(value: unknown): { rest: unknown; parcels: Parcel[]; loads: Uint8Array[] } {
  const parcels: Parcel[] = []
  const loads: Uint8Array[] = []
  const without = (part: unknown, at: string[]): unknown => {
    if (typeof part !== 'object' || part === null) return part
    if (part instanceof Uint8Array) {
      if (part.length < LONG) return part
      parcels.push({ at, bytes: part.length })
      loads.push(part)
      return null
    }
    if (at.length === DEEPEST) return part
    if (Array.isArray(part)) return part.map((one, index) => without(one, [...at, `${index}`]))
    if (Object.getPrototypeOf(part) !== Object.prototype) return part
    return Object.fromEntries(Object.entries(part).map(([name, one]) => [name, without(one, [...at, name])]))
  }
  return { rest: without(value, []), parcels, loads }
}

/**
 * Puts them back where they belong. The sender's word is taken only for places that it left empty: undefined where there is
 * no such place.
 */
export function reload(
  rest: unknown,
  parcels: readonly Parcel[],
  loads: readonly Uint8Array[],
): { value: unknown } | undefined {
  const whole = { value: rest }
  for (const [index, { at }] of parcels.entries()) {
    const path = ['value', ...at]
    const last = path.pop()!
    let place: unknown = whole
    for (const name of path) place = ownOf(place, name)
    if (ownOf(place, last) !== null) return undefined
    Object.defineProperty(place, last, { value: loads[index] })
  }
  return whole
}

function ownOf(place: unknown, name: string): unknown {
  return typeof place === 'object' && place !== null && Object.hasOwn(place, name)
    ? (place as Record<string, unknown>)[name]
    : undefined
}
