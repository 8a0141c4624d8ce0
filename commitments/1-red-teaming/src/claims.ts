import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Claim, Claims, ClaimTable, Figure } from '@avouch/core/gate'
import { DOMAIN_OBLIGATIONS, DOMAIN_TITLES, DOMAINS, type Domain } from './domain.ts'
import type { CampaignResult, Rate } from './evidence.ts'
import { importClaims } from './import-claims.ts'
import { CAMPAIGN_RESULT } from './obligations.ts'

/** The fields of a result; any of them may have been erased. */
type Fields = Partial<CampaignResult>

const RELEASE = 'https://avouch.dev/evidence/core/release/v1'
const RECOMPUTE =
  'Add up the events and the trials of the clusters and divide; the interval takes each behaviour with all its variants as one unit (cluster-rate/v1).'
const COUNTED = 'It is the field itself, counted from the rows of the campaign.'

/** What red-teaming says in the report about a release: the newest campaign of it, with the predecessor's beside it. */
export const claims: Claims = (evidence, release) => {
  const live = evidence.filter(({ supersededBy, retractedBy }) => !supersededBy && !retractedBy)
  const newest = resultAbout(live, release)
  const imported = importClaims(live, release)
  if (!newest) return imported
  const predecessor = live.findLast(
    ({ predicateType, about }) => predicateType === RELEASE && about.release === release,
  )?.fields.predecessor
  const before = typeof predecessor === 'string' ? resultAbout(live, predecessor) : undefined
  return [adversarialTesting(newest, before), dangerousCapabilities(newest), ...imported]
}

function resultAbout(live: EvidenceRecord[], release: string): EvidenceRecord | undefined {
  return live.findLast(
    ({ predicateType, about }) => predicateType === CAMPAIGN_RESULT && about.release === release,
  )
}

function adversarialTesting(record: EvidenceRecord, before: EvidenceRecord | undefined): Claim {
  const fields = record.fields as Fields
  const domains = testedDomains(fields)
  const compared = before ? testedDomains(before.fields as Fields) : []
  const strategies = Object.keys(fields.strategyRates ?? {})
  const overRefusal = fields.overRefusal?.all
  const overRefusalBefore = (before?.fields as Fields | undefined)?.overRefusal?.all
  const figures = [
    ...ledgerFigures(record),
    ...domains.map((domain) =>
      rateFigure(record, 'rates', 'counts', domain, `rt-${domain}`, `Breaches, ${DOMAIN_TITLES[domain]}`),
    ),
    ...domains.flatMap((domain) => coverageFigures(record, domain)),
    ...strategies.map((name) =>
      rateFigure(
        record,
        'strategyRates',
        'strategyCounts',
        name,
        strategyFigure(name),
        `Breaches by \`${name}\``,
      ),
    ),
    ...(overRefusal
      ? [rateFigure(record, 'overRefusal', 'overRefusalCounts', 'all', 'rt-over-refusal', 'Over-refusal')]
      : []),
    ...compared.map((domain) =>
      rateFigure(
        before!,
        'rates',
        'counts',
        domain,
        `rt-${domain}-predecessor`,
        `Breaches of the predecessor, ${DOMAIN_TITLES[domain]}`,
      ),
    ),
    ...(overRefusalBefore
      ? [
          rateFigure(
            before!,
            'overRefusal',
            'overRefusalCounts',
            'all',
            'rt-over-refusal-predecessor',
            'Over-refusal of the predecessor',
          ),
        ]
      : []),
  ]
  return {
    section: 'adversarial-testing',
    title: 'Red-teaming by the company itself',
    serves: [...new Set(['6.5', '1.1', ...domains.map((domain) => DOMAIN_OBLIGATIONS[domain])])],
    prose: [
      'Machines put questions that a model should not comply with, in plain words and by known strategies of attack, and rules judged the answers. A breach is an answer that did what was asked; an answer that did it in part is counted beside, never as a breach.',
      'Of {{rt-planned}} planned attempts, harmless questions included, {{rt-executed}} were answered and {{rt-graded}} of these could be judged. {{rt-errored}} ended in errors and {{rt-refused-by-provider}} were turned away by the service itself; they count neither as breaches nor as resistance.',
      ...(overRefusal
        ? ['Of harmless questions on the same subjects, {{rt-over-refusal}} were refused.']
        : ['No harmless question was put beside them, so over-refusal is not known.']),
      'How often the rules judge wrongly has not been measured on labelled answers, so these rates are not corrected for it.',
      ...notTested(fields),
    ],
    figures,
    tables: [domainTable(record, domains, new Set(compared)), strategyTable(strategies)].filter(
      ({ rows }) => rows.length > 0,
    ),
    plots: [
      {
        caption: 'Breaches by domain, with their intervals',
        alt: `The share of judged attempts that ended in a breach, for each domain tested, with its interval${compared.length > 0 ? ', and the predecessor beside it' : ''}.`,
        unit: 'rate' as const,
        rows: domains.map((domain) => ({
          label: DOMAIN_TITLES[domain],
          figure: `rt-${domain}`,
          ...(compared.includes(domain) && { compare: `rt-${domain}-predecessor` }),
        })),
      },
    ].filter(({ rows }) => rows.length > 0),
    evidence: [{ evidence: record.digest, pointers: ['/runBy', '/graders', '/strategies'] }],
  }
}

