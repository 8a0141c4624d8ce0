import type { ByteRange } from '../source.ts'

/**
 * The bytes that a `Range` header asks for (RFC 9110, 14.1.2); undefined where it is none, or asks for several parts,
 * of which the storage would send the whole.
 */
export function byteRangeOf(header: string | undefined): ByteRange | undefined {
  const match = /^bytes[= ](\d{0,16})-(\d{0,16})$/i.exec(header ?? '')
  if (!match) return undefined
  const [from, to] = [match[1]!, match[2]!]
  if (from === '' && to === '') return undefined
  const range: ByteRange = {
    ...(from !== '' && { from: Number(from) }),
    ...(to !== '' && { to: Number(to) }),
  }
  return range.from !== undefined && range.to !== undefined && range.from > range.to ? undefined : range
}

/** The same within an object of `bytes`, closed; undefined where it lies outside. */
export function withinObject(range: ByteRange, bytes: number): [number, number] | undefined {
  const from = range.from ?? Math.max(0, bytes - (range.to ?? 0))
  const to = range.from === undefined ? bytes - 1 : Math.min(range.to ?? bytes - 1, bytes - 1)
  return from <= to ? [from, to] : undefined
}
