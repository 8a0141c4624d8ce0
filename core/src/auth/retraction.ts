import { z } from 'zod'
import { AvouchError } from '../errors.ts'
import { defineEvidence } from '../evidence/type.ts'
import type { Installation } from '../installation.ts'
import { type ApprovalRequest, requestApproval } from './approval.ts'
import type { Principal } from './principal.ts'
import type { AuthContext } from './store.ts'

/** Takes evidence back; counts under the signatures of two people. */
export const retractionEvidence = defineEvidence('core/retraction/v1', {
  title: 'Retraction',
  schema: z.object({ evidence: z.string(), reason: z.string().min(1).max(4000) }),
  open: ['evidence'],
})

/** Asks two others to take a piece of evidence back. Throws `not-found`, and `conflict` where that happened already. */
export async function requestRetraction(
  context: AuthContext & Pick<Installation, 'evidence'>,
  by: Principal,
  id: string,
  reason: string,
): Promise<ApprovalRequest> {
  const record = await context.evidence.get(id)
  if (!record) throw new AvouchError('not-found', 'There is no such evidence', { where: `evidence ${id}` })
  if (record.retractedBy)
    throw new AvouchError('conflict', 'This evidence was taken back already', { where: `evidence ${id}` })
  return requestApproval(context, by, {
    act: 'evidence/retract',
    summary: `Take back evidence ${record.id}: ${reason}`,
    draft: {
      type: retractionEvidence,
      fields: { evidence: record.id, reason },
      about: record.about.release === undefined ? {} : { release: record.about.release },
      retracts: record.id,
    },
  })
}
