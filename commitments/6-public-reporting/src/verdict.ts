import type { ObligationResult } from '@avouch/core/gate'
import type { ObligationGroup, ObligationRow } from '@avouch/ui'
import type { Report } from './report.ts'

/** The verdict's obligations as they stand with this report: what it answers by being published counts as answered. */
export function standing(report: Report): ObligationResult[] {
  return report.verdict.obligations.map((obligation) => {
    const next = report.onPublication.get(obligation.id)
    return next ? { ...next, why: `${next.why} This report is that evidence.`, evidence: [] } : obligation
  })
}

/** The obligations by commitment, in the order of their numbers; a company's own come last. */
export function groups(report: Report): ObligationGroup[] {
  const digests = new Map(report.notes.map(({ evidence }) => [evidence.id, evidence.digest]))
  const byNumber = new Map<number, ObligationRow[]>()
  for (const obligation of standing(report)) {
    const number = Number.parseInt(obligation.id, 10)
    const key = Number.isNaN(number) ? Number.POSITIVE_INFINITY : number
    byNumber.set(key, [...(byNumber.get(key) ?? []), row(obligation, digests)])
  }
  return [...byNumber]
    .sort(([a], [b]) => a - b)
    .map(([number, obligations]) => ({
      number,
      title: Number.isFinite(number)
        ? (report.commitments[number] ?? `Commitment ${number}`)
        : 'The company’s own',
      obligations,
    }))
}

function row(
  { id, title, status, why, due, evidence }: ObligationResult,
  digests: ReadonlyMap<string, string>,
): ObligationRow {
  const shown = evidence.flatMap((one) => digests.get(one) ?? [])
  return { id, title, status, why, due, evidence: [...new Set(shown)] }
}
