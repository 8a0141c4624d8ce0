/**
 * One number of a report, and all that is needed to check it. `computed` figures are recomputed from the disclosed
 * fields named in `inputs` by the method; `attested` ones rest on a named signer and a document's digest.
 */
export type Figure = {
  /** Unique in the report: `[a-z0-9-]+`. */
  id: string
  label: string
  value: number
  unit: 'rate' | 'count' | 'score' | 'difference' | 'seconds' | 'usd'
  interval?: { low: number; high: number; level: number }
  /** What was counted, where it is a rate: 412 attempts; `clusters` are the unit of resampling. */
  n?: number
  clusters?: number
  source: {
    /** SHA-256 (hex) of the signed Statement. */
    evidence: string
    /** JSON pointer of the disclosed field that holds this figure's value: a number, or `{value, low, high, level, n, clusters}`. */
    pointer: string
  }
  kind: 'computed' | 'attested'
  /** Name of a recomputation, such as `cluster-rate/v1`; `field/v1` says the field itself is the figure. */
  method: string
  /** JSON pointers, in the same evidence, of the disclosed fields the method takes. */
  inputs: string[]
  /** How to recompute it, in a sentence for a reader. */
  recompute: string
  /** For `attested`: who signed, and the digest of the document it rests on. */
  attestation?: { signer: string; document: string }
}
