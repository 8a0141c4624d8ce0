import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Claim, Claims } from '@avouch/core/gate'

const DESCRIPTION = 'https://avouch.dev/evidence/public-reporting/description/v1'

/** The company's own words about the release, section by section; no figures of their own. */
export const claims: Claims = (evidence, release) => {
  const record = evidence.findLast(
    (one) =>
      one.predicateType === DESCRIPTION &&
      one.about.release === release &&
      one.state === 'logged' &&
      one.supersededBy === undefined &&
      one.retractedBy === undefined,
  )
  if (!record) return []
  return [
    claim(record, 'capabilities', 'What it can do', 'capabilities'),
    claim(record, 'limitations', 'Where it fails', 'limitations'),
    claim(record, 'domains-of-use', 'Appropriate use', 'appropriateUse'),
    claim(record, 'domains-of-use', 'Inappropriate use', 'inappropriateUse'),
  ].filter((one) => one.prose.length > 0)
}

function claim(record: EvidenceRecord, section: Claim['section'], title: string, field: string): Claim {
  const sentences = record.fields[field]
  return {
    section,
    title,
    serves: ['6.3'],
    prose: Array.isArray(sentences) ? sentences.filter((one): one is string => typeof one === 'string') : [],
    figures: [],
    evidence: [{ evidence: record.digest, pointers: [`/${field}`] }],
  }
}
