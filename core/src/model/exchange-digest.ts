import { createHash } from 'node:crypto'

const PREFIX = Buffer.from('avouch-exchange-v1\n')

/**
 * SHA-256 (hex) of an exchange: a fixed prefix, then request and response, each after its length as eight bytes,
 * big-endian, so that no byte can move from the one to the other unseen.
 */
export function exchangeDigest(raw: { request: Uint8Array; response: Uint8Array }): string {
  const hash = createHash('sha256').update(PREFIX)
  for (const part of [raw.request, raw.response]) {
    const length = Buffer.alloc(8)
    length.writeBigUInt64BE(BigInt(part.length))
    hash.update(length).update(part)
  }
  return hash.digest('hex')
}
