import { breakGlassEvidence } from './break-glass-evidence.ts'
import {
  clockEvidence,
  grantEvidence,
  leaseEndEvidence,
  leaseEvidence,
  profileEvidence,
  requestEvidence,
} from './evidence.ts'
import { policyEvidence } from './policy/evidence.ts'
import { reviewEvidence, reviewOpenedEvidence } from './review-evidence.ts'

/** What need-to-know records. */
export const needToKnowEvidence = [
  policyEvidence,
  profileEvidence,
  requestEvidence,
  grantEvidence,
  leaseEvidence,
  leaseEndEvidence,
  clockEvidence,
  breakGlassEvidence,
  reviewOpenedEvidence,
  reviewEvidence,
]
