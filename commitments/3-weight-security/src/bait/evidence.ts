import { defineEvidence } from '@avouch/core/evidence'
import { z } from 'zod'
import { BAIT_KINDS } from '../detection/bait.ts'

/** Bait was placed, or taken away. What it is stays unsaid: bait that is known catches nobody. */
export const baitEvidence = defineEvidence('weight-security/bait/v1', {
  title: 'Bait for insiders',
  schema: z.object({
    bait: z.uuid(),
    kind: z.enum(BAIT_KINDS),
    /** SHA-256 of its id, a line feed and its value: whoever knows the value can tell that it was placed then. */
    digest: z.string().regex(/^[0-9a-f]{64}$/),
    state: z.enum(['placed', 'removed']),
  }),
  open: ['bait', 'kind', 'state'],
})
