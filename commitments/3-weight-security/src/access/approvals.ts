import type { ApprovalActs } from '@avouch/core/auth'
import { GRANT_ACT } from './approver.ts'
import { grantAct } from './grant.ts'

/** The acts of weight security that two people approve by passkey. */
export const approvals: ApprovalActs = { [GRANT_ACT]: grantAct }
