import type { EvidenceRecord } from '@avouch/core/evidence'
import { z } from 'zod'
import { newestTable } from '../rules/robustness.ts'
import { MEDIUM_NAMES, type Medium, mediumOf, sizesOf, wordsOf } from './medium.ts'

/** Changes shown of those that marks survive worst. */
const WORST = 5

const rate = z.object({ value: z.number(), low: z.number(), high: z.number(), clusters: z.number() })
const row = z.object({
  system: z.string(),
  change: z.string(),
  size: z.string(),
  expected: z.string(),
  notRun: z.string().nullable(),
  marked: z.object({
    planned: z.number(),
    executed: z.number(),
    errored: z.number(),
    rate: rate.nullable(),
  }),
  unmarked: z.object({ executed: z.number(), accepted: z.number() }),
})
type Row = z.infer<typeof row>
type Rate = z.infer<typeof rate>

/** A change, and how many marks were read after it. */
export type ShownRow = Rate & { change: string; expected: string } & Pick<
    Row['marked'],
    'planned' | 'executed' | 'errored'
  >

/** How well marks survive in one medium, by its newest run. */
export type RobustnessView = {
  medium: Medium
  many: string
  /** `partial`: no run made every attack and was completed; the newest one is shown all the same. */
  state: 'measured' | 'partial' | 'never'
  evidence: string | null
  at: Date | null
  /** After all that marks are to survive, together, in files of the size that is promised; null where there were none. */
  expected: (Rate & { size: string }) | null
  unmarked: { executed: number; accepted: number } | null
  /** The changes that fewest marks were read after, worst first; such that took no mark away are left out. */
  worst: ShownRow[]
  notRun: { change: string; why: string }[]
  /** Runs that were planned and have no result. */
  unresolved: number
}

/** One view for each medium. Results and plans oldest first, taken back or superseded ones left out. Pure. */
export function robustnessViews(
  results: readonly EvidenceRecord[],
  plans: readonly EvidenceRecord[],
): RobustnessView[] {
  const resolved = new Set(results.map(({ fields }) => fields.plan))
  return MEDIUM_NAMES.map((medium) => {
    const whole = newestTable(results, medium)
    const record = whole ?? results.findLast(({ fields }) => mediumOf(fields) === medium)
    const unresolved = plans.filter(({ id, fields }) => mediumOf(fields) === medium && !resolved.has(id))
    const rows = rowsOf(record)
    const [promised] = sizesOf(medium)
    const main = rows.find(({ change, size }) => change === 'expected' && size === promised)?.marked.rate
    const clean = rows.find(({ change, size }) => change === 'expected' && size === 'all')?.unmarked
    const single = rows.filter(({ change, size }) => change !== 'expected' && size === 'all')
    return {
      ...{ medium, many: wordsOf(medium).many },
      state: whole ? 'measured' : record ? 'partial' : 'never',
      ...{ evidence: record?.id ?? null, at: record?.recordedAt ?? null },
      expected: main ? { ...main, size: wordsOf(medium).sizes[promised!]!.long } : null,
      unmarked: clean ?? null,
      worst: single
        .flatMap(({ change, expected, notRun, marked: { rate: found, planned, executed, errored } }) =>
          found && notRun === null ? [{ ...found, change, expected, planned, executed, errored }] : [],
        )
        .filter(({ value }) => value < 1)
        .sort((one, other) => one.value - other.value || one.low - other.low)
        .slice(0, WORST),
      notRun: single.flatMap(({ change, notRun }) => (notRun === null ? [] : [{ change, why: notRun }])),
      unresolved: unresolved.length,
    }
  })
}

/** Our own marks' rows; any may have been erased. */
function rowsOf(record: EvidenceRecord | undefined): Row[] {
  const rows: unknown = record?.fields.rows
  if (!Array.isArray(rows)) return []
  return rows.flatMap((one) => {
    const read = row.safeParse(one)
    return read.success && read.data.system === 'ours' ? [read.data] : []
  })
}
