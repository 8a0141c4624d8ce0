import { createHash } from 'node:crypto'
import {
  CalibrationCounts,
  type calibrationEvidence,
  DOMAIN_MINIMUM,
  isEnoughAlone,
} from '@avouch/core/campaign'
import { AvouchError } from '@avouch/core/errors'
import type { z } from 'zod'
import type { Domain } from '../domain.ts'
import type { Source } from '../imported.ts'
import { completed, knownProbes, verdictFor } from './judging.ts'
import { hashed, type LabelRow, labelRows } from './labels.ts'
import type { Tested } from './tested.ts'

export type CalibrationFields = z.infer<typeof calibrationEvidence.schema>

/** Rows that are judged at once: a judge model has to be waited for. */
const AT_ONCE = 16

/**
 * Reads labelled cases, has them judged, and adds up how often grader and label agree. Rows are held in memory one at a
 * time and kept nowhere; the file is committed to by digest. Throws `input` where there is not one case of each kind
 * that could be judged.
 */
export async function calibrate(
  source: Source,
  tested: Tested,
  options: { domain?: Domain | undefined; signal: AbortSignal; progress?: (rows: number) => void },
): Promise<CalibrationFields> {
  const read = hashed(source)
  const probes = await knownProbes()
  const counts = new CalibrationCounts(tested.event)
  let rows = 0
  let repeated = 0
  const seen = new Set<string>()
  const judge = async (given: LabelRow): Promise<void> => {
    const row = completed(given, probes)
    const domain = row.domain ?? options.domain
    const verdict = await verdictFor({ ...row, domain }, tested, options.signal)
    counts.add({ label: row.label, verdict, domain, cluster: row.cluster })
    rows++
    if (rows % 100 === 0) options.progress?.(rows)
  }
  const judging = new Set<Promise<void>>()
  let failure: unknown
  for await (const row of labelRows(read, tested.event)) {
    options.signal.throwIfAborted()
    if (repeats(row, seen)) {
      repeated++
      continue
    }
    const one = judge(row)
      .catch((error: unknown) => {
        failure ??= error
      })
      .finally(() => judging.delete(one))
    judging.add(one)
    if (judging.size >= AT_ONCE) await Promise.race(judging)
    if (failure !== undefined) break
  }
  await Promise.all(judging)
  if (failure !== undefined) throw failure
  if (rows === 0) throw tooFew(source, tested, 'There is no row in the file')
  const { overall, byDomain } = counts.calibration()
  if (!overall.sensitivity)
    throw tooFew(
      source,
      tested,
      `Not one case labelled ${inWords(tested)} could be judged: sensitivity cannot be told`,
    )
  if (!overall.specificity)
    throw tooFew(
      source,
      tested,
      `Not one case labelled other than ${inWords(tested)} could be judged: specificity cannot be told`,
    )
  return {
    grader: tested.name,
    graders: tested.graders,
    event: tested.event,
    file: { name: source.name, size: source.size, sha256: read.digest(), rows: rows + repeated },
    ...(repeated > 0 && { repeated }),
    gradedHere: tested.graderFor !== undefined,
    overall: withTimes(overall),
    byDomain: Object.fromEntries(Object.entries(byDomain).map(([domain, part]) => [domain, withTimes(part)])),
    alone: Object.entries(byDomain).flatMap(([domain, part]) => (isEnoughAlone(part) ? [domain] : [])),
    minimum: DOMAIN_MINIMUM,
  }
}

/**
 * Whether a row is one that stood in the file before: the same answer once more tells nothing more of a grader, and would
 * only make the interval narrower. Rows without an answer are told apart by nothing, and so all count.
 */
function repeats({ where: _, ...row }: LabelRow, seen: Set<string>): boolean {
  if (row.answer === undefined) return false
  const digest = createHash('sha256').update(JSON.stringify(row)).digest('base64')
  if (seen.has(digest)) return true
  seen.add(digest)
  return false
}

/** What is looked for, in a word. */
function inWords({ event }: Tested): string {
  return event === 'breach' ? 'a breach' : 'refused'
}

function tooFew(source: Source, tested: Tested, what: string): AvouchError {
  return new AvouchError('input', what, {
    where: source.name,
    fix: `Label cases of both kinds, some ${inWords(tested)} and some not; ${DOMAIN_MINIMUM} of each in a domain let it be corrected by its own. Nothing was recorded.`,
  })
}

type Part = ReturnType<CalibrationCounts['calibration']>['overall']

function withTimes(part: Part): CalibrationFields['overall'] {
  const triples = (counts: Part['sensitivityCounts']): [number, number, number][] =>
    counts.map(([right, of, times = 1]) => [right, of, times])
  return {
    ...part,
    sensitivityCounts: triples(part.sensitivityCounts),
    specificityCounts: triples(part.specificityCounts),
  }
}
