import type { ApprovalActs } from '@avouch/core/auth'
import { grantAct } from './grant.ts'
import { GRANT_ACT } from './request-store.ts'

/** The acts of weight security that two people approve by passkey. */
export const approvals: ApprovalActs = { [GRANT_ACT]: grantAct }
