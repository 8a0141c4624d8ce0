import { z } from 'zod'
import { defineEvidence } from '../evidence/type.ts'

/** A release as it is to ship: which snapshot, in which configuration, after which predecessor. */
export const releaseEvidence = defineEvidence('core/release/v1', {
  title: 'Release',
  schema: z.object({
    predecessor: z.string().optional(),
    /** The model name that the endpoint was asked for. */
    model: z.string(),
    adapter: z.string(),
  }),
  open: ['predecessor'],
})

/** The ship-or-hold decision. The verdict it was made on is committed to by digest. */
export const decisionEvidence = defineEvidence('core/decision/v1', {
  title: 'Decision',
  schema: z.object({
    decision: z.enum(['ship', 'hold']),
    reason: z.string().min(1).max(4000),
    /** SHA-256 (hex) of the verdict's canonical JSON. */
    verdict: z.string(),
    ready: z.boolean(),
    /** Obligations that were unmet and named by the person who decided all the same. */
    waivers: z.array(z.string()),
    /** `person` with an enrolled passkey's signature beside ours, or the command line's `local` principal. */
    decidedBy: z.enum(['person', 'local']),
  }),
  open: ['decision', 'verdict', 'ready', 'decidedBy'],
})

/** Closes the gate for a release at once. */
export const holdEvidence = defineEvidence('core/hold/v1', {
  title: 'Hold',
  schema: z.object({ reason: z.string().min(1).max(4000), spooled: z.string().optional() }),
})

/** Lifts a hold; counts only with the signatures of two people. */
export const holdLiftedEvidence = defineEvidence('core/hold-lifted/v1', {
  title: 'Hold lifted',
  schema: z.object({ hold: z.string(), reason: z.string().min(1).max(4000) }),
  open: ['hold'],
})

/** The company's thresholds, whole. The newest that is live counts. */
export const thresholdsEvidence = defineEvidence('core/thresholds/v1', {
  title: 'Thresholds',
  schema: z.object({ file: z.string(), digest: z.string() }),
  open: ['digest'],
})

/** A weakness that was found and is not yet mended; shown by the gate and, against the company, by the report. */
export const findingEvidence = defineEvidence('core/finding/v1', {
  title: 'Finding',
  schema: z.object({
    finding: z.string(),
    title: z.string(),
    severity: z.enum(['low', 'medium', 'high', 'critical']),
    domain: z.string(),
    /** The evidence it was seen in, by id. */
    source: z.string(),
    state: z.enum(['open', 'fixed', 'accepted']),
    events: z.number().int().nonnegative(),
    trials: z.number().int().positive(),
  }),
  open: ['severity', 'domain', 'state'],
})

/**
 * A decision that an obligation does not apply to this release, or that a law now covers it. Counts only with a person's
 * signature.
 */
export const exemptionEvidence = defineEvidence('core/exemption/v1', {
  title: 'Exemption',
  schema: z.object({
    obligation: z.string().regex(/^[a-z0-9-]+\.\d+$/),
    kind: z.enum(['exempt', 'superseded']),
    reason: z.string().min(1).max(4000),
  }),
  open: ['obligation', 'kind'],
})

/** Says why evidence about another snapshot or configuration holds for this release's. */
export const carryOverEvidence = defineEvidence('core/carry-over/v1', {
  title: 'Carry-over',
  schema: z.object({ evidence: z.array(z.string()), reason: z.string().min(1).max(4000) }),
  open: ['evidence'],
})
