import { defineEvidence } from '@avouch/core/evidence'
import { z } from 'zod'

const sentence = z.string().trim().min(1).max(2000)
const sentences = z.array(sentence).max(200)

/** A published report: its subject is the SHA-256 of the report file's covered bytes. */
export const reportEvidence = defineEvidence('public-reporting/report/v1', {
  title: 'Published report',
  schema: z.object({
    release: z.string(),
    format: z.literal('avouch-report/v1'),
    /** Obligations that its claims serve with figures, withheld parts or evidence. */
    cites: z.array(z.string()),
    /** Which of the sections that 6.3 asks for hold something. */
    sections: z.array(z.string()),
    figures: z.number().int().nonnegative(),
    withheld: z.number().int().nonnegative(),
    /** SHA-256 (hex) of the verdict's canonical JSON (RFC 8785). */
    verdict: z.string(),
  }),
  open: ['release', 'format', 'cites', 'sections', 'figures', 'withheld', 'verdict'],
})

/** What a company says of a release in its own words. Figures enter as `{{figure-id}}`, as in every claim. */
export const descriptionSchema = z.strictObject({
  capabilities: sentences,
  limitations: sentences,
  appropriateUse: sentences,
  inappropriateUse: sentences,
})
export type Description = z.infer<typeof descriptionSchema>

export const descriptionEvidence = defineEvidence('public-reporting/description/v1', {
  title: 'Description of the release',
  schema: descriptionSchema,
})
