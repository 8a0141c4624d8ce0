import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Answer, Obligation, RuleContext } from '@avouch/core/gate'

/** The predicate of a published report; written out so that listing obligations loads no schema. */
export const REPORT = 'https://avouch.dev/evidence/public-reporting/report/v1'

/** The dangerous-capability domains whose evaluations 6.2 asks for. */
const DANGEROUS = ['1.3', '1.4', '1.5', '1.6']
const RED_TEAMING = ['1.1', '1.2', ...DANGEROUS, '1.7']
const DESCRIBED = ['capabilities', 'limitations', 'domains-of-use']

type Judged = { status: Answer['status']; why: string }

/** A rule that reads the newest report about the release; what it says of another snapshot counts as partly at most. */
function fromReport(judge: (report: EvidenceRecord) => Judged): Obligation['rule'] {
  return (context: RuleContext) => {
    const reports = context.evidence(REPORT)
    const report = context.applies(reports).at(-1) ?? reports.at(-1)
    if (!report)
      return { status: 'missing', why: 'No report about this release is published and logged.', evidence: [] }
    const { status, why } = judge(report)
    const other = !context.applies(reports).includes(report)
    if (other && status !== 'missing')
      return {
        status: 'partly',
        why: `${why} The report is about another snapshot or configuration than the one that ships.`,
        evidence: [report.id],
      }
    return { status, why, evidence: status === 'missing' ? [] : [report.id] }
  }
}

function strings(report: EvidenceRecord, field: 'cites' | 'sections'): string[] {
  const value = report.fields[field]
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
}

/** Met where all of `wanted` are among `held`, partly where some are, with a sentence that names the rest. */
function cover(held: readonly string[], wanted: readonly string[], what: string): Judged {
  const absent = wanted.filter((one) => !held.includes(one))
  if (absent.length === 0) return { status: 'met', why: `The published report holds ${what}.` }
  if (absent.length === wanted.length)
    return { status: 'missing', why: `The published report holds no ${what}.` }
  return { status: 'partly', why: `The published report holds ${what}, but nothing on ${absent.join(', ')}.` }
}

const release = { binds: 'release', force: 'asked', due: 'at' } as const

export const obligations: Obligation[] = [
  {
    id: '6.1',
    title: 'A report is published',
    promise: 'A report is published for each new significant public release in scope.',
    ...release,
    rule: fromReport(() => ({ status: 'met', why: 'A report about this release is published and logged.' })),
  },
  {
    id: '6.2',
    title: 'Safety evaluations are reported',
    promise:
      'The report holds the safety evaluations conducted, dangerous capabilities included as far as responsible.',
    ...release,
    rule: fromReport((report) => {
      const cites = strings(report, 'cites')
      return cover(cites, DANGEROUS, 'evaluations of dangerous capabilities')
    }),
  },
  {
    id: '6.3',
    title: 'Capabilities, limitations and domains of use are reported',
    promise:
      'The report holds known capabilities, significant limitations, and the domains of appropriate and inappropriate use.',
    ...release,
    rule: fromReport((report) =>
      cover(strings(report, 'sections'), DESCRIBED, 'descriptions of the release'),
    ),
  },
  {
    id: '6.4',
    title: 'Effects on societal risks are discussed',
    promise: 'The report discusses effects on societal risks such as fairness and bias.',
    ...release,
    rule: fromReport((report) =>
      cover(strings(report, 'cites'), ['7.1', '7.2'], 'measured effects on bias and privacy'),
    ),
  },
  {
    id: '6.5',
    title: 'Results of adversarial testing are reported',
    promise: 'The report holds the results of adversarial testing of fitness for deployment.',
    ...release,
    rule: fromReport((report) => {
      const cites = strings(report, 'cites')
      const tested = RED_TEAMING.filter((id) => cites.includes(id))
      if (tested.length === 0)
        return { status: 'missing', why: 'The published report holds no results of adversarial testing.' }
      return {
        status: 'met',
        why: `The published report holds results of adversarial testing, for ${tested.join(', ')}.`,
      }
    }),
  },
]
