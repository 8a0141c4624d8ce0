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
