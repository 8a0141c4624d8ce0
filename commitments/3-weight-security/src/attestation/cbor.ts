import { unreadable } from './document.ts'

export type Cbor = number | bigint | boolean | null | string | Uint8Array | Cbor[] | Map<Cbor, Cbor>

const DEPTH = 8
const MOST_ITEMS = 1000

type At = { bytes: Buffer; at: number; items: number; what: string }

/**
 * Reads exactly one value of CBOR (RFC 8949) with definite lengths: integers, byte and text strings, arrays, maps,
 * booleans and null; tags are passed over. `what` is what a failure says it is not. Throws `input`.
 */
export function readCbor(bytes: Uint8Array, what: string): Cbor {
  const from: At = { bytes: Buffer.from(bytes), at: 0, items: 0, what }
  const value = readValue(from, 0)
  if (from.at !== bytes.length) throw unreadable(what, 'something follows the CBOR')
  return value
}

function readValue(from: At, depth: number): Cbor {
  if (depth > DEPTH || ++from.items > MOST_ITEMS)
    throw unreadable(from.what, 'it is nested too deep, or too long')
  const initial = take(from, 1)[0]!
  const [major, info] = [initial >> 5, initial & 31]
  if (major === 7) return simple(from, info)
  const argument = readArgument(from, info)
  switch (major) {
    case 0:
      return argument
    case 1:
      return typeof argument === 'bigint' ? -1n - argument : -1 - argument
    case 2:
      return Uint8Array.from(take(from, Number(argument)))
    case 3:
      return take(from, Number(argument)).toString('utf8')
    case 4: {
      const list: Cbor[] = []
      for (let n = 0; n < argument; n++) list.push(readValue(from, depth + 1))
      return list
    }
    case 5: {
      const map = new Map<Cbor, Cbor>()
      for (let n = 0; n < argument; n++) {
        const key = readValue(from, depth + 1)
        if (map.has(key)) throw unreadable(from.what, 'a map has a key twice')
        map.set(key, readValue(from, depth + 1))
      }
      return map
    }
    default:
      return readValue(from, depth + 1)
  }
}

function readArgument(from: At, info: number): number | bigint {
  if (info < 24) return info
  if (info === 24) return take(from, 1).readUInt8()
  if (info === 25) return take(from, 2).readUInt16BE()
  if (info === 26) return take(from, 4).readUInt32BE()
  if (info !== 27) throw unreadable(from.what, 'it holds a length of indefinite form')
  const large = take(from, 8).readBigUInt64BE()
  return large <= Number.MAX_SAFE_INTEGER ? Number(large) : large
}

function simple(from: At, info: number): boolean | null {
  if (info === 20 || info === 21) return info === 21
  if (info === 22 || info === 23) return null
  throw unreadable(from.what, 'it holds a value of a kind that such documents do not have')
}

function take(from: At, length: number): Buffer {
  const end = from.at + length
  if (end > from.bytes.length) throw unreadable(from.what, 'it breaks off')
  const taken = from.bytes.subarray(from.at, end)
  from.at = end
  return taken
}
