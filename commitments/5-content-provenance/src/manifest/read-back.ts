import { createHash, X509Certificate } from 'node:crypto'
import { type CborRead, readCbor } from './cbor-read.ts'
import { ALGORITHMS, type Algorithm, signatureHolds, signedBytes, X5CHAIN } from './cose.ts'
import { boxes, labelOf, manifestsIn } from './store.ts'

/** What stands around a manifest in a file and is left out of the file's digest with it: heads of segments or chunks. */
const AROUND = 64

export type Held = {
  /** The manifest's identifier. */
  label: string
  /** Digest of the certificate that it is signed by, and of what its boxes are, in what order. */
  form: string
}

/**
 * Reads a manifest that was just signed back out of the content that is given out, by this system's own cryptography: it
 * stands there byte for byte; what its digest leaves out is the manifest and nothing else, and all the rest is as it was
 * when it was signed; the claim has every assertion as it stands; the signature is over the claim, by the key of a
 * certificate that is valid now. It takes a tenth of the time that the C2PA library takes, which does it in WebAssembly.
 *
 * @returns undefined where any of that does not hold, or it is of
 * another form than this knows (several manifests, a time-stamp, a digest other than of bytes by SHA-256): then only the library can tell
 */
export function readBack(content: Uint8Array, store: Uint8Array, alg: Algorithm): Held | undefined {
  try {
    return held(content, store, alg)
  } catch {
    // boxes, certificates, keys that are none: the library has the last word on whatever is not as it should be
    return undefined
  }
}

function held(content: Uint8Array, store: Uint8Array, alg: Algorithm): Held | undefined {
  const [active, ...more] = manifestsIn(store)
  const at = Buffer.from(content.buffer, content.byteOffset, content.byteLength).indexOf(store)
  if (active === undefined || more.length > 0 || at < 0) return undefined
  const parts = labelled(boxes(active.box)[0]!.content)
  const claim = cborIn(parts.get('c2pa.claim.v2'))
  const signature = cborIn(parts.get('c2pa.signature'))
  const assertions = labelled(parts.get('c2pa.assertions')?.content)
  if (!claim || !signature || !claimHolds(mapOf(readCbor(claim)), active.label, assertions)) return undefined
  const digest = mapOf(readCbor(cborIn(assertions.get('c2pa.hash.data')) ?? new Uint8Array()))
  if (!contentHolds(content, digest, { at, length: store.length })) return undefined
  const signer = signerOf(signature, claim, alg)
  if (signer === undefined) return undefined
  const descriptions = descriptionsIn(store).map((one) => one.replace(active.label, ''))
  return { label: active.label, form: sha256(Buffer.from([signer, ...descriptions].join())).toString('hex') }
}

type Part = { content: Uint8Array; whole: Uint8Array }

/** What each box says it is, in hex the type and in plain text the label. */
function descriptionsIn(bytes: Uint8Array): string[] {
  return boxes(bytes).flatMap(({ type, content }) => {
    // behind the label may stand salt, which digests of assertions are over
    if (type === 'jumd')
      return [`${Buffer.from(content.subarray(0, 17)).toString('hex')} ${labelOf(content)}`]
    return type === 'jumb' ? descriptionsIn(content) : [type]
  })
}

/** Boxes in a box, by their labels. */
function labelled(content: Uint8Array | undefined): Map<string, Part> {
  const found = new Map<string, Part>()
  for (const { type, whole, content: inner } of content ? boxes(content) : [])
    if (type === 'jumb') found.set(labelOf(boxes(inner)[0]?.content), { whole, content: inner })
  return found
}

/** The one piece of CBOR in a box. */
function cborIn(part: Part | undefined): Uint8Array | undefined {
  const found = part ? boxes(part.content).filter(({ type }) => type === 'cbor') : []
  return found.length === 1 ? found[0]!.content : undefined
}

/** It is the claim of this manifest, and every assertion is one that it names, and stands as it has it. */
function claimHolds(claim: Map<CborRead, CborRead>, label: string, assertions: Map<string, Part>): boolean {
  const named = ['created_assertions', 'gathered_assertions'].flatMap((kind) =>
    listOf(claim.get(kind)).map(mapOf),
  )
  return (
    claim.get('alg') === 'sha256' &&
    claim.get('signature') === `self#jumbf=/c2pa/${label}/c2pa.signature` &&
    named.length === assertions.size &&
    new Set(named.map((one) => one.get('url'))).size === named.length &&
    named.every((one) => {
      const box = assertions.get(`${one.get('url')}`.split('/').at(-1)!)
      return box !== undefined && isBytes(one.get('hash'), sha256(box.whole.subarray(8)))
    })
  )
}

/** The digest is of all bytes but a stretch that holds the manifest and hardly more. */
function contentHolds(
  content: Uint8Array,
  digest: Map<CborRead, CborRead>,
  manifest: { at: number; length: number },
): boolean {
  const [exclusion, ...more] = listOf(digest.get('exclusions')).map(mapOf)
  const [start, length] = [exclusion?.get('start'), exclusion?.get('length')]
  if (typeof start !== 'number' || typeof length !== 'number' || more.length > 0) return false
  const end = start + length
  const covers = start <= manifest.at && end >= manifest.at + manifest.length && end <= content.length
  if (!covers || length > manifest.length + AROUND || digest.get('alg') !== 'sha256') return false
  return isBytes(digest.get('hash'), sha256(content.subarray(0, start), content.subarray(end)))
}

/** The digest of the certificate that a claim is signed by; undefined where it is not. */
function signerOf(cose: Uint8Array, claim: Uint8Array, alg: Algorithm): string | undefined {
  const [shielded, open, payload, signature] = listOf(readCbor(cose))
  // a time-stamp is for the library to judge
  if ([...mapOf(open).keys()].some((name) => name !== 'pad')) return undefined
  if (!(shielded instanceof Uint8Array && signature instanceof Uint8Array) || payload !== null)
    return undefined
  const header = mapOf(readCbor(shielded))
  const [der] = [header.get(X5CHAIN)].flat()
  if (!(der instanceof Uint8Array) || header.get(1) !== ALGORITHMS[alg].number) return undefined
  const certificate = new X509Certificate(der)
  const now = Date.now()
  const isValid = certificate.validFromDate.getTime() <= now && now <= certificate.validToDate.getTime()
  return isValid && signatureHolds(alg, certificate.publicKey, signedBytes(shielded, claim), signature)
    ? certificate.fingerprint256
    : undefined
}

const mapOf = (value: CborRead | undefined): Map<CborRead, CborRead> =>
  value instanceof Map ? value : new Map()
const listOf = (value: CborRead | undefined): CborRead[] => (Array.isArray(value) ? value : [])

function isBytes(value: CborRead | undefined, bytes: Uint8Array): boolean {
  return value instanceof Uint8Array && Buffer.compare(value, bytes) === 0
}

function sha256(...parts: Uint8Array[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}
