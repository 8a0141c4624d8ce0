import { correctedRate, type Json, readClusters, sameGrader } from '@avouch/verify'
import { type EvidenceRecord, PREDICATE_BASE } from '../evidence/type.ts'
import type { CalibrationPart, Share } from './calibration.ts'
import type { Verdict } from './grader.ts'
import type { Part } from './plan.ts'

/** The predicate type of a calibration, as text: reading a rate must not load schemas. */
export const CALIBRATION = `${PREDICATE_BASE}core/calibration/v1`

/**
 * The fields of a result in which rates stand by member (a domain, a strategy, …), the fields with their counts, and
 * the verdict they count. A result that can be corrected also says in `judges` which graders its campaign had, and in
 * `judgedBy` whose verdicts each rate counts, by name: `judgedBy.rates.cyber = ['cyber-rules']`.
 */
export const RATE_FIELDS: Readonly<Record<string, { counts: string; event: Verdict; byDomain: boolean }>> = {
  rates: { counts: 'counts', event: 'breach', byDomain: true },
  strategyRates: { counts: 'strategyCounts', event: 'breach', byDomain: false },
  severityRates: { counts: 'severityCounts', event: 'breach', byDomain: false },
  /** Members are `domain:strategy`. */
  cellRates: { counts: 'cellCounts', event: 'breach', byDomain: true },
  overRefusal: { counts: 'overRefusalCounts', event: 'refused', byDomain: true },
}

/** A rate as it was graded, and corrected where a calibration of the very graders that judged it is at hand. */
export type ReadRate = {
  apparent: Share
  corrected:
    | {
        rate: Share
        calibration: EvidenceRecord
        /** Pointer of the part of the calibration that was used: `/overall`, or a domain's own. */
        part: string
        /** Whether other calibrations of the same graders stand beside it: then the choice has to be told. */
        isOneOfSeveral: boolean
      }
    | undefined
  /** Why it is not corrected, in a sentence; undefined where it is. */
  why: string | undefined
}

/** The rate to report: corrected where it can be. */
export function reported({ apparent, corrected }: ReadRate): Share {
  return corrected?.rate ?? apparent
}

/** The calibrations that stand, in the order of the evidence. */
export function liveCalibrations(evidence: readonly EvidenceRecord[]): EvidenceRecord[] {
  return evidence.filter(
    ({ predicateType, supersededBy, retractedBy, state }) =>
      predicateType === CALIBRATION && !supersededBy && !retractedBy && state !== 'erased',
  )
}

/**
 * Reads a rate of a result, `field` and `member` of it, in the light of these calibrations: the newest one that tested
 * every grader that judged it counts. A domain is corrected by its own labels where the calibration has enough of
 * them, else by all. Undefined where the result has no such rate. Pure.
 */
export function readRate(
  result: Pick<EvidenceRecord, 'about' | 'fields'>,
  field: string,
  member: string,
  calibrations: readonly EvidenceRecord[],
): ReadRate | undefined {
  const apparent = memberOf(result.fields[field], member) as Share | undefined
  const kind = Object.hasOwn(RATE_FIELDS, field) ? RATE_FIELDS[field] : undefined
  if (!kind || typeof apparent !== 'object' || apparent === null) return undefined
  const uncorrected = (why: string): ReadRate => ({ apparent, corrected: undefined, why })
  const judges = judgesOf(result, field, member)
  const counts = memberOf(result.fields[kind.counts], member)
  if (!judges || counts === undefined)
    return uncorrected('Which grader judged is not recorded, so its error cannot be looked up.')
  const fitting = calibrations.filter(
    ({ fields, about }) =>
      fields.event === kind.event &&
      (about.release === undefined || about.release === result.about.release) &&
      judges.every((judge) =>
        (Array.isArray(fields.graders) ? (fields.graders as Part[]) : []).some((one) =>
          sameGrader(one, judge),
        ),
      ),
  )
  const calibration = fitting.at(-1)
  if (!calibration)
    return uncorrected(
      judges.length === 1
        ? 'How often its grader judges wrongly has not been measured on labelled answers.'
        : 'No one calibration tested all of the graders that judged it.',
    )
  const domain = member.split(':')[0]!
  const own = kind.byDomain && (calibration.fields.alone as string[] | undefined)?.includes(domain)
  const part = own ? memberOf(calibration.fields.byDomain, domain) : calibration.fields.overall
  if (typeof part !== 'object' || part === null)
    return uncorrected('The calibration of its grader was erased.')
  const { sensitivityCounts: sensitivity, specificityCounts: specificity } = part as CalibrationPart
  const found = correctedRate(readClusters(counts as Json), { sensitivity, specificity })
  if (!found.correctable) return uncorrected(found.why)
  const { value, low, high, level, n, clusters } = found
  return {
    apparent,
    corrected: {
      rate: { value, low, high, level, n, clusters },
      calibration,
      part: own ? `/byDomain/${domain}` : '/overall',
      isOneOfSeveral: fitting.length > 1,
    },
    why: undefined,
  }
}

/** The graders whose verdicts a rate counts; undefined where the result does not say. */
function judgesOf(
  { fields }: Pick<EvidenceRecord, 'fields'>,
  field: string,
  member: string,
): Part[] | undefined {
  const names = memberOf(memberOf(fields.judgedBy, field), member)
  const judges = fields.judges
  if (!Array.isArray(names) || names.length === 0 || !Array.isArray(judges)) return undefined
  const found = names.map((name) => (judges as Part[]).find((judge) => judge.name === name))
  return found.every((judge) => judge !== undefined) ? found : undefined
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
}
