import { defineEvidence } from '@avouch/core/evidence'
import { z } from 'zod'

const text = z.string().trim().min(1).max(4000)

/** What is said when the programme for weights is held against that for the company's most valuable other secrets. */
export const comparisonSchema = z.object({
  /** What it is compared with: which secrets, and what protects them from insiders. */
  secrets: text,
  /** Whether weights are protected at least as well. */
  atLeast: z.boolean(),
  statement: text,
  /** Respects in which weights are protected less. */
  gaps: z.array(text).max(50),
})

/** Somebody's word that the insider-threat programme for weights is at least that for the most valuable other secrets. */
export const comparisonEvidence = defineEvidence('weight-security/comparison/v1', {
  title: 'Insider-threat programme compared',
  schema: comparisonSchema.extend({
    /** Who says so: the id of the person who signed it, or whom the command line named. */
    by: z.string().min(1).max(200),
  }),
  open: ['atLeast'],
})
