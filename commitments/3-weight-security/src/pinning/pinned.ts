import type { EvidenceRecord } from '@avouch/core/evidence'

/** The company's lists of pinned signers; written out, so that listing obligations loads no schema. */
export const SIGNERS = 'https://avouch.dev/evidence/weight-security/signers/v1'

/**
 * Whose signatures of models count, out of the lists of those pinned, oldest first: who stands on the newest list, and on
 * one that people signed. As `method:signer`. A key is soon made; whose it is two people have to have signed.
 */
export function pinnedIn(
  lists: readonly EvidenceRecord[],
  signedByPerson: (record: EvidenceRecord) => boolean,
): Set<string> {
  const vouched = new Set(lists.filter(signedByPerson).flatMap(signersOn))
  return new Set(
    lists
      .slice(-1)
      .flatMap(signersOn)
      .filter((signer) => vouched.has(signer)),
  )
}

/** Who made a signature, as `pinnedIn` names them. */
export function signerOf({ fields }: Pick<EvidenceRecord, 'fields'>): string {
  return `${fields.method}:${fields.signer}`
}

function signersOn({ fields }: EvidenceRecord): string[] {
  const signers: unknown[] = Array.isArray(fields.signers) ? fields.signers : []
  return signers.flatMap((one) =>
    typeof one === 'object' && one !== null ? [signerOf({ fields: { ...one } })] : [],
  )
}
