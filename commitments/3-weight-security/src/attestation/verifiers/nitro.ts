import { verify } from 'node:crypto'
import { type Cbor, readCbor } from '../cbor.ts'
import { chainTo, refused, trustedRoot, unreadable } from '../document.ts'
import type { Verifier } from '../verifier.ts'

const WHAT = 'attestation document of AWS Nitro'
/** COSE (RFC 9053): ECDSA with SHA-384. */
const ES384 = -35
const MOST_PCRS = 32

/**
 * The attestation document of AWS Nitro Enclaves: COSE_Sign1 (RFC 9052) by ES384, the enclave's certificate and the
 * bundle up to the root inside. Bytes as the Nitro Secure Module gives them. Measured: `pcr0` (the image), `pcr1`,
 * `pcr2`, …, all that are not zero.
 */
export default {
  name: 'nitro',
  title: 'AWS Nitro Enclaves attestation document',
  trust: 'the root certificate of AWS Nitro Enclaves in PEM',
  trusted: trustedRoot,
  missing: [
    'revocation of certificates',
    'a document of a real enclave among our tests: they make their own, of the published layout',
  ],
  verify(document, { trust, now }) {
    const [protectedHeader, payload, signature] = coseParts(document)
    const headers = readCbor(protectedHeader, WHAT)
    if (!(headers instanceof Map) || headers.get(1) !== ES384)
      throw unreadable(WHAT, 'it is not signed by ES384')
    const fields = readCbor(payload, WHAT)
    if (!(fields instanceof Map)) throw unreadable(WHAT, 'its payload is no map')
    const bundle = fields.get('cabundle')
    if (!Array.isArray(bundle)) throw unreadable(WHAT, 'it has no cabundle')
    // the bundle begins at the root; the chain begins at the enclave
    const chain = [bytesOf(fields.get('certificate')), ...bundle.map(bytesOf).reverse()]
    const signing = chainTo(trustedRoot(trust), chain, now, WHAT)
    const key = { key: signing.publicKey, dsaEncoding: 'ieee-p1363' as const }
    if (signing.publicKey.asymmetricKeyDetails?.namedCurve !== 'secp384r1')
      throw refused(WHAT, 'its key is not of the curve P-384')
    if (!verify('sha384', signedBytes(protectedHeader, payload), key, signature))
      throw refused(WHAT, 'its signature is not that of its certificate')
    if (fields.get('digest') !== 'SHA384')
      throw unreadable(WHAT, 'its PCRs are of another digest than SHA-384')
    const at = fields.get('timestamp')
    if (typeof at !== 'number') throw unreadable(WHAT, 'it has no timestamp')
    return {
      measurement: pcrsOf(fields.get('pcrs')),
      nonce: Buffer.from(bytesOf(fields.get('nonce'))),
      at: new Date(at),
    }
  },
} satisfies Verifier

function coseParts(
  document: Buffer,
): [protectedHeader: Uint8Array, payload: Uint8Array, signature: Uint8Array] {
  const sign1 = readCbor(document, WHAT)
  if (!Array.isArray(sign1) || sign1.length !== 4) throw unreadable(WHAT, 'it is no COSE_Sign1')
  return [bytesOf(sign1[0]), bytesOf(sign1[2]), bytesOf(sign1[3])]
}

/** Sig_structure of RFC 9052, section 4.4: `["Signature1", protected, external_aad, payload]`. */
export function signedBytes(protectedHeader: Uint8Array, payload: Uint8Array): Buffer {
  const context = Buffer.from('Signature1')
  return Buffer.concat([
    Buffer.of(0x84, 0x60 | context.length),
    context,
    byteString(protectedHeader),
    byteString(new Uint8Array()),
    byteString(payload),
  ])
}

function byteString(bytes: Uint8Array): Buffer {
  const { length } = bytes
  const head =
    length < 24 ? [0x40 | length] : length < 0x100 ? [0x58, length] : [0x59, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(head), bytes])
}

function pcrsOf(pcrs: Cbor | undefined): Record<string, string> {
  if (!(pcrs instanceof Map) || pcrs.size > MOST_PCRS) throw unreadable(WHAT, 'it has no PCRs')
  const measured = [...pcrs].flatMap(([index, value]) => {
    const text = Buffer.from(bytesOf(value)).toString('hex')
    return typeof index === 'number' && !/^0*$/.test(text) ? [[`pcr${index}`, text]] : []
  })
  // an enclave in debug mode shows zeros: nothing of it is measured
  if (!measured.some(([name]) => name === 'pcr0'))
    throw refused(WHAT, 'PCR0 is zero: the enclave runs in debug mode')
  return Object.fromEntries(measured) as Record<string, string>
}

function bytesOf(value: Cbor | undefined): Uint8Array {
  if (value instanceof Uint8Array && value.length <= 32_768) return value
  throw unreadable(WHAT, 'a member of it is missing, or of another kind')
}
