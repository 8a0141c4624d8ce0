import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { AvouchError } from '@avouch/core/errors'
import type { z } from 'zod'

/** A document in JSON, by its schema. Throws `input`. */
export function readJsonDocument<T>(document: Buffer, schema: z.ZodType<T>, what: string): T {
  let json: unknown
  try {
    json = JSON.parse(document.toString('utf8'))
  } catch (cause) {
    throw unreadable(what, 'it is no JSON', cause)
  }
  const parsed = schema.safeParse(json)
  if (!parsed.success) throw unreadable(what, parsed.error.issues[0]?.message ?? 'a member is wrong')
  return parsed.data
}

export function unreadable(what: string, why: string, cause?: unknown): AvouchError {
  return new AvouchError('input', `this is no ${what}: ${why}`, cause === undefined ? {} : { cause })
}

export function refused(what: string, why: string): AvouchError {
  return new AvouchError('proof', `the ${what} does not hold: ${why}`)
}

/** The public key that a policy trusts. Throws `config`. */
export function trustedKey(trust: string, kinds: readonly string[]): KeyObject {
  try {
    const key = createPublicKey(trust)
    if (kinds.includes(key.asymmetricKeyType ?? '')) return key
  } catch {
    // said below
  }
  throw new AvouchError(
    'config',
    `the policy trusts no public key in PEM of a kind that counts: ${kinds.join(', ')}`,
  )
}

/** Throws `config` where a policy's `trust` is no certificate in PEM. */
export function trustedRoot(trust: string): X509Certificate {
  try {
    return new X509Certificate(trust)
  } catch (cause) {
    throw new AvouchError('config', 'the policy trusts no certificate in PEM', { cause })
  }
}

const MOST_CERTIFICATES = 10

/**
 * Checks that each certificate was issued by the next, the last one being the trusted root, all valid now, all but the
 * first authorities. Certificates in DER, the signing one first; the root may be left out. Returns the signing one.
 */
export function chainTo(
  root: X509Certificate,
  chain: readonly Uint8Array[],
  now: Date,
  what: string,
): X509Certificate {
  if (chain.length === 0 || chain.length > MOST_CERTIFICATES)
    throw unreadable(what, `it brings ${chain.length} certificates`)
  const certificates = chain.map((bytes) => {
    try {
      return new X509Certificate(bytes)
    } catch (cause) {
      throw unreadable(what, 'a certificate of it cannot be read', cause)
    }
  })
  if (certificates.at(-1)?.fingerprint256 !== root.fingerprint256) certificates.push(root)
  for (const [n, one] of certificates.entries()) {
    if (now < one.validFromDate || now > one.validToDate)
      throw refused(what, `a certificate of its chain is valid only from ${one.validFrom} to ${one.validTo}`)
    if (n > 0 && !one.ca) throw refused(what, 'a certificate that issued another is no authority')
    const issuer = certificates[n + 1] ?? one
    if (!one.checkIssued(issuer) || !one.verify(issuer.publicKey))
      throw refused(what, 'its certificates do not lead to the root that the policy trusts')
  }
  return certificates[0]!
}
