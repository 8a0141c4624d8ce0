/** What a document shows of the environment that made it, once its signatures hold. */
export type Shown = {
  /** Measured values by name, in hex or as plain words: what policies allow is held against them. */
  measurement: Record<string, string>
  nonce: Buffer
  /** The environment it names itself to be, where documents of this kind name one. */
  environment?: string
  /** When it was made, where it says so. */
  at?: Date
}

/** One kind of attestation document. Each stands in a file of its own under `verifiers/`. */
export type Verifier = {
  /** As policies name it: `signed-statement`. */
  name: string
  title: string
  /** What a policy's `trust` must hold. */
  trust: string
  /** Reads `trust`. Throws `config` where it is something else, which is asked before a policy is in force. */
  trusted(trust: string): unknown
  /** What is not looked at, for those who rely on it; shown beside the verifier. */
  missing: string[]
  /**
   * Reads a document and checks every signature of it, up to what the policy trusts. Throws `input` where it cannot be
   * read, `proof` where a signature or certificate does not hold. It judges neither measurement nor nonce.
   */
  verify(document: Buffer, given: { trust: string; now: Date }): Shown
}

/** Documents are small. */
export const MOST_BYTES = 65_536
