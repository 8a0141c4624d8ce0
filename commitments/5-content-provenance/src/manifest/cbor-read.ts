/** What is read of CBOR. Whole numbers, and no more than CBOR of manifests is made of. */
export type CborRead = number | string | boolean | null | Uint8Array | CborRead[] | Map<CborRead, CborRead>

const DEEPEST = 16

/** Reads one value of CBOR (RFC 8949) of definite length; tags are passed over. Undefined where it is cut off, or is other. */
export function readCbor(bytes: Uint8Array): CborRead | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const count = (info: number): number => {
    if (info < 24) return info
    const width = 2 ** (info - 24)
    if (width > 4) throw new RangeError('too long')
    at += width
    return view.readUIntBE(at - width, width)
  }
  const part = (length: number): Buffer => {
    at += length
    if (at > view.length) throw new RangeError('cut off')
    return view.subarray(at - length, at)
  }
  const next = (depth: number): CborRead => {
    if (depth > DEEPEST) throw new RangeError('too deep')
    const [head] = part(1) as unknown as [number]
    const [major, info] = [head >> 5, head & 31]
    if (major === 7) {
      if (info < 20 || info > 22) throw new RangeError('of another type')
      return info === 22 ? null : info === 21
    }
    const length = count(info)
    switch (major) {
      case 0:
        return length
      case 1:
        return -1 - length
      case 2:
        return part(length)
      case 3:
        return part(length).toString('utf8')
      case 4:
        return listOf(length, () => next(depth + 1))
      case 5:
        return new Map(listOf(length, () => [next(depth + 1), next(depth + 1)] as const))
      default:
        return next(depth + 1)
    }
  }
  const listOf = <T>(length: number, one: () => T): T[] => {
    if (length > view.length - at) throw new RangeError('cut off')
    return Array.from({ length }, one)
  }
  try {
    const value = next(0)
    return at === view.length ? value : undefined
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