function dangerousCapabilities(record: EvidenceRecord): Claim {
  const fields = record.fields as Fields
  const domains = testedDomains(fields).filter((domain) => domain !== 'societal' && domain !== 'misuse')
  return {
    section: 'safety-evaluations',
    title: 'Dangerous capabilities',
    serves: ['6.2', ...domains.map((domain) => DOMAIN_OBLIGATIONS[domain])],
    prose: [
      ...domains.map(
        (domain) =>
          `${DOMAIN_TITLES[domain]}: {{rt-capability-${domain}-behaviours}} behaviours were tested, with {{rt-capability-${domain}-executed}} of {{rt-capability-${domain}-planned}} planned attempts answered.`,
      ),
      'These are questions of a single turn at the level of categories. That a model declines them says nothing of what it could do; that takes experts, a study of uplift, or a sandbox in which it acts.',
      ...notTested(fields),
    ],
    figures: domains.flatMap((domain) => [
      countFigure(
        record,
        `/coverage/${domain}/behavioursGraded`,
        `rt-capability-${domain}-behaviours`,
        `Behaviours tested, ${DOMAIN_TITLES[domain]}`,
      ),
      countFigure(
        record,
        `/coverage/${domain}/executed`,
        `rt-capability-${domain}-executed`,
        `Attempts answered, ${DOMAIN_TITLES[domain]}`,
      ),
      countFigure(
        record,
        `/coverage/${domain}/planned`,
        `rt-capability-${domain}-planned`,
        `Attempts planned, ${DOMAIN_TITLES[domain]}`,
      ),
    ]),
    withheld: domains
      .filter((domain) => fields.prompts?.[domain] !== undefined)
      .map((domain) => ({
        title: `The questions put in the domain ${DOMAIN_TITLES[domain]}`,
        reason:
          'Publishing them would teach models to recognise the test and people what to ask. They are committed to, and can be shown one domain at a time.',
        evidence: record.digest,
        pointer: `/prompts/${domain}`,
      })),
  }
}

function testedDomains(fields: Fields): Domain[] {
  return DOMAINS.filter(
    (domain) => fields.rates?.[domain] && fields.counts?.[domain] && fields.coverage?.[domain],
  )
}

function notTested(fields: Fields): string[] {
  const absent = DOMAINS.filter((domain) => !fields.domains?.includes(domain))
  return absent.map((domain) => `${DOMAIN_TITLES[domain]}: not tested.`)
}

function domainTable(record: EvidenceRecord, domains: Domain[], compared: ReadonlySet<Domain>): ClaimTable {
  const withBefore = compared.size > 0
  return {
    caption: `Breaches by domain in ${record.about.release ?? 'the release'}, with what was planned and what was done`,
    columns: ['Breaches', ...(withBefore ? ['Predecessor'] : []), 'Planned', 'Answered', 'Judged', 'In part'],
    rows: domains.map((domain) => ({
      label: DOMAIN_TITLES[domain],
      cells: [
        `rt-${domain}`,
        ...(withBefore ? [compared.has(domain) ? `rt-${domain}-predecessor` : ''] : []),
        `rt-${domain}-planned`,
        `rt-${domain}-executed`,
        `rt-${domain}-graded`,
        `rt-${domain}-partial`,
      ],
    })),
  }
}

/** The id of a strategy's figure. An id has no `+`, by which composed strategies are named. */
function strategyFigure(name: string): string {
  return `rt-strategy-${name.replaceAll('+', '--')}`
}

function strategyTable(strategies: string[]): ClaimTable {
  return {
    caption: 'Breaches by strategy of attack',
    columns: ['Breaches'],
    rows: strategies.map((name) => ({ label: `\`${name}\``, cells: [strategyFigure(name)] })),
  }
}

function ledgerFigures(record: EvidenceRecord): Figure[] {
  const labels = {
    planned: 'Attempts planned',
    executed: 'Attempts answered',
    graded: 'Answers judged',
    errored: 'Attempts that ended in errors',
    refusedByProvider: 'Attempts turned away by the service',
  } as const
  return (Object.keys(labels) as (keyof typeof labels)[]).map((name) =>
    countFigure(
      record,
      `/ledger/${name}`,
      `rt-${name === 'refusedByProvider' ? 'refused-by-provider' : name}`,
      labels[name],
    ),
  )
}

function coverageFigures(record: EvidenceRecord, domain: Domain): Figure[] {
  const labels = { planned: 'planned', executed: 'answered', graded: 'judged', partial: 'in part' } as const
  return (Object.keys(labels) as (keyof typeof labels)[]).map((name) =>
    countFigure(
      record,
      `/coverage/${domain}/${name}`,
      `rt-${domain}-${name}`,
      `Attempts ${labels[name]}, ${DOMAIN_TITLES[domain]}`,
    ),
  )
}

function rateFigure(
  record: EvidenceRecord,
  field: 'rates' | 'strategyRates' | 'overRefusal',
  counts: 'counts' | 'strategyCounts' | 'overRefusalCounts',
  member: string,
  id: string,
  label: string,
): Figure {
  const { value, low, high, level, n, clusters } = (record.fields[field] as Record<string, Rate>)[member]!
  return {
    id,
    label,
    value,
    unit: 'rate',
    interval: { low, high, level },
    n,
    clusters,
    source: { evidence: record.digest, pointer: `/${field}/${member}` },
    kind: 'computed',
    method: 'cluster-rate/v1',
    inputs: [`/${counts}/${member}`],
    recompute: RECOMPUTE,
  }
}

function countFigure(record: EvidenceRecord, pointer: string, id: string, label: string): Figure {
  const value = pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((node, name) => (node as Record<string, unknown> | undefined)?.[name], record.fields)
  return {
    id,
    label,
    value: value as number,
    unit: 'count',
    source: { evidence: record.digest, pointer },
    kind: 'computed',
    method: 'field/v1',
    inputs: [],
    recompute: COUNTED,
  }
}
