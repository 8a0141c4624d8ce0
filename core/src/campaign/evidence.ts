import { z } from 'zod'
import { defineEvidence } from '../evidence/type.ts'
import { VERDICTS } from './grader.ts'

const hex = z.string().regex(/^[0-9a-f]{64}$/)
const part = z.object({ name: z.string(), version: z.string(), digest: z.string().optional() })

/** Where every planned item stands, as evidence holds it. */
export const ledgerSchema = z.object({
  planned: z.int().positive(),
  executed: z.int().nonnegative(),
  graded: z.int().nonnegative(),
  errored: z.int().nonnegative(),
  refusedByProvider: z.int().nonnegative(),
  notRun: z.int().nonnegative(),
  supersededErrors: z.int().nonnegative(),
})

/** Logged before a campaign's first call: what will be asked, by digest, so that no result can be chosen later. */
export const campaignPlan = defineEvidence('core/campaign-plan/v1', {
  title: 'Campaign plan',
  schema: z.object({
    campaign: z.uuid(),
    purpose: z.string(),
    items: z.int().positive(),
    planDigest: hex,
    targetModel: z.string(),
    adapter: z.string(),
    domains: z.array(z.string()),
    probes: z.array(z.object({ id: z.string(), digest: hex })),
    strategies: z.array(part),
    graders: z.array(part),
    worlds: z.array(part).optional(),
    /** Packs of probes that came sealed, by digest; `author` is the digest of the key that signed them. */
    sealedPacks: z.array(z.object({ digest: hex, domain: z.string(), author: hex })).optional(),
  }),
  open: ['campaign', 'purpose', 'items', 'planDigest', 'targetModel', 'sealedPacks'],
  each: ['probes'],
})

/** Logged when a campaign is given up: what was planned and never asked stays visible. */
export const campaignAbandoned = defineEvidence('core/campaign-abandoned/v1', {
  title: 'Campaign abandoned',
  schema: z.object({
    campaign: z.uuid(),
    purpose: z.string(),
    planDigest: hex,
    ledger: ledgerSchema,
    reason: z.string().min(1).max(2000),
  }),
  open: ['campaign', 'purpose', 'planDigest', 'ledger'],
})

/**
 * Logged when a run of a campaign stops before its end: how far it was. The next stop supersedes it; a campaign that is
 * never taken up again is then known by more than its plan.
 */
export const campaignStopped = defineEvidence('core/campaign-stopped/v1', {
  title: 'Campaign stopped',
  schema: z.object({ campaign: z.uuid(), purpose: z.string(), planDigest: hex, ledger: ledgerSchema }),
  open: ['campaign', 'purpose', 'planDigest', 'ledger'],
})

const count = z.int().nonnegative()
const clusters = z.array(z.tuple([count, count, count]))
const verdicts = z.enum(VERDICTS)
const share = z.object({
  value: z.number().min(0).max(1),
  low: z.number().min(0).max(1),
  high: z.number().min(0).max(1),
  level: z.number(),
  n: count,
  clusters: count,
})
const calibrationPart = z.object({
  cases: count,
  confusion: z.partialRecord(verdicts, z.partialRecord(verdicts, count)),
  sensitivity: share.nullable(),
  sensitivityCounts: clusters,
  specificity: share.nullable(),
  specificityCounts: clusters,
  ungradable: count,
  unlabelled: count,
  agreement: z
    .object({ alpha: z.number(), low: z.number().nullable(), high: z.number().nullable(), cases: count })
    .nullable(),
})

/**
 * How often graders judge as people do, on labelled cases that stay outside: the file is committed to by digest. Rates
 * that these very graders gave are corrected by it wherever they are read.
 */
export const calibrationEvidence = defineEvidence('core/calibration/v1', {
  title: 'Calibration of a grader',
  schema: z.object({
    /** What was asked to be calibrated: a grader, a family of them, or a tool. */
    grader: z.string(),
    /** The graders it holds for, and nothing else. */
    graders: z.array(part).min(1),
    /** The verdict that is looked for. A partial answer is not it. */
    event: verdicts,
    file: z.object({ name: z.string(), size: count, sha256: hex, rows: count }),
    /** Of the rows, those that repeat another to the letter and so count for nothing; absent where none does. */
    repeated: count.optional(),
    /** Whether our grader judged the answers here; otherwise the file brought its verdicts along. */
    gradedHere: z.boolean(),
    overall: calibrationPart,
    byDomain: z.record(z.string(), calibrationPart),
    /** Domains with enough labels of both kinds to be corrected by their own; others go by `overall`. */
    alone: z.array(z.string()),
    /** So many cases of each kind are enough. */
    minimum: count,
  }),
  open: ['grader', 'graders', 'event', 'gradedHere', 'alone', 'minimum'],
  each: ['byDomain'],
})

/** What `core/campaign` records. */
export const campaignEvidence = [campaignPlan, campaignAbandoned, campaignStopped, calibrationEvidence]
