import { defineEvidence } from '@avouch/core/evidence'
import { z } from 'zod'
import { DOMAINS } from '../domain.ts'
import { independenceSchema, NAMINGS } from './expert.ts'

/** That somebody from outside was asked to test a release, and within which bounds. Names nobody. */
export const invitationEvidence = defineEvidence('red-teaming/invitation/v1', {
  title: 'Invitation of an expert',
  schema: z.object({
    invitation: z.uuid(),
    expert: z.uuid(),
    domains: z.array(z.enum(DOMAINS)),
    /** Whether the expert may set a system prompt. */
    systemPrompt: z.boolean(),
    /** Simulated worlds and scenarios that the model may act in, such as `office:standard`; absent where none. */
    worlds: z.array(z.string()).optional(),
    hoursAgreed: z.number().nonnegative(),
    endsAt: z.iso.datetime(),
    /** The model that is asked, and SHA-256 (hex) of the canonical JSON of how it is reached. */
    model: z.string(),
    targetDigest: z.string(),
    /** Whether this tells of an invitation that was ended before its time. */
    endedEarly: z.boolean(),
  }),
  open: ['invitation', 'expert', 'domains', 'endsAt', 'endedEarly'],
})

/** Who an expert is and what ties they have, in their own words and under their own passkey. */
export const expertEvidence = defineEvidence('red-teaming/expert/v1', {
  title: 'Record of an expert',
  schema: z.object({
    expert: z.uuid(),
    named: z.enum(NAMINGS),
    pseudonym: z.string().optional(),
    name: z.string().optional(),
    domains: z.array(z.enum(DOMAINS)),
    field: z.string(),
    affiliation: z.string(),
    years: z.number(),
    independence: independenceSchema,
    conflicts: z.string(),
    /** What follows from `independence`: not employed by the company now or in the past year, and no stake in it. */
    independent: z.boolean(),
  }),
  open: ['expert', 'named', 'pseudonym', 'domains', 'independent'],
})
