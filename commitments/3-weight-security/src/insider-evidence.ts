import { exercisePlan, exerciseResult } from './exercise/evidence.ts'

/** What the insider-threat programme records. */
export const insiderEvidence = [exercisePlan, exerciseResult]
