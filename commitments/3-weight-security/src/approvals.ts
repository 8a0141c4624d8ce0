import type { ApprovalActs } from '@avouch/core/auth'
import { approvals as access } from './access/approvals.ts'
import { environmentAct } from './attestation/act.ts'
import { ENVIRONMENT_ACT } from './attestation/set-policy.ts'
import { egressAct } from './egress/act.ts'
import { EGRESS_ACT } from './egress/set.ts'
import { SIGNERS_ACT, signersAct } from './pinning/pin.ts'

/** Every act of weight security that two people approve by passkey. */
export const approvals: ApprovalActs = {
  ...access,
  [EGRESS_ACT]: egressAct,
  [ENVIRONMENT_ACT]: environmentAct,
  [SIGNERS_ACT]: signersAct,
}
