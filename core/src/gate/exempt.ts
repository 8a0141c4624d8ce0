import type { ApprovalRequest, Principal } from '../auth/index.ts'
import type { Installation } from '../installation.ts'
import { exemptionEvidence } from './evidence.ts'

/** That an obligation does not apply to a release, or that a law now covers it. */
export type Exemption = {
  release: string
  obligation: string
  kind: 'exempt' | 'superseded'
  reason: string
}

/** Asks two people to sign that an obligation does not apply to a release. Until they have, nothing is exempt. */
export async function requestExemption(
  installation: Installation,
  by: Principal,
  { release, obligation, kind, reason }: Exemption,
): Promise<ApprovalRequest> {
  // the gate is asked oftener than anything is exempted, and passkeys take a while to load
  const { requestApproval } = await import('../auth/approval.ts')
  return requestApproval(installation, by, {
    act: 'evidence/exempt',
    summary:
      kind === 'exempt'
        ? `Exempt ${release} from ${obligation}: ${reason}`
        : `A law now covers what ${obligation} asks of ${release}: ${reason}`,
    draft: { type: exemptionEvidence, about: { release }, fields: { obligation, reason, kind } },
  })
}
