import type { ApprovalAct } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { findEnvironment, findEnvironmentProposal, lockEnvironments, putEnvironment } from './store.ts'

/** Asking less of an environment, or trusting whom it trusts already, once two people have signed it. Refused where its policy was changed meanwhile. */
export function environmentAct({ now }: Installation): ApprovalAct {
  return {
    async onAccepted(tx, accepted, { id, evidence }) {
      await lockEnvironments(tx)
      const proposal = await findEnvironmentProposal(tx, id)
      if (proposal?.evidence !== evidence)
        throw new AvouchError('not-found', 'there is no such proposal', { where: `approval ${id}` })
      const { name, policy, replaces } = proposal
      if ((await findEnvironment(tx, name))?.evidence !== replaces)
        throw new AvouchError('conflict', 'this policy has been changed since that was proposed', {
          where: `approval ${id}`,
          fix: 'Propose it again.',
        })
      await putEnvironment(tx, { name, policy, evidence: accepted.id, changedAt: now() })
    },
  }
}
