import { defineEvidence } from '@avouch/core/evidence'
import { z } from 'zod'
import { limitsSchema } from './limits.ts'

const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER)

/** Limits on what may be read under leases, from this moment on; looser ones bear the signatures of two people. */
export const egressEvidence = defineEvidence('weight-security/egress/v1', {
  title: 'Egress budgets put in force',
  schema: z.object({
    limits: limitsSchema,
    /** SHA-256 of the limits as canonical JSON. */
    digest: z.string().regex(/^[0-9a-f]{64}$/),
    /** In what they allow more than those before, in words; empty where in nothing. */
    looser: z.array(z.string().max(500)).max(100),
    reason: z.string().min(1).max(2000),
  }),
  open: ['digest'],
})

/** How long stealing a release would take at the limits in force: lower bounds, in seconds; null where nothing binds. */
export const theftEvidence = defineEvidence('weight-security/egress-figures/v1', {
  title: 'The time that stealing the model would take',
  schema: z.object({
    release: z.string().max(201),
    /** The evidence of the limits. */
    limits: z.uuid(),
    /** Of all sealed files of the release. */
    modelBytes: count,
    /** How many environments the thieves may use. */
    environments: z.int().min(1).max(1000),
    alone: count.nullable(),
    together: z
      .array(z.object({ people: z.int().min(2).max(1000), seconds: count.nullable() }))
      .min(1)
      .max(20),
  }),
  open: ['limits'],
})

export const egressKinds = [egressEvidence, theftEvidence]
