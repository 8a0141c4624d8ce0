/** What a C2PA manifest says, and how far it holds; strings of strangers are cut to 200 characters. */
export type Manifest = {
  /** Identifier of the active manifest. */
  label: string
  /** What wrote it. */
  generator: string | undefined
  signer: { organisation: string | undefined; name: string | undefined; serial: string | undefined }
  /** The signature is over this very claim, by the certificate it brings. */
  signatureHolds: boolean
  /** The content is byte for byte what the claim is about. */
  bytesMatch: boolean
  /** All that was checked holds; nothing yet of whether the signer deserves trust. */
  wellFormed: boolean
  /** The signer's chain leads to the trust list that was given. */
  trusted: boolean
  /** The signer's certificate is one of this installation's. */
  own: boolean
  /** When it was signed, and by whose word: a time-stamping authority's that the library trusts, or nobody's. */
  signedAt: { at: string; stamped: boolean } | undefined
  actions: Action[]
  softBindings: { alg: string; value: string }[]
  /** Older manifests kept in it. */
  parents: number
  /** Codes of C2PA's for what did not hold, the trust in the signer left aside. */
  failures: string[]
}

export type Action = {
  action: string
  when: string | undefined
  agent: string | undefined
  /** The last part of IPTC's digital source type. */
  source: string | undefined
}

export type ManifestReading =
  | { state: 'absent' }
  | { state: 'unreadable'; why: string }
  | { state: 'found'; manifest: Manifest }
