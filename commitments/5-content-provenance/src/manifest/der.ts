/** One value of DER (ITU-T X.690) out of its parts. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : length < 0x10000
          ? [tag, 0x82, length >> 8, length & 0xff]
          : [tag, 0x83, length >> 16, (length >> 8) & 0xff, length & 0xff]
  return Buffer.concat([Buffer.from(head), content])
}

export const SEQUENCE = 0x30
export const SET = 0x31
export const INTEGER = 0x02
export const BIT_STRING = 0x03
export const OCTET_STRING = 0x04

/** An object identifier written in dots. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second].concat(rest).flatMap((arc) => {
    const septets = [arc % 128]
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      septets.unshift((left % 128) + 128)
    return septets
  })
  return der(0x06, Buffer.from(bytes))
}

/** A positive integer of these bytes. */
export function integer(bytes: Uint8Array): Buffer {
  return der(INTEGER, Buffer.concat([Buffer.of(0), bytes]).subarray((bytes[0] ?? 0) < 0x80 ? 1 : 0))
}

/** The first value in `bytes` at `at`: its tag, what stands in it, all of it, and where the next begins. Undefined where none is whole. */
export function readDer(
  bytes: Uint8Array,
  at = 0,
): { tag: number; content: Uint8Array; whole: Uint8Array; end: number } | undefined {
  const tag = bytes[at]
  const first = bytes[at + 1]
  if (tag === undefined || first === undefined) return undefined
  let start = at + 2
  let length = first
  if (first >= 0x80) {
    const octets = first & 0x7f
    if (octets === 0 || octets > 4) return undefined
    length = 0
    for (let index = 0; index < octets; index++) length = length * 256 + (bytes[start + index] ?? 0)
    start += octets
  }
  const end = start + length
  if (end > bytes.length) return undefined
  return { tag, content: bytes.subarray(start, end), whole: bytes.subarray(at, end), end }
}
