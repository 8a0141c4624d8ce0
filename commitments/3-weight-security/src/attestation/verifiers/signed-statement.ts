import { verify } from 'node:crypto'
import { canonicalJson } from '@avouch/verify'
import { z } from 'zod'
import { readJsonDocument, refused, trustedKey } from '../document.ts'
import type { Verifier } from '../verifier.ts'

/** What is signed begins with this, so that the key's signatures on anything else count for nothing here. */
const PREFIX = 'avouch/attestation/v1\n'

export const statementSchema = z.strictObject({
  environment: z.string().min(1).max(200),
  /** Such as the digest of an image, by name. */
  measurement: z
    .record(z.string().regex(/^[a-z0-9-]{1,40}$/), z.string().min(1).max(200))
    .refine((all) => Object.keys(all).length <= 40, 'more than 40 measured values'),
  nonce: z.string().regex(/^[0-9a-f]{64}$/),
  time: z.iso.datetime(),
})
export type Statement = z.output<typeof statementSchema>

const documentSchema = z.strictObject({
  statement: statementSchema,
  /** Ed25519, base64. */
  signature: z.string().max(200),
})

/** The bytes that are signed: the prefix, then the statement as canonical JSON. */
export function signedBytes(statement: Statement): Buffer {
  return Buffer.from(PREFIX + canonicalJson(statement))
}

const WHAT = 'signed statement'

/** A statement that software signs with a key of its environment (Ed25519): as good as the guard of that key, no better. */
export default {
  name: 'signed-statement',
  title: 'Signed software statement',
  trust: 'the public key (Ed25519) in PEM whose private half only the environment has',
  trusted: (trust) => trustedKey(trust, ['ed25519']),
  missing: ['that the software measured itself rightly: whoever has the key can state anything'],
  verify(document, { trust }) {
    const { statement, signature } = readJsonDocument(document, documentSchema, WHAT)
    const key = trustedKey(trust, ['ed25519'])
    if (!verify(null, signedBytes(statement), key, Buffer.from(signature, 'base64')))
      throw refused(WHAT, 'its signature is not that of the trusted key')
    const { environment, measurement, nonce, time } = statement
    return { environment, measurement, nonce: Buffer.from(nonce, 'hex'), at: new Date(time) }
  },
} satisfies Verifier
