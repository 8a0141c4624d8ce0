import { parse } from 'yaml'
import { z } from 'zod'
import { readRate, reported } from '../campaign/correction.ts'
import { AvouchError } from '../errors.ts'
import { fieldAt } from '../evidence/statement.ts'
import { type EvidenceRecord, PREDICATE_BASE } from '../evidence/type.ts'

const thresholdSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  says: z.string().min(1),
  /** `red-teaming/campaign-result/v1` */
  evidence: z.string().regex(/^[a-z-]+\/[a-z-]+\/v\d+$/),
  /** JSON pointer of a number, or of an object with `value`, `low` and `high`. */
  figure: z.string().startsWith('/'),
  /** Which side of the interval counts; `value` ignores the interval and has to be asked for. */
  side: z.enum(['low', 'high', 'value']),
  atMost: z.number().optional(),
  atLeast: z.number().optional(),
})

export type Threshold = z.infer<typeof thresholdSchema>

const fileSchema = z.strictObject({
  thresholds: z
    .array(
      thresholdSchema.refine(
        (t) => (t.atMost === undefined) !== (t.atLeast === undefined),
        'name one of atMost and atLeast',
      ),
    )
    .max(500),
})

/** `unmeasured` closes the gate like `failed`: a rate nobody measured is not a rate that may ship. */
export type ThresholdResult = {
  id: string
  says: string
  status: 'passed' | 'failed' | 'unmeasured'
  measured: number | undefined
  /** Whether what was measured is a rate corrected for its graders' error. */
  corrected: boolean
  bound: number
  evidence: string[]
  /** Other evidence on what ships that holds the figure too, oldest first, and whether it would have passed. */
  beside: { evidence: string; measured: number | undefined; passes: boolean }[]
}

/** Reads a thresholds file (YAML). Throws `input` with what is wrong in it. */
export function parseThresholds(text: string, where: string): Threshold[] {
  let raw: unknown
  try {
    raw = parse(text, { maxAliasCount: 0 })
  } catch (error) {
    throw new AvouchError('input', `the thresholds file is no YAML: ${(error as Error).message}`, {
      where,
      cause: error,
    })
  }
  const parsed = fileSchema.safeParse(raw)
  if (!parsed.success)
    throw new AvouchError('input', `the thresholds file is wrong: ${z.prettifyError(parsed.error)}`, {
      where,
    })
  const ids = parsed.data.thresholds.map((t) => t.id)
  const twice = ids.find((id, i) => ids.indexOf(id) !== i)
  if (twice !== undefined) throw new AvouchError('input', `the threshold "${twice}" stands twice`, { where })
  return parsed.data.thresholds
}

/**
 * Holds each threshold against the widest applicable evidence of its kind, of those alike the newest: a later, smaller
 * measurement takes nothing away from what a larger one found. Every other one stands beside it. A rate is corrected for
 * its graders' error where one of `calibrations` tested them; both pieces of evidence are named then. Pure.
 */
export function checkThresholds(
  thresholds: Threshold[],
  applicable: EvidenceRecord[],
  calibrations: readonly EvidenceRecord[] = [],
): ThresholdResult[] {
  return thresholds.map((threshold) => {
    const records = applicable.filter(
      (r) =>
        r.predicateType === PREDICATE_BASE + threshold.evidence &&
        fieldAt(r.fields, threshold.figure) !== undefined,
    )
    const widest = records.reduce<EvidenceRecord | undefined>(
      (best, one) => (best && isWider(best, one, threshold.figure) ? best : one),
      undefined,
    )
    const { id, says } = threshold
    const bound = (threshold.atMost ?? threshold.atLeast)!
    const found = widest && measure(threshold, widest, calibrations)
    return {
      id,
      says,
      status:
        found?.measured === undefined
          ? 'unmeasured'
          : passes(threshold, found.measured)
            ? 'passed'
            : 'failed',
      measured: found?.measured,
      corrected: found?.calibration !== undefined,
      bound,
      evidence: [widest, found?.calibration].flatMap((one) => (one ? [one.id] : [])),
      beside: records
        .filter((record) => record !== widest)
        .map((record) => {
          const { measured } = measure(threshold, record, calibrations)
          return {
            evidence: record.id,
            measured,
            passes: measured !== undefined && passes(threshold, measured),
          }
        }),
    }
  })
}

/** What a record says of the threshold's figure, on the side that counts, and what corrected it. */
function measure(
  { figure, side }: Threshold,
  record: EvidenceRecord,
  calibrations: readonly EvidenceRecord[],
): { measured: number | undefined; calibration: EvidenceRecord | undefined } {
  const [, field = '', member, ...deeper] = figure.split('/')
  const rate =
    member !== undefined && deeper.length === 0 ? readRate(record, field, member, calibrations) : undefined
  return {
    measured: sideOf(rate ? reported(rate) : fieldAt(record.fields, figure), side),
    calibration: rate?.corrected?.calibration,
  }
}

function passes({ atMost, atLeast }: Threshold, measured: number): boolean {
  return atMost !== undefined ? measured <= atMost : measured >= atLeast!
}

/** Whether `a` rests on more than `b`: on more clusters, of as many on more trials, and else on more that was judged. */
function isWider(a: EvidenceRecord, b: EvidenceRecord, figure: string): boolean {
  const widths = WIDTHS.map((width) => width(a, figure) - width(b, figure))
  return (widths.find((difference) => difference !== 0) ?? 0) > 0
}

const WIDTHS = ['clusters', 'n']
  .map(
    (member) =>
      ({ fields }: EvidenceRecord, figure: string): number =>
        numberIn(fieldAt(fields, figure), member),
  )
  .concat(({ fields }) => numberIn(fields.ledger, 'graded'))

function numberIn(value: unknown, member: string): number {
  const found =
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[member] : undefined
  return typeof found === 'number' ? found : 0
}

function sideOf(figure: unknown, side: Threshold['side']): number | undefined {
  if (typeof figure === 'number') return side === 'value' ? figure : undefined
  if (typeof figure !== 'object' || figure === null) return undefined
  const value = (figure as Record<string, unknown>)[side]
  return typeof value === 'number' ? value : undefined
}
