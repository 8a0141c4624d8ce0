import { createHash, randomBytes } from 'node:crypto'
import { AvouchError } from '@avouch/core/errors'
import type { Stamp } from './cose.ts'
import { der, INTEGER, integer, OCTET_STRING, oid, readDer, SEQUENCE } from './der.ts'

const SHA256 = '2.16.840.1.101.3.4.2.1'
const MOST = 65_536
const WITHIN = 15_000
/** Bytes to keep free for a token with its authority's certificates. */
export const STAMP_BYTES = 16_384

/**
 * Asks an authority of RFC 3161 for a time-stamp; only a digest goes out. `url` is what the company configured. Throws
 * `network` where it does not answer, or not with a token over these very bytes.
 */
export function stampBy(url: string, ask: typeof fetch = fetch): Stamp {
  return async (bytes) => {
    const digest = createHash('sha256').update(bytes).digest()
    const request = timeStampRequest(digest, randomBytes(8))
    const fail = (why: string, cause?: unknown): AvouchError =>
      new AvouchError('network', `the time-stamping authority ${why}`, {
        where: new URL(url).host,
        fix: 'Try again, name another authority, or configure none: stamps are not needed.',
        cause,
      })
    const response = await ask(url, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query' },
      body: Uint8Array.from(request),
      redirect: 'error',
      signal: AbortSignal.timeout(WITHIN),
    }).catch((cause: unknown) => {
      throw fail('cannot be reached', cause)
    })
    const answer = Buffer.from(await response.arrayBuffer())
    if (!response.ok || answer.length > MOST) throw fail(`answered ${response.status}`)
    const token = tokenOf(answer)
    if (token === undefined) throw fail('refused, or answered with no time-stamp')
    // whether its signature holds is for the C2PA library, which reads the manifest back
    if (!Buffer.from(token).includes(digest)) throw fail('stamped something else')
    return token
  }
}

/** TimeStampReq: version 1, SHA-256 of what is stamped, a nonce, and the wish for certificates. */
export function timeStampRequest(digest: Uint8Array, nonce: Uint8Array): Buffer {
  const algorithm = der(SEQUENCE, oid(SHA256), der(0x05))
  return der(
    SEQUENCE,
    der(INTEGER, Buffer.of(1)),
    der(SEQUENCE, algorithm, der(OCTET_STRING, digest)),
    integer(nonce),
    der(0x01, Buffer.of(0xff)),
  )
}

/** The token of a TimeStampResp whose status is granted (0), or granted with changes (1). */
function tokenOf(answer: Uint8Array): Uint8Array | undefined {
  const whole = readDer(answer)
  const status = whole && readDer(whole.content)
  const code = status && readDer(status.content)
  if (!whole || !status || code?.tag !== INTEGER || code.content.length !== 1 || code.content[0]! > 1)
    return undefined
  const token = readDer(whole.content, status.end)
  return token?.tag === SEQUENCE ? token.whole : undefined
}
