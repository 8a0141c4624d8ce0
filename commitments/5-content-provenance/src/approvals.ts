import type { ApprovalActs } from '@avouch/core/auth'
import { EXEMPT_ACT } from './exemption/propose.ts'

/** Acts of content provenance that two people approve by passkey. Nothing follows beyond the evidence. */
export const approvals: ApprovalActs = { [EXEMPT_ACT]: () => ({}) }
