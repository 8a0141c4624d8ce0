import { defineEvidence } from '@avouch/core/evidence'
import { z } from 'zod'

const count = z.int().nonnegative()
const name = z.string().min(1).max(100)
const share = z.number().min(0).max(1)

/** By pixels, rounded to hundredths of a megapixel: 0.5 and more, 0.25 and more, less. */
export const SIZES = ['large', 'quarter', 'small'] as const
export type Size = (typeof SIZES)[number]
const size = z.enum(SIZES)
const bySize = z.object({ large: count, quarter: count, small: count })

/** Ours, or another's marker and detector that are tried beside it. */
const system = z.enum(['ours', 'rival'])
export type SystemName = z.infer<typeof system>

const plan = {
  exercise: z.uuid(),
  /** Our watermark, and the rules by which pictures are attacked. */
  algorithm: name,
  attacks: name,
  changes: z.array(name).max(200),
  schemes: z.array(name).max(50),
  /** Every attack of these rules, rather than some that were picked. */
  whole: z.boolean(),
  systems: z.array(system).min(1).max(2),
  /** Everything that is drawn follows from it, save content ids and where a mark's pattern begins. */
  seed: z.string().min(1).max(100),
  /** SHA-256 over the sorted SHA-256 of the files, in hex: which pictures, without a name. */
  pictures: z.string().regex(/^[0-9a-f]{64}$/),
  unmarked: z.string().regex(/^[0-9a-f]{64}$/),
  /** Pictures to be marked, and files that were never marked, which tell how often a mark is read where none is. */
  sizes: bySize,
  unmarkedSizes: bySize,
  /** Files of the folders that could not be read as pictures and were left out. */
  unreadable: count,
}

/** Logged before the first picture is marked, so that no table that came out badly can be left away. */
export const robustnessPlan = defineEvidence('content-provenance/robustness-plan/v1', {
  title: 'Robustness of marks: plan',
  schema: z.object(plan),
  open: [
    ...(['exercise', 'algorithm', 'attacks', 'changes', 'schemes', 'whole', 'systems'] as const),
    ...(['seed', 'pictures', 'unmarked', 'sizes', 'unmarkedSizes', 'unreadable'] as const),
  ],
})
export type RobustnessPlan = z.infer<typeof robustnessPlan.schema>

const rate = z.object({ value: share, low: share, high: share, level: share, n: count, clusters: count })
/** `[events, trials, times]`: a picture is a cluster. */
const counts = z.array(z.tuple([count, count, count])).max(2_000)

const tried = {
  planned: count,
  executed: count,
  errored: count,
  /** Null where nothing was executed: not run is no rate of 0. */
  rate: rate.nullable(),
  counts,
}

const row = z.object({
  system,
  /** A change, or `expected` for all that marks are to survive, together. */
  change: name,
  /** A size, or `all`. */
  size: z.union([size, z.literal('all')]),
  expected: z.enum(['survives', 'may be lost', 'is lost']),
  /** Why it was not run, where it cannot be. */
  notRun: z.string().max(500).nullable(),
  /** Marked pictures, and of how many the mark was read rightly. */
  marked: z.object({ ...tried, found: count, bitErrors: z.number().nonnegative().nullable() }),
  /** Pictures in which a mark was read that was never put there: marked ones read wrongly, and unmarked ones. */
  misread: count,
  unmarked: z.object({ ...tried, accepted: count }),
})
export type Row = z.infer<typeof row>

const quality = z.object({
  system,
  size: z.union([size, z.literal('all')]),
  /** Marked, refused as too small or too plain, and failed: together with those not reached, all pictures. */
  marked: count,
  refused: count,
  errored: count,
  psnr: z.object({ mean: z.number(), least: z.number() }).nullable(),
  ssim: z.object({ mean: z.number(), least: z.number() }).nullable(),
})
export type QualityRow = z.infer<typeof quality>

const scheme = z.object({
  scheme: name,
  kind: z.enum(['forgery', 'removal']),
  expected: z.enum(['fails', 'may succeed']),
  ...tried,
  /** Attempts after which a mark was read at all; a forgery may still be told by the register's fingerprint. */
  read: count,
  succeeded: count,
  notRun: z.string().max(500).nullable(),
})
export type SchemeRow = z.infer<typeof scheme>

/** What came of it, whatever it is. */
export const robustnessResult = defineEvidence('content-provenance/robustness/v1', {
  title: 'Robustness of marks',
  schema: z.object({
    ...plan,
    /** Id of the plan's evidence. */
    plan: z.uuid(),
    /** `abandoned`: stopped before all that was planned was executed. */
    state: z.enum(['completed', 'abandoned']),
    rows: z.array(row).max(2_000),
    quality: z.array(quality).max(8),
    schemesTried: z.array(scheme).max(50),
  }),
  open: ['exercise', 'plan', 'algorithm', 'attacks', 'whole', 'systems', 'state', 'sizes', 'unmarkedSizes'],
  each: ['rows', 'quality', 'schemesTried'],
})

export const robustnessEvidence = [robustnessPlan, robustnessResult]
