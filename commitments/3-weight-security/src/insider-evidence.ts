import { alertClosed, detectorRun } from './alerts/evidence.ts'
import { baitEvidence } from './bait/evidence.ts'
import { exercisePlan, exerciseResult } from './exercise/evidence.ts'
import { identityEvidence } from './identity/evidence.ts'
import { comparisonEvidence } from './programme/evidence.ts'

/** What the insider-threat programme records. */
export const insiderEvidence = [
  exercisePlan,
  exerciseResult,
  detectorRun,
  alertClosed,
  baitEvidence,
  identityEvidence,
  comparisonEvidence,
]
