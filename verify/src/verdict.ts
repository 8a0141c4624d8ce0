import type { Check } from './check.ts'
import type { Cosignature } from './cosignature.ts'
import type { Figure } from './figure.ts'
import type { ProofResult, Trust } from './proof.ts'

/**
 * - `verified`: every check held, and the log's key is one that the reader brought.
 * - `consistent`: every check held, as far as a report's own page can say.
 * - `signer-unknown`: every check held, but nothing says whose key it is.
 * - `failed`: some check did not hold; `checks` says which.
 */
export type Status = 'verified' | 'consistent' | 'signer-unknown' | 'failed'

/** What came of checking a report, a proof bundle or a page. */
export type Verdict = {
  status: Status
  checks: Check[]
  /** The log's verifier key as the file gives it; empty where it could not be read. */
  signer: string
  origin: string | undefined
  /** Leaves in the log, of them shown in this file, and not shown. A proof says nothing of those. */
  treeSize: number
  opened: number
  unopened: number
  cosignatures: Cosignature[]
  figures: Figure[]
  /** Whether the digest of all covered bytes was compared, or only figures and proofs. */
  bytesChecked: boolean
}

/** How to judge. `inPage`: within the report's own page, which can say `consistent` at most without a key. */
export type VerifyOptions = Trust & { inPage?: boolean }

/** The verdict on a proof of which all further checks were made. */
export function verdictOf(
  checks: Check[],
  proof: ProofResult,
  figures: Figure[],
  options: VerifyOptions,
  bytesChecked: boolean,
): Verdict {
  const held = checks.every(({ ok }) => ok)
  const untrusted = options.inPage === true ? 'consistent' : 'signer-unknown'
  const treeSize = proof.checkpoint?.size ?? 0
  return {
    status: held ? (proof.trusted ? 'verified' : untrusted) : 'failed',
    checks,
    signer: proof.signer,
    origin: proof.checkpoint?.origin,
    treeSize,
    opened: proof.opened,
    unopened: Math.max(0, treeSize - proof.opened),
    cosignatures: proof.cosignatures,
    figures,
    bytesChecked,
  }
}

/** The verdict on what could not be read far enough to find its proof. */
export function unreadable(checks: Check[]): Verdict {
  return {
    status: 'failed',
    checks,
    signer: '',
    origin: undefined,
    treeSize: 0,
    opened: 0,
    unopened: 0,
    cosignatures: [],
    figures: [],
    bytesChecked: false,
  }
}
