import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Answer, RuleContext } from '@avouch/core/obligation'
import { counted } from '@avouch/core/words'
import { FIELD_NAMES, FIELDS, type Field, OWNER } from '../research/field.ts'

/** The predicate types that this rule reads, as text: listing obligations must not load schemas. */
export const STUDY_PLAN = 'https://avouch.dev/evidence/core/study-plan/v1'
export const STUDY_RESULT = 'https://avouch.dev/evidence/core/study-result/v1'
export const STUDY_ABANDONED = 'https://avouch.dev/evidence/core/study-abandoned/v1'
export const PAPER = 'https://avouch.dev/evidence/red-teaming/paper/v1'

/**
 * Research goes on in an area where a study was registered, amended or reported, or a paper recorded, within so many
 * days. A year: safety research is planned and reported in yearly rounds, and what the laws ask of companies is a yearly
 * account too. A study that takes longer says once a year, by an amendment, that it is still under way.
 */
export const FRESH_DAYS = 365

/** Where the company's registered research stands at a moment. */
export type Research = {
  /** Studies that stand, one record each: the plan in force. */
  registered: EvidenceRecord[]
  results: EvidenceRecord[]
  abandoned: EvidenceRecord[]
  overdue: EvidenceRecord[]
  underWay: EvidenceRecord[]
  papers: EvidenceRecord[]
}

/** Sorts what is recorded by how it stands. `evidence` gives live records of a type. Pure. */
export function researchAt(evidence: (type: string) => EvidenceRecord[], moment: Date): Research {
  const ours = (type: string): EvidenceRecord[] =>
    evidence(type).filter(({ fields }) => fields.owner === OWNER)
  const registered = ours(STUDY_PLAN)
  const results = ours(STUDY_RESULT)
  const abandoned = ours(STUDY_ABANDONED)
  const ended = new Set([...results, ...abandoned].map(({ fields }) => fields.study))
  const open = registered.filter(({ fields }) => !ended.has(fields.study))
  const isOverdue = ({ fields }: EvidenceRecord): boolean =>
    Date.parse(String(fields.endsAt)) < moment.getTime()
  return {
    registered,
    results,
    abandoned,
    overdue: open.filter(isOverdue),
    underWay: open.filter((record) => !isOverdue(record)),
    papers: evidence(PAPER),
  }
}

/** 1.8: research goes on in each of the areas that the commitment names. */
export function researchGoesOn({ evidence, moment }: RuleContext): Answer {
  const research = researchAt(evidence, moment)
  const { registered, results, underWay, papers } = research
  if (registered.length === 0 && papers.length === 0)
    return { status: 'missing', why: 'No study is registered and no paper is recorded.', evidence: [] }
  const fresh = (records: EvidenceRecord[]): EvidenceRecord[] =>
    records.filter(({ recordedAt }) => moment.getTime() - recordedAt.getTime() <= FRESH_DAYS * 86_400_000)
  const studies = [...fresh(results), ...fresh(underWay)]
  const recent = fresh(papers)
  const within = (records: EvidenceRecord[], field: Field): EvidenceRecord[] =>
    records.filter(({ fields }) => fields.field === field)
  const studied = FIELD_NAMES.filter((field) => within(studies, field).length > 0)
  const onlyPapers = FIELD_NAMES.filter(
    (field) => !studied.includes(field) && within(recent, field).length > 0,
  )
  const absent = FIELD_NAMES.filter((field) => !studied.includes(field) && !onlyPapers.includes(field))
  const counting = [...studies, ...recent].map(({ id }) => id)
  const remarks = remarksOn(research)
  if (absent.length === FIELD_NAMES.length)
    return {
      status: 'missing',
      why: `Nothing was registered, reported or published within ${FRESH_DAYS} days in any of the areas${remarks}.`,
      evidence: registered.map(({ id }) => id),
    }
  if (studied.length === FIELD_NAMES.length)
    return {
      status: 'met',
      why: `Registered studies go on in ${listed(FIELD_NAMES)}: ${counted(results.length, 'outcome')} so far, ${results.filter(({ fields }) => fields.outcome === 'null').length} of them null${remarks}.`,
      evidence: counting,
    }
  const parts = [
    ...(studied.length > 0 ? [`registered studies go on in ${listed(studied)}`] : []),
    ...(onlyPapers.length > 0 ? [`there are only papers in ${listed(onlyPapers)}`] : []),
    ...(absent.length > 0 ? [`there is nothing within ${FRESH_DAYS} days in ${listed(absent)}`] : []),
  ]
  const why = parts.join('; ')
  return {
    status: 'partly',
    why: `${why[0]!.toUpperCase()}${why.slice(1)}${remarks}.`,
    evidence: counting,
  }
}

/** What stands against it: studies that were due, and those given up. */
function remarksOn({ overdue, abandoned }: Research): string {
  const remarks = [
    ...(overdue.length > 0
      ? [`${counted(overdue.length, 'study', 'studies')} overdue without an outcome`]
      : []),
    ...(abandoned.length > 0 ? [`${abandoned.length} abandoned`] : []),
  ]
  return remarks.length > 0 ? `; ${remarks.join(', ')}` : ''
}

function listed(fields: readonly Field[]): string {
  return fields.map((field) => FIELDS[field]).join(', ')
}
