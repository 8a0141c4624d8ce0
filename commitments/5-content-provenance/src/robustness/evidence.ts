import { defineEvidence } from '@avouch/core/evidence'
import { z } from 'zod'
import { MEDIUM_NAMES, SIZES } from './medium.ts'

const count = z.int().nonnegative()
const name = z.string().min(1).max(100)
const share = z.number().min(0).max(1)

const size = z.enum(SIZES)
/** How many files of each size; those of other media are absent. */
const bySize = z.partialRecord(size, count)

/** Ours, or another's marker and detector that are tried beside it. */
const system = z.enum(['ours', 'rival'])
export type SystemName = z.infer<typeof system>

const plan = {
  exercise: z.uuid(),
  /** What marks are tried in; absent in the first tables, which were of pictures. One exercise has one medium. */
  medium: z.enum(MEDIUM_NAMES).optional(),
  /** Our watermark, and the rules by which files are attacked. */
  algorithm: name,
  attacks: name,
  changes: z.array(name).max(200),
  schemes: z.array(name).max(50),
  /** Every attack of these rules, rather than some that were picked. */
  whole: z.boolean(),
  systems: z.array(system).min(1).max(2),
  /** Everything that is drawn follows from it, save content ids and where a mark's pattern begins. */
  seed: z.string().min(1).max(100),
  /** SHA-256 over the sorted SHA-256 of the files, of whatever medium, in hex: which they are, without a name. */
  pictures: z.string().regex(/^[0-9a-f]{64}$/),
  unmarked: z.string().regex(/^[0-9a-f]{64}$/),
  /** Files to be marked, and files that were never marked, which tell how often a mark is read where none is. */
  sizes: bySize,
  unmarkedSizes: bySize,
  /** Files of the folders that could not be read as their medium and were left out. */
  unreadable: count,
}

/** Logged before the first file is marked, so that no table that came out badly can be left away. */
export const robustnessPlan = defineEvidence('content-provenance/robustness-plan/v1', {
  title: 'Robustness of marks: plan',
  schema: z.object(plan),
  open: [
    ...(['exercise', 'medium', 'algorithm', 'attacks', 'changes', 'schemes', 'whole', 'systems'] as const),
    ...(['seed', 'pictures', 'unmarked', 'sizes', 'unmarkedSizes', 'unreadable'] as const),
  ],
})
export type RobustnessPlan = z.infer<typeof robustnessPlan.schema>

const rate = z.object({ value: share, low: share, high: share, level: share, n: count, clusters: count })
/** `[events, trials, times]`: a file is a cluster. */
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
  /** Marked files, and of how many the mark was read rightly. */
  marked: z.object({ ...tried, found: count, bitErrors: z.number().nonnegative().nullable() }),
  /** Files in which a mark was read that was never put there: marked ones read wrongly, and unmarked ones. */
  misread: count,
  unmarked: z.object({ ...tried, accepted: count }),
})
export type Row = z.infer<typeof row>

const measured = z.object({ mean: z.number(), least: z.number() }).nullable()

const quality = z.object({
  system,
  size: z.union([size, z.literal('all')]),
  /** Marked, refused as too small or too plain, and failed: together with those not reached, all files. */
  marked: count,
  refused: count,
  errored: count,
  /** Null where it is no measure of the medium, or nothing was marked. */
  psnr: measured,
  ssim: measured,
  /** Absent in the first tables. */
  snr: measured.optional(),
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
  open: [
    'exercise',
    'medium',
    'plan',
    'algorithm',
    'attacks',
    'whole',
    'systems',
    'state',
    'sizes',
    'unmarkedSizes',
  ],
  each: ['rows', 'quality', 'schemesTried'],
})

export type RobustnessResult = z.infer<typeof robustnessResult.schema>

export const robustnessEvidence = [robustnessPlan, robustnessResult]
