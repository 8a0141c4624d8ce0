import { defineEvidence } from '@avouch/core/evidence'
import { z } from 'zod'

const at = z.iso.datetime()
const count = z.int().min(0)
const words = z.string().trim().min(1).max(2000)

/** A review of everyone's access has begun: whom it has to look at, until when. */
export const reviewOpenedEvidence = defineEvidence('weight-security/review-opened/v1', {
  title: 'Access review begun',
  schema: z.object({ review: z.uuid(), people: z.array(z.uuid()).max(20_000), due: at }),
  open: ['review', 'due'],
})

/** Somebody decided, person by person, who keeps access. `left` counts those who are then still undecided. */
const ofAccess = z.object({
  kind: z.literal('access'),
  review: z.uuid(),
  decisions: z
    .array(z.object({ person: z.uuid(), decision: z.enum(['keep', 'remove']), words }))
    .min(1)
    .max(500),
  left: count,
})

/** Somebody looked at a broken glass. */
const ofBreakGlass = z.object({
  kind: z.literal('break-glass'),
  case: z.uuid(),
  outcome: z.enum(['justified', 'not-justified']),
  words,
})

/** A review, signed by who made it. */
export const reviewEvidence = defineEvidence('weight-security/review/v1', {
  title: 'Access reviewed',
  schema: z.discriminatedUnion('kind', [ofAccess, ofBreakGlass]),
  open: ['kind'],
})
