import { type KeyObject, verify } from 'node:crypto'
import { AvouchError } from '@avouch/core/errors'
import { type Cbor, cbor } from './cbor.ts'
import type { ClaimSigner } from './signer.ts'

/** COSE algorithm numbers (RFC 9053) by the names that c2pa-rs gives them. */
export const ALGORITHMS = {
  es256: { number: -7, hash: 'sha256' },
  es384: { number: -35, hash: 'sha384' },
  es512: { number: -36, hash: 'sha512' },
  ps256: { number: -37, hash: 'sha256' },
  ps384: { number: -38, hash: 'sha384' },
  ed25519: { number: -8, hash: null },
} as const
export type Algorithm = keyof typeof ALGORITHMS

const CURVES: Record<string, Algorithm> = { prime256v1: 'es256', secp384r1: 'es384', secp521r1: 'es512' }
export const X5CHAIN = 33
export const SIGN1 = 18

/** The algorithm that a key, private or public, stands for in C2PA claims. Throws `config` for keys that C2PA does not take. */
export function algorithmOf(key: KeyObject): Algorithm {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  if (type === 'ed25519') return 'ed25519'
  if (type === 'ec' && details?.namedCurve && CURVES[details.namedCurve]) return CURVES[details.namedCurve]!
  if ((type === 'rsa' || type === 'rsa-pss') && (details?.modulusLength ?? 0) >= 2048) return 'ps256'
  throw new AvouchError('config', `a key of type ${type} signs no C2PA claims`, {
    fix: 'Use ECDSA on P-256, P-384 or P-521, Ed25519, or RSA of 2048 bits or more.',
  })
}

/** RSA-PSS with a salt as long as the digest, by Node's numbers. */
export const PSS = { padding: 6, saltLength: -1 }

/** Whether a signature in COSE's form is over these bytes and by this key. */
export function signatureHolds(
  alg: Algorithm,
  key: KeyObject,
  bytes: Uint8Array,
  signature: Uint8Array,
): boolean {
  const how = { key, dsaEncoding: 'ieee-p1363' as const, ...(alg.startsWith('ps') && PSS) }
  return verify(ALGORITHMS[alg].hash, bytes, how, signature)
}

/** What the signature of a COSE_Sign1 is over, for a detached claim. */
export function signedBytes(shielded: Uint8Array, claim: Uint8Array): Buffer {
  return cbor(['Signature1', shielded, new Uint8Array(0), claim])
}

/** A time-stamp over these bytes, as a DER TimeStampToken (RFC 3161). */
export type Stamp = (bytes: Uint8Array) => Promise<Uint8Array>

/**
 * COSE_Sign1 (RFC 9052) over a detached claim, as C2PA 2.x asks for: the chain from the signer's certificate upwards in the
 * protected header (RFC 9360), a time-stamp over the signature in `sigTst2`, zeros up to exactly `size` bytes.
 */
export async function coseSign1(
  claim: Uint8Array,
  {
    signer,
    chain,
    size,
    stamp,
  }: { signer: ClaimSigner; chain: readonly Uint8Array[]; size: number; stamp?: Stamp | undefined },
): Promise<Buffer> {
  const { number } = ALGORITHMS[signer.alg]
  const header = new Map<number, Cbor>([
    [1, number],
    [X5CHAIN, chain.length === 1 ? chain[0]! : chain],
  ])
  const shielded = cbor(header)
  const signature = await signer.sign(signedBytes(shielded, claim))
  const open = new Map<string, Cbor>()
  if (stamp) {
    const token = await stamp(cbor(['CounterSignature', shielded, new Uint8Array(0), cbor(signature)]))
    open.set('sigTst2', new Map([['tstTokens', [new Map([['val', token]])]]]))
  }
  const whole = (pad: number): Buffer =>
    cbor({ tag: SIGN1, value: [shielded, new Map([...open, ['pad', new Uint8Array(pad)]]), null, signature] })
  // a pad of 256 to 65,535 bytes has a head of two bytes more than an empty one
  const pad = size - whole(0).length - 2
  if (pad < 256 || pad > 65_535)
    throw new AvouchError('internal', `a signature of ${whole(0).length} bytes does not fit into ${size}`)
  return whole(pad)
}
