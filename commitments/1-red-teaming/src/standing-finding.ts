import type { Draft, EvidenceRecord } from '@avouch/core/evidence'
import { findingEvidence } from '@avouch/core/gate'
import { SEVERITIES, type Severity } from './probe.ts'

/** A weakness as it was found now, before it is recorded. */
export type FoundNow = {
  finding: string
  title: string
  severity: Severity
  domain: string
  /** Id of the evidence it was seen in. */
  source: string
  events: number
  trials: number
}

/**
 * What is found again takes the place of the finding that stands open, and never makes it look milder: of two severities
 * the graver stays, with the title it was given then. Otherwise a pack of the company's own that names a behaviour as
 * another does would have a critical finding replaced by a small one. `open` are findings of the release. Pure.
 */
export function standingFinding(
  found: FoundNow,
  open: readonly EvidenceRecord[],
  about: EvidenceRecord['about'],
): Draft<Record<string, unknown>> {
  const earlier = open.filter(
    ({ fields }) => fields.finding === found.finding && fields.domain === found.domain,
  )
  const last = earlier.at(-1)
  const graver = last && rank(last.fields.severity) > rank(found.severity) ? last : undefined
  return {
    type: findingEvidence,
    about,
    fields: {
      ...found,
      ...(graver && { severity: graver.fields.severity, title: graver.fields.title ?? found.title }),
      state: 'open',
    },
    ...(last && { supersedes: last.id }),
  } as Draft<Record<string, unknown>>
}

/** Findings of ours and of others that stand open, oldest first. */
export function openAmong(records: readonly EvidenceRecord[]): EvidenceRecord[] {
  return records.filter(
    ({ supersededBy, retractedBy, fields }) => !supersededBy && !retractedBy && fields.state === 'open',
  )
}

function rank(severity: unknown): number {
  return SEVERITIES.indexOf(severity as Severity)
}
