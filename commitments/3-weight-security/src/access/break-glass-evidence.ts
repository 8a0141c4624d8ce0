import { defineEvidence } from '@avouch/core/evidence'
import { z } from 'zod'
import { portion } from './evidence.ts'

/** One person read without approval because of an emergency, and says which. It has to be reviewed. */
export const breakGlassEvidence = defineEvidence('weight-security/break-glass/v1', {
  title: 'Glass broken',
  schema: z.object({
    case: z.uuid(),
    release: z.string().max(200),
    objects: z.array(portion).min(1).max(2000),
    holder: z.uuid(),
    environment: z.string().min(1).max(100),
    seconds: z.int().min(1),
    emergency: z.string().min(20).max(2000),
    /** Digest of the policy that allowed it. */
    policy: z.string().regex(/^[0-9a-f]{64}$/),
    /** The day by which somebody else has to look at it. */
    reviewDue: z.iso.datetime(),
  }),
  open: ['case', 'reviewDue'],
})
