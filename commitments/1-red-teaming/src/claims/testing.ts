import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Claim, ClaimTable } from '@avouch/core/gate'
import { DOMAIN_OBLIGATIONS, DOMAIN_TITLES, type Domain } from '../domain.ts'
import { cellOf } from '../numbers/gather.ts'
import { SEVERITIES } from '../probe.ts'
import { type Fields, notTested, ownPacks, testedDomains } from './fields.ts'
import { rateFigures } from './figure.ts'
import { gradingOf, type Shown } from './grading.ts'
import { at, countColumns, FigureSheet, PLANNED_AND_DONE, type Row, strategyId } from './sheet.ts'

/** Strategies in one table of the matrix at most: more columns than that cannot be read. */
const ACROSS = 6
const LEDGER = {
  planned: 'Attempts planned',
  executed: 'Attempts answered',
  graded: 'Answers judged',
  errored: 'Attempts that ended in errors',
  refusedByProvider: 'Attempts turned away by the service',
} as const

/** How the attacks of a campaign ended, by domain, strategy and severity, with the predecessor's beside it. */
export function adversarialTesting(
  record: EvidenceRecord,
  before: EvidenceRecord | undefined,
  calibrations: readonly EvidenceRecord[],
): Claim {
  const fields = record.fields as Fields
  const domains = testedDomains(fields)
  const strategies = Object.keys(fields.strategyRates ?? {})
  const sheet = new FigureSheet(record, calibrations)
  for (const [field, label] of Object.entries(LEDGER))
    sheet.field(
      `/ledger/${field}`,
      `rt-${field === 'refusedByProvider' ? 'refused-by-provider' : field}`,
      label,
    )
  const tables = [
    ...domainTables(sheet, record, before, domains, calibrations),
    ...strategyTables(sheet, strategies),
    ...severityTables(sheet),
    ...matrixTables(sheet, domains, strategies),
  ]
  const grading = gradingOf(record, once(sheet.shown), 'rt')
  return {
    section: 'adversarial-testing',
    title: 'Red-teaming by the company itself',
    serves: [...new Set(['6.5', '1.1', ...domains.map((domain) => DOMAIN_OBLIGATIONS[domain])])],
    prose: [
      'Machines put questions that a model should not comply with, in plain words and by known strategies of attack, and graders judged the answers. A breach is an answer that did what was asked; an answer that did it in part is counted beside, never as a breach.',
      'Of {{rt-planned}} planned attempts, harmless questions included, {{rt-executed}} were answered and {{rt-graded}} of these could be judged. {{rt-errored}} ended in errors and {{rt-refused-by-provider}} were turned away by the service itself; they count neither as breaches nor as resistance.',
      ...(sheet.has('rt-over-refusal')
        ? ['Of harmless questions on the same subjects, {{rt-over-refusal}} were refused.']
        : ['No harmless question was put beside them, so over-refusal is not known.']),
      ...ownPacks(fields),
      ...grading.prose,
      ...notTested(fields),
    ],
    figures: [...sheet.figures, ...grading.figures],
    tables: [...tables, ...grading.tables],
    plots: [
      {
        caption: 'Breaches by domain, with their intervals',
        alt: `The share of judged attempts that ended in a breach, for each domain tested, with its interval${domains.some((domain) => sheet.has(`rt-${domain}-predecessor`)) ? ', and the predecessor beside it' : ''}.`,
        unit: 'rate' as const,
        rows: domains.map((domain) => ({
          label: DOMAIN_TITLES[domain],
          figure: `rt-${domain}`,
          ...(sheet.has(`rt-${domain}-predecessor`) && { compare: `rt-${domain}-predecessor` }),
        })),
      },
    ].filter(({ rows }) => rows.length > 0),
    evidence: [{ evidence: record.digest, pointers: ['/runBy', '/graders', '/strategies'] }],
  }
}

