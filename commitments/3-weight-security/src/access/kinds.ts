import { breakGlassEvidence } from './break-glass-evidence.ts'
import {
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
  breakGlassEvidence,
  reviewOpenedEvidence,
  reviewEvidence,
]
