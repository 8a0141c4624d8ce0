import { fromBase64 } from './bytes.ts'
import { VerifyError } from './errors.ts'
import { asArray, asCount, asObject, asString, type Json, only } from './json.ts'

/** One field laid open: `SHA-256(salt ‖ pointer ‖ value)` in the signed Statement commits to it. */
export type Disclosure = { pointer: string /** 16 bytes, base64. */; salt: string; value: unknown }

/** A DSSE envelope (secure-systems-lab/dsse v1) as JSON. */
export type Envelope = {
  payloadType: string
  /** Base64. */
  payload: string
  signatures: { keyid: string; sig: string }[]
}

/**
 * One piece of evidence with its way to the log: the leaf is HMAC-SHA256(key, envelope bytes), and the proof leads
 * from it to the checkpoint's root (RFC 9162 section 2.1.3 order, base64 hashes).
 */
export type EvidenceProof = {
  /** The exact envelope bytes, base64: they are what the leaf commits to. */
  envelope: string
  /** 32 bytes, base64. */
  leafKey: string
  index: number
  proof: string[]
  disclosures: Disclosure[]
}

/** A self-contained file: evidence, the checkpoint it is proved against, and the log-signed statements that certify its signers. */
export type ProofBundle = {
  bundle: 'avouch-proof/v1'
  /** The log's verifier key (`name+keyid+base64`) as the file itself claims it: whether to trust it is said elsewhere. */
  log: string
  /** The signed note, whole, with witnesses' cosignatures. */
  checkpoint: string
  evidence: EvidenceProof[]
  /** Evidence of type `core/key/v1`: which evidence and person keys count, and until when. Signed by the log's key. */
  keys: EvidenceProof[]
}

/** What a bundle may hold at most; a report of a large release stays far below. */
export const BUNDLE_LIMITS = {
  evidence: 20_000,
  keys: 2000,
  disclosures: 100_000,
  proof: 106,
  envelope: 4_194_304,
} as const

/** Reads a proof bundle's shape; checks nothing in it yet. Throws `bundle` or `limit`. */
export function parseBundle(json: Json): ProofBundle {
  try {
    const bundle = asObject(json, 'A proof bundle')
    only(bundle, ['bundle', 'log', 'checkpoint', 'evidence', 'keys'], 'A proof bundle')
    if (bundle.bundle !== 'avouch-proof/v1')
      throw new VerifyError('bundle', 'This is no proof bundle of version avouch-proof/v1.')
    return {
      bundle: 'avouch-proof/v1',
      log: asString(bundle.log, 'log', 512),
      checkpoint: asString(bundle.checkpoint, 'checkpoint', 262_144),
      evidence: asArray(bundle.evidence, 'evidence', BUNDLE_LIMITS.evidence).map(readEvidenceProof),
      keys: asArray(bundle.keys, 'keys', BUNDLE_LIMITS.keys).map(readEvidenceProof),
    }
  } catch (cause) {
    if (cause instanceof VerifyError && cause.code === 'input')
      throw new VerifyError('bundle', `The proof bundle cannot be read: ${cause.message}`, { cause })
    throw cause
  }
}

function readEvidenceProof(json: Json): EvidenceProof {
  const item = asObject(json, 'A piece of evidence')
  only(item, ['envelope', 'leafKey', 'index', 'proof', 'disclosures'], 'A piece of evidence')
  return {
    envelope: asString(item.envelope, 'envelope', 2 * BUNDLE_LIMITS.envelope),
    leafKey: base64Of(item.leafKey, 'leafKey', 32),
    index: asCount(item.index, 'index'),
    proof: asArray(item.proof, 'proof', BUNDLE_LIMITS.proof).map((hash) =>
      base64Of(hash, 'A hash of a proof', 32),
    ),
    disclosures: asArray(item.disclosures, 'disclosures', BUNDLE_LIMITS.disclosures).map((entry) => {
      const disclosure = asObject(entry, 'A disclosure')
      only(disclosure, ['pointer', 'salt', 'value'], 'A disclosure')
      if (!Object.hasOwn(disclosure, 'value')) throw new VerifyError('bundle', 'A disclosure has no value.')
      const pointer = asString(disclosure.pointer, 'pointer', 1024)
      return { pointer, salt: base64Of(disclosure.salt, 'salt', 16), value: disclosure.value }
    }),
  }
}

function base64Of(value: Json | undefined, what: string, bytes: number): string {
  const text = asString(value, what, 2 * bytes)
  fromBase64(text, bytes)
  return text
}
