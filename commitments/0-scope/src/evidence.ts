import { ledgerSchema } from '@avouch/core/campaign'
import { defineEvidence } from '@avouch/core/evidence'
import { z } from 'zod'

const name = z.string().min(1).max(200)
const probability = z.number().min(0).max(1)
const difference = z.object({
  value: z.number(),
  low: z.number(),
  high: z.number(),
  level: z.number().gt(0).lt(1),
  /** Shared benchmarks: the unit of resampling. */
  n: z.number().int().positive(),
})

const fields = z.object({
  release: name,
  /** Of the comparison with the most capable released model. Undecided counts as in scope. */
  decision: z.enum(['in', 'out', 'undecided']),
  inScope: z.boolean(),
  /** The decision in a sentence, with the figures it rests on. */
  reason: z.string().min(1).max(2000),
  decidedBy: z.literal('released'),
  /** The most capable released model and the most capable produced at all; null where none was named. */
  baselines: z.object({ released: name.nullable(), produced: name.nullable() }),
  /** Ability of the release less that of the released baseline; null where too little is shared. */
  delta: difference.nullable(),
  /** P(ΔC > 0) against the released baseline. */
  probability: probability.nullable(),
  producedDelta: difference.nullable(),
  producedProbability: probability.nullable(),
  /** All models on the scale where the released baseline is 0. */
  abilities: z.array(difference.extend({ model: name })).max(200),
  /** The fitted curve of each shared benchmark. */
  benchmarks: z
    .array(
      z.object({
        benchmark: name,
        domain: name,
        difficulty: z.number(),
        discrimination: z.number().positive(),
      }),
    )
    .max(1_000),
  benchmarkCount: z.number().int().nonnegative(),
  domains: z.array(name).max(1_000),
  /** Shared benchmarks at the ceiling or floor for both. */
  saturated: z.number().int().nonnegative(),
  /** SHA-256 (hex) of the scores, whatever their order or format. */
  benchmarksDigest: z.string().regex(/^[0-9a-f]{64}$/),
  seed: z.number().int(),
  resamples: z.number().int().positive(),
  method: z.literal('2pl-benchmark-bootstrap/v1'),
  /** `file`: scores given by the company. `measured`: the models were asked. */
  source: z.enum(['file', 'measured']),
  /** Ids of the item answers it rests on; empty where the scores were given. */
  measuredIn: z.array(z.uuid()).max(10),
})

/** The fields of a capability comparison. Abilities are logits at a discrimination of 1. */
export type CapabilityComparison = z.infer<typeof fields>

/** Is this release more able than the company's most able models? Decision and method stand in the clear, figures sealed. */
export const capabilityComparison = defineEvidence('scope/capability-comparison/v1', {
  title: 'Capability comparison',
  schema: fields,
  open: ['decision', 'method', 'benchmarksDigest'],
})

const answers = z.object({
  campaign: z.uuid(),
  model: name,
  itemsDigest: z.string().regex(/^[0-9a-f]{64}$/),
  ledger: ledgerSchema,
  /** Per benchmark: items answered, and how many of them rightly. No answer counts as neither. */
  benchmarks: z
    .array(
      z.object({
        benchmark: name,
        domain: name,
        right: z.number().int().nonnegative(),
        answered: z.number().int().nonnegative(),
      }),
    )
    .max(1_000),
})

/** One model's answers to frozen items, summed up; single answers lie in the campaign's tree. */
export type ItemAnswers = z.infer<typeof answers>

/** The result of asking a model the frozen items of shared benchmarks. */
export const itemAnswers = defineEvidence('scope/item-answers/v1', {
  title: 'Answers to frozen items',
  schema: answers,
  open: ['campaign', 'itemsDigest'],
})

export { scopeOf } from './obligations.ts'
