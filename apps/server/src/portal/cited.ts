import { readReport, verifyBundle } from '@avouch/verify'

/** Evidence that a report opens, as its own proof says. */
export type Cited = { digest: string; type: string; index: number; fields: number; signedBy: string[] }

/** The evidence in a published `report.json`, in the order of the log. Throws `VerifyError` where it is no report. */
export async function readCited(bytes: Uint8Array): Promise<Cited[]> {
  const { evidence } = await verifyBundle(readReport(bytes).proof)
  return evidence
    .map(({ digest, predicateType, index, statement, signers }) => ({
      digest,
      type: predicateType,
      index,
      fields: Object.keys(statement.predicate.fields).length,
      signedBy: [...new Set(signers.map(({ kind }) => kind))],
    }))
    .sort((a, b) => a.index - b.index)
}
