import { createHash, verify, X509Certificate } from 'node:crypto'

/**
 * A second reader of C2PA manifests in JPEG, for tests: written from the specification (C2PA 2.x; ISO 19566-5; RFC 9052)
 * and sharing no line with what signs or reads in the product. It knows ES256, SHA-256 and data hashes.
 */
export function readSecond(jpeg: Uint8Array): {
  label: string
  assertions: string[]
  bytesMatch: boolean
  assertionsMatch: boolean
  signatureHolds: boolean
  chainHolds: boolean
  signer: X509Certificate
} {
  const store = jumbf(storeIn(jpeg))[0]!
  const active = store.children.filter(({ label }) => label.startsWith('urn:c2pa:')).at(-1)!
  const find = (label: string): Box => active.children.find((box) => box.label === label)!
  const claimBytes = find('c2pa.claim.v2').content[0]!
  const claim = decode(claimBytes) as Map<string, unknown>
  const boxes = find('c2pa.assertions').children
  const references = claim.get('created_assertions') as Map<string, unknown>[]
  const gathered = (claim.get('gathered_assertions') ?? []) as Map<string, unknown>[]
  const assertionsMatch = [...references, ...gathered].every((reference) => {
    const label = (reference.get('url') as string).split('/').at(-1)!
    const box = boxes.find((one) => one.label === label)
    return box !== undefined && sha256(box.whole.subarray(8)).equals(reference.get('hash') as Buffer)
  })
  const dataHash = decode(boxes.find(({ label }) => label === 'c2pa.hash.data')!.content[0]!) as Map<
    string,
    unknown
  >
  const exclusions = dataHash.get('exclusions') as Map<string, number>[]
  const hash = createHash('sha256')
  let at = 0
  for (const exclusion of exclusions) {
    hash.update(jpeg.subarray(at, exclusion.get('start')!))
    at = exclusion.get('start')! + exclusion.get('length')!
  }
  hash.update(jpeg.subarray(at))
  const [shielded, , payload, signature] = decode(find('c2pa.signature').content[0]!) as [
    Buffer,
    unknown,
    null,
    Buffer,
  ]
  if (payload !== null) throw new Error('the claim is not detached')
  const header = decode(shielded) as Map<number, unknown>
  const chain = ([header.get(33)].flat() as Buffer[]).map((der) => new X509Certificate(der))
  const signed = Buffer.concat([
    Buffer.of(0x84, 0x6a),
    Buffer.from('Signature1'),
    bytesOf(shielded),
    Buffer.of(0x40),
    bytesOf(claimBytes),
  ])
  return {
    label: active.label,
    assertions: boxes.map(({ label }) => label),
    bytesMatch: hash.digest().equals(dataHash.get('hash') as Buffer),
    assertionsMatch,
    signatureHolds:
      header.get(1) === -7 &&
      verify('sha256', signed, { key: chain[0]!.publicKey, dsaEncoding: 'ieee-p1363' }, signature),
    chainHolds: chain.slice(1).every((issuer, index) => chain[index]!.verify(issuer.publicKey)),
    signer: chain[0]!,
  }
}

type Box = { label: string; whole: Buffer; children: Box[]; content: Buffer[] }

/** The JUMBF out of the APP11 segments of a JPEG (JPEG XT, ISO 18477-3), joined in order. */
function storeIn(jpeg: Uint8Array): Buffer {
  const bytes = Buffer.from(jpeg)
  const parts: Buffer[] = []
  for (let at = 2; bytes[at] === 0xff && bytes[at + 1] !== 0xda; ) {
    const length = bytes.readUInt16BE(at + 2)
    if (bytes[at + 1] === 0xeb && bytes.toString('latin1', at + 4, at + 6) === 'JP')
      // after identifier, instance and sequence number; box length and type are repeated in every segment
      parts.push(bytes.subarray(at + 12 + (parts.length > 0 ? 8 : 0), at + 2 + length))
    at += 2 + length
  }
  return Buffer.concat(parts)
}

function jumbf(bytes: Buffer): Box[] {
  const boxes: Box[] = []
  for (let at = 0; at + 8 <= bytes.length; ) {
    const whole = bytes.subarray(at, at + bytes.readUInt32BE(at))
    at += whole.length
    if (whole.toString('latin1', 4, 8) !== 'jumb') continue
    const description = whole.subarray(8, 8 + whole.readUInt32BE(8))
    const end = description.indexOf(0, 25)
    const rest = whole.subarray(8 + description.length)
    boxes.push({
      label: description.toString('utf8', 25, end),
      whole,
      children: jumbf(rest),
      content: contents(rest),
    })
  }
  return boxes
}

function contents(bytes: Buffer): Buffer[] {
  const found: Buffer[] = []
  for (let at = 0; at + 8 <= bytes.length; at += bytes.readUInt32BE(at))
    if (bytes.toString('latin1', at + 4, at + 8) === 'cbor')
      found.push(bytes.subarray(at + 8, at + bytes.readUInt32BE(at)))
  return found
}

function decode(bytes: Buffer): unknown {
  let at = 0
  const number = (info: number): number => {
    if (info < 24) return info
    const width = 2 ** (info - 24)
    at += width
    return width === 8 ? Number(bytes.readBigUInt64BE(at - 8)) : bytes.readUIntBE(at - width, width)
  }
  const next = (): unknown => {
    const head = bytes[at++]!
    const [major, info] = [head >> 5, head & 31]
    if (major === 7) return info === 20 ? false : info === 21 ? true : null
    const count = number(info)
    if (major === 0) return count
    if (major === 1) return -1 - count
    if (major === 2 || major === 3) {
      at += count
      const part = bytes.subarray(at - count, at)
      return major === 2 ? part : part.toString('utf8')
    }
    if (major === 4) return Array.from({ length: count }, next)
    if (major === 5) return new Map(Array.from({ length: count }, () => [next(), next()]))
    return next()
  }
  return next()
}

function bytesOf(bytes: Buffer): Buffer {
  const head = Buffer.alloc(3)
  head[0] = 0x59
  head.writeUInt16BE(bytes.length, 1)
  return Buffer.concat([bytes.length < 256 ? Buffer.of(0x58, bytes.length) : head, bytes])
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest()
}
