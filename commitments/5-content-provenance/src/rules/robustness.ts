import type { EvidenceRecord } from '@avouch/core/evidence'
import type { RuleContext } from '@avouch/core/obligation'

// written out, so that listing obligations loads no schema
export const ROBUSTNESS = 'https://avouch.dev/evidence/content-provenance/robustness/v1'

/** Of what a mark is to survive, this share must be read for it to count as robust. */
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
 * How well our watermark survives, by the newest run that was completed. The mark is the same for every release, so it is
 * measured for the company; runs for this release count too.
 */
export function robustnessOf({ evidence }: RuleContext): Robustness | undefined {
  const records = [...evidence(ROBUSTNESS), ...evidence(ROBUSTNESS, 'company')].sort(
    (one, other) => one.sequence - other.sequence,
  )
  const completed = records.filter(({ fields }) => fields.state === 'completed')
  for (const record of completed.reverse()) {
    const rows = Array.isArray(record.fields.rows) ? record.fields.rows : []
    const row = rows.find(
      (one: unknown) =>
        field(one, 'system') === 'ours' &&
        field(one, 'change') === 'expected' &&
        field(one, 'size') === 'all',
    )
    const rate = field(field(row, 'marked'), 'rate')
    const [value, low, high, n] = ['value', 'low', 'high', 'n'].map((name) => field(rate, name))
    if (typeof value !== 'number' || typeof low !== 'number' || typeof high !== 'number') continue
    const unmarked = Number(field(field(row, 'unmarked'), 'executed') ?? 0)
    const accepted = Number(field(field(row, 'unmarked'), 'accepted') ?? 0)
    const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
    return {
      record,
      robust: value >= ROBUST,
      accepted,
      unmarked,
      said: `after the changes it is to survive the mark was read in ${percent(value)} (${percent(low)} to ${percent(high)}) of ${n} tries, and in ${accepted} of ${unmarked} unmarked files`,
    }
  }
  return undefined
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
