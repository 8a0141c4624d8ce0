import type { ApprovalAct } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { findProposal, insertLimits, limitsInForce, lockLimits } from './store.ts'

/** Putting looser limits in force, once two people have signed them. Refused where others were put in force meanwhile. */
export function egressAct({ now }: Installation): ApprovalAct {
  return {
    async onAccepted(tx, accepted, { id, evidence }) {
      await lockLimits(tx)
      const proposal = await findProposal(tx, id)
      if (proposal?.evidence !== evidence)
        throw new AvouchError('not-found', 'there is no such proposal of limits', { where: `approval ${id}` })
      if (((await limitsInForce(tx))?.evidence ?? null) !== proposal.replaces)
        throw new AvouchError('conflict', 'other limits have been put in force since this was proposed', {
          where: `approval ${id}`,
          fix: 'Propose it again.',
        })
      await insertLimits(tx, { limits: proposal.limits, evidence: accepted.id, since: now() })
    },
  }
}
