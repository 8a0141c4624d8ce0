/** What the COSE structures here are made of. A `Map` keeps its order; whole numbers only. */
export type Cbor =
  | number
  | string
  | Uint8Array
  | null
  | readonly Cbor[]
  | ReadonlyMap<number | string, Cbor>
  | Tagged
export type Tagged = { tag: number; value: Cbor }

/** CBOR (RFC 8949) in its shortest form. */
export function cbor(value: Cbor): Buffer {
  if (value === null) return Buffer.of(0xf6)
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string') {
    const text = Buffer.from(value)
    return Buffer.concat([head(3, text.length), text])
  }
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value])
  if (value instanceof Map)
    return Buffer.concat([
      head(5, value.size),
      ...[...value].flatMap(([key, member]) => [cbor(key), cbor(member as Cbor)]),
    ])
  if (Array.isArray(value))
    return Buffer.concat([head(4, value.length), ...value.map((one) => cbor(one as Cbor))])
  const { tag, value: inner } = value as Tagged
  return Buffer.concat([head(6, tag), cbor(inner)])
}

function head(major: number, count: number): Buffer {
  const kind = major << 5
  if (count < 24) return Buffer.of(kind | count)
  if (count < 0x100) return Buffer.of(kind | 24, count)
  if (count < 0x10000) return Buffer.of(kind | 25, count >> 8, count & 0xff)
  const long = Buffer.alloc(5)
  long[0] = kind | 26
  long.writeUInt32BE(count, 1)
  return long
}