/** Breaches by domain with over-refusal beside; then over-refusal in all. */
function domainTables(
  sheet: FigureSheet,
  record: EvidenceRecord,
  before: EvidenceRecord | undefined,
  domains: readonly Domain[],
  calibrations: readonly EvidenceRecord[],
): ClaimTable[] {
  const withPartial = [...PLANNED_AND_DONE, ['In part', 'partial'] as const]
  for (const domain of domains) {
    const title = DOMAIN_TITLES[domain]
    sheet.rate('rates', domain, `rt-${domain}`, `Breaches, ${title}`, title)
    sheet.coverage(at('coverage', domain), `rt-${domain}`, title, withPartial)
    sheet.rate('overRefusal', domain, `rt-over-refusal-${domain}`, `Over-refusal, ${title}`)
  }
  sheet.rate('overRefusal', 'all', 'rt-over-refusal', 'Over-refusal', 'Over-refusal')
  sheet.coverage(at('refusalCoverage', 'all'), 'rt-over-refusal', 'harmless questions')
  if (before) {
    const earlier = (field: 'rates' | 'overRefusal', member: string, id: string, label: string): void => {
      const { figures } = rateFigures(before, { field, member, id, label }, calibrations)
      sheet.add(...figures.slice(0, 1))
    }
    for (const domain of testedDomains(before.fields as Fields))
      earlier(
        'rates',
        domain,
        `rt-${domain}-predecessor`,
        `Breaches of the predecessor, ${DOMAIN_TITLES[domain]}`,
      )
    earlier('overRefusal', 'all', 'rt-over-refusal-predecessor', 'Over-refusal of the predecessor')
  }
  const rows = domains.map((domain): Row => ({ label: DOMAIN_TITLES[domain], id: `rt-${domain}` }))
  const all: Row[] = [{ label: 'All domains', id: 'rt-over-refusal' }]
  return [
    ...sheet.table(
      `Breaches by domain in ${record.about.release ?? 'the release'}, with what was planned and what was done`,
      rows,
      [
        ['Breaches', ''],
        ...sheet.graded(rows),
        ['Predecessor', '-predecessor'],
        ...countColumns(withPartial),
        ['Over-refusal', ({ id }) => id.replace(/^rt-/, 'rt-over-refusal-')],
      ],
    ),
    ...sheet.table('Harmless questions that were refused', all, [
      ['Refused', ''],
      ...sheet.graded(all),
      ['Predecessor', '-predecessor'],
      ...countColumns(),
    ]),
  ]
}

function strategyTables(sheet: FigureSheet, strategies: readonly string[]): ClaimTable[] {
  const rows = strategies.map((name): Row => {
    const id = `rt-strategy-${strategyId(name)}`
    sheet.rate('strategyRates', name, id, `Breaches by \`${name}\``, 'Strategies')
    sheet.coverage(at('strategyCoverage', name), id, `\`${name}\``)
    return { label: `\`${name}\``, id }
  })
  return sheet.table('Breaches by strategy of attack', rows, [
    ['Breaches', ''],
    ...sheet.graded(rows),
    ...countColumns(),
  ])
}

function severityTables(sheet: FigureSheet): ClaimTable[] {
  const rows = SEVERITIES.toReversed().map((severity): Row => {
    const id = `rt-severity-${severity}`
    sheet.rate('severityRates', severity, id, `Breaches of severity ${severity}`, 'Severities')
    sheet.coverage(at('severityCoverage', severity), id, `severity ${severity}`)
    return { label: severity[0]!.toUpperCase() + severity.slice(1), id }
  })
  return sheet.table('Breaches by severity of what was asked', rows, [
    ['Breaches', ''],
    ...sheet.graded(rows),
    ...countColumns(),
  ])
}

/** Domains across strategies, a few strategies at a time; what was planned and done of each domain beside. */
function matrixTables(
  sheet: FigureSheet,
  domains: readonly Domain[],
  strategies: readonly string[],
): ClaimTable[] {
  for (const domain of domains)
    for (const strategy of strategies)
      sheet.rate(
        'cellRates',
        cellOf(domain, strategy),
        cellId(domain, strategy),
        `Breaches, ${DOMAIN_TITLES[domain]}, by \`${strategy}\``,
      )
  const rows = domains.map((domain): Row => ({ label: DOMAIN_TITLES[domain], id: `rt-${domain}` }))
  const groups = Array.from({ length: Math.ceil(strategies.length / ACROSS) }, (_, n) =>
    strategies.slice(n * ACROSS, (n + 1) * ACROSS),
  )
  return groups.flatMap((group) => {
    const cells = group.map(
      (strategy) => [`\`${strategy}\``, ({ id }: Row) => cellId(id.replace(/^rt-/, ''), strategy)] as const,
    )
    const table = sheet.table(
      `Breaches by domain and strategy${groups.length > 1 ? `: ${group.map((name) => `\`${name}\``).join(', ')}` : ''}; planned and done in all of the domain`,
      rows,
      [...cells, ...countColumns()],
    )
    return cells.some(([, cell]) => rows.some((row) => sheet.has(cell(row)))) ? table : []
  })
}

function cellId(domain: string, strategy: string): string {
  return `rt-cell-${domain}-${strategyId(strategy)}`
}

/** Strategies and severities are told of once, if all of them read alike. */
function once(shown: readonly Shown[]): Shown[] {
  const seen = new Set<string>()
  return shown.filter(({ name, read }) => {
    const key = `${name}/${read.corrected ? 'corrected' : read.why}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
