import { defineEvidence } from '@avouch/core/evidence'
import { z } from 'zod'

const digest = z.string().regex(/^[0-9a-f]{64}$/)

/** Policies were put in force; their text is attached. */
export const policyEvidence = defineEvidence('weight-security/policy/v1', {
  title: 'Policies on weights adopted',
  schema: z.object({
    /** SHA-256 over the names and digests of the files. */
    digest,
    /** Ids of the policies, and how many cases they were tested with. */
    policies: z.array(z.string().max(100)).max(2000),
    cases: z.int().min(0),
    /** How often everyone's access is reviewed, and within how many days. */
    reviewEveryDays: z.int().min(1),
    reviewWithinDays: z.int().min(1),
    /** Digest of those in force before. */
    replaces: digest.nullable(),
    by: z.string().min(1).max(200),
  }),
  open: ['digest', 'replaces'],
})
