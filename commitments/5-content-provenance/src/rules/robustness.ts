import type { EvidenceRecord } from '@avouch/core/evidence'
import type { RuleContext } from '@avouch/core/obligation'
import { type Medium, mediumOf, sizesOf, wordsOf } from '../robustness/medium.ts'

// written out, so that listing obligations loads no schema
export const ROBUSTNESS = 'https://avouch.dev/evidence/content-provenance/robustness/v1'
export const ROBUSTNESS_PLAN = 'https://avouch.dev/evidence/content-provenance/robustness-plan/v1'

/** After what a mark is to survive, this share must be read for it to count as robust: the interval's lower end. */
const ROBUST = 0.9

/** Of fewer marked files than this an error rate says next to nothing, whatever it is. */
const ENOUGH_FILES = 10

export type Robustness = {
  /** The newest run of our mark to its end, whatever came of it. */
  record: EvidenceRecord
  robust: boolean
  /** Whether it was measured on enough files to be called a rate. */
  enough: boolean
  /** Marks read in unmarked files, and how many files were tried. */
  accepted: number
  unmarked: number
  /** What it came to, with its interval, as a clause. */
  said: string
}

/**
 * How well our watermark survives in this medium, in files of the size that is promised, by the newest run that made every
 * attack and was completed. The mark is the same for every release, so it is measured for the company; runs for this
 * release count too.
 */
export function robustnessOf({ evidence }: RuleContext, medium: Medium): Robustness | undefined {
  const of = (type: string): EvidenceRecord[] =>
    [...evidence(type), ...evidence(type, 'company')].filter(({ fields }) => mediumOf(fields) === medium)
  const results = of(ROBUSTNESS).sort((one, other) => one.sequence - other.sequence)
  const plans = of(ROBUSTNESS_PLAN).length
  const record = newestTable(results, medium)
  const [promised] = sizesOf(medium)
  const rate = field(field(record && rowOf(record, promised!), 'marked'), 'rate')
  const [value, low, high, clusters] = ['value', 'low', 'high', 'clusters'].map((name) => field(rate, name))
  if (
    record === undefined ||
    typeof value !== 'number' ||
    typeof low !== 'number' ||
    typeof high !== 'number'
  )
    return undefined
  const clean = field(rowOf(record, 'all'), 'unmarked')
  const unmarked = Number(field(clean, 'executed') ?? 0)
  const accepted = Number(field(clean, 'accepted') ?? 0)
  const unresolved = plans - new Set(results.map(({ fields }) => fields.plan)).size
  const notRun = notRunOf(record)
  const { one, many, sizes } = wordsOf(medium)
  return {
    record,
    robust: low >= ROBUST && notRun.length === 0,
    enough: Number(clusters) >= ENOUGH_FILES,
    accepted,
    unmarked,
    said: [
      `after the changes it is to survive the mark was read in ${percent(value)} (${percent(low)} to ${percent(high)}) of tries on ${clusters} ${clusters === 1 ? one : many} ${sizes[promised!]!.long}, and in ${accepted} of ${unmarked} tries on unmarked files`,
      ...(Number(clusters) < ENOUGH_FILES ? [`${ENOUGH_FILES} ${many} are the fewest that show a rate`] : []),
      ...(notRun.length > 0 ? [`not run: ${notRun.join(', ')}`] : []),
      ...(unresolved > 0 ? [`${unresolved} of ${plans} planned runs have no result`] : []),
    ].join('; '),
  }
}

/** Changes that a mark is to survive and that were not made, for want of a program. */
function notRunOf({ fields }: EvidenceRecord): string[] {
  return (fields.rows as unknown[])
    .filter(
      (one) =>
        field(one, 'system') === 'ours' &&
        field(one, 'size') === 'all' &&
        field(one, 'expected') === 'survives' &&
        typeof field(one, 'notRun') === 'string',
    )
    .map((one) => String(field(one, 'change')))
}

/** The newest run in a medium that made every attack and was completed; rows may have been erased. */
export function newestTable(results: readonly EvidenceRecord[], medium: Medium): EvidenceRecord | undefined {
  return results.findLast(
    ({ fields }) =>
      mediumOf(fields) === medium &&
      fields.state === 'completed' &&
      fields.whole === true &&
      Array.isArray(fields.rows),
  )
}

/** All changes together that our marks are to survive. */
function rowOf({ fields }: EvidenceRecord, size: string): unknown {
  return (fields.rows as unknown[]).find(
    (one) =>
      field(one, 'system') === 'ours' && field(one, 'change') === 'expected' && field(one, 'size') === size,
  )
}

/** A rate that is not whole is not rounded to one that is. */
function percent(share: number): string {
  return `${(share < 1 ? Math.min(99.9, share * 100) : 100).toFixed(1)} %`
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
