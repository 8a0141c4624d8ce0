import type { AlertOutcome } from '../../weights-data.ts'

/** What an alert turned out to be, in words. */
export const OUTCOMES: Record<AlertOutcome, string> = {
  'true-positive': 'something real',
  benign: 'benign',
  duplicate: 'told already',
  exercise: 'an exercise',
}
