import { breakGlassEvidence } from './break-glass-evidence.ts'
import {
  grantEvidence,
  leaseEndEvidence,
  leaseEvidence,
  profileEvidence,
  requestEvidence,
} from './evidence.ts'

/** What need-to-know records. */
export const needToKnowEvidence = [
  profileEvidence,
  requestEvidence,
  grantEvidence,
  leaseEvidence,
  leaseEndEvidence,
  breakGlassEvidence,
]
