import type { EvidenceRecord } from '@avouch/core/evidence'
import type { RuleContext } from '@avouch/core/obligation'

// written out, so that listing obligations loads no schema
export const ROBUSTNESS = 'https://avouch.dev/evidence/content-provenance/robustness/v1'
export const ROBUSTNESS_PLAN = 'https://avouch.dev/evidence/content-provenance/robustness-plan/v1'

/** After what a mark is to survive, this share must be read for it to count as robust: the interval's lower end. */
const ROBUST = 0.9

export type Robustness = {
  /** The newest run of our mark to its end, whatever came of it. */
  record: EvidenceRecord
  robust: boolean
  /** Marks read in unmarked files, and how many files were tried. */
  accepted: number
  unmarked: number
  /** What it came to, with its interval, as a clause. */
  said: string
}

/**
 * How well our watermark survives on pictures of half a megapixel and more, by the newest run that made every attack and was
 * completed. The mark is the same for every release, so it is measured for the company; runs for this release count too.
 */
export function robustnessOf({ evidence }: RuleContext): Robustness | undefined {
  const results = [...evidence(ROBUSTNESS), ...evidence(ROBUSTNESS, 'company')].sort(
    (one, other) => one.sequence - other.sequence,
  )
  const plans = evidence(ROBUSTNESS_PLAN).length + evidence(ROBUSTNESS_PLAN, 'company').length
  const record = newestTable(results)
  const rate = field(field(record && rowOf(record, 'large'), 'marked'), 'rate')
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
  return {
    record,
    robust: low >= ROBUST,
    accepted,
    unmarked,
    said: [
      `after the changes it is to survive the mark was read in ${percent(value)} (${percent(low)} to ${percent(high)}) of tries on ${clusters} ${clusters === 1 ? 'picture' : 'pictures'} of half a megapixel and more, and in ${accepted} of ${unmarked} tries on unmarked files`,
      ...(unresolved > 0 ? [`${unresolved} of ${plans} planned runs have no result`] : []),
    ].join('; '),
  }
}

/** The newest run that made every attack and was completed; rows may have been erased. */
export function newestTable(results: readonly EvidenceRecord[]): EvidenceRecord | undefined {
  return results.findLast(
    ({ fields }) => fields.state === 'completed' && fields.whole === true && Array.isArray(fields.rows),
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
