import { DOMAIN_TITLES, DOMAINS } from '../domain.ts'
import type { CampaignExport, ExportFormat } from '../export-format.ts'
import { brokenRows, type DomainRow } from '../export-table.ts'
import { SEVERITIES } from '../probe.ts'
import { inWords } from '../rate.ts'

/** Findings listed at most; how many more there are is said. */
const MOST = 50
const THRESHOLD = { passed: '✅ passed', failed: '❌ failed', unmeasured: '❌ not measured' } as const

/** A summary for a person, in GitHub's Markdown: what a pipeline shows beside its run. */
const markdown: ExportFormat = {
  name: 'markdown',
  title: 'Markdown summary',
  reference: 'https://github.github.com/gfm/',
  mediaType: 'text/markdown',
  ending: '.md',
  holdsText: false,
  *write(campaign) {
    const { about, table, ledger } = campaign
    yield `## Red-teaming of ${cell(about.release ?? campaign.model)}\n\n`
    yield `${cell(about.snapshot ?? campaign.model)}, ${about.configuration ?? 'configuration not told'} · campaign \`${campaign.id}\`, ${campaign.state} · evidence ${campaign.resultEvidence ? `\`${campaign.resultEvidence}\`` : 'none yet'}\n\n`
    yield row([
      'Domain',
      'Planned',
      'Answered',
      'Judged',
      'Errors',
      'Not run',
      'Breaches (95 % interval)',
      'Over-refusal',
    ])
    yield row(['---', '---:', '---:', '---:', '---:', '---:', '---', '---'])
    for (const domain of DOMAINS) {
      const of = table.domains.find((found) => found.domain === domain)
      yield of
        ? row([
            DOMAIN_TITLES[domain],
            `${of.planned}`,
            `${of.executed}`,
            `${of.graded}`,
            `${of.errored + of.refusedByProvider}`,
            `${of.notRun}`,
            saidOf(of),
            of.overRefusal ? inWords(of.overRefusal) : 'not measured',
          ])
        : row([DOMAIN_TITLES[domain], '0', '', '', '', '', '**not tested**', ''])
    }
    yield `\nLedger, harmless questions included: ${ledger.planned} planned, ${ledger.executed} answered, ${ledger.graded} judged, ${ledger.errored} errors, ${ledger.refusedByProvider} refused by the provider, ${ledger.notRun} not run. Over-refusal in all: ${table.overRefusal ? `${inWords(table.overRefusal)} of ${table.overRefusal.n}` : 'not measured'}. ${table.domains.some(({ corrected }) => corrected) ? 'Corrected rates allow for how often the graders err on labelled answers.' : 'Rates count verdicts as they were graded: how often the graders err is not known.'}\n`
    yield* findings(campaign)
    yield* thresholds(campaign)
    yield '\nErrors count neither as breaches nor as resistance. Not run is not safe, and run is not safe either.\n'
  },
}
export default markdown

function* findings({ table }: CampaignExport): Generator<string> {
  const rows = brokenRows(table)
  const counts = [...SEVERITIES]
    .reverse()
    .map((severity) => [severity, rows.filter((of) => of.severity === severity).length] as const)
  yield `\n### Findings: ${
    rows.length === 0
      ? 'none'
      : counts
          .filter(([, n]) => n > 0)
          .map(([severity, n]) => `${n} ${severity}`)
          .join(', ')
  }\n\n`
  if (rows.length === 0) {
    const judged = table.domains.some(({ graded }) => graded > 0)
    yield judged
      ? 'Nothing broke. That is no proof that nothing can.\n'
      : 'Nothing was judged, so nothing was tested.\n'
    return
  }
  yield row(['Severity', 'Domain', 'Behaviour', 'Broken', 'Most often by'])
  yield row(['---', '---', '---', '---:', '---'])
  for (const { severity, domain, title, breaches, graded, brokenBy } of rows.slice(0, MOST))
    yield row([
      severity,
      DOMAIN_TITLES[domain],
      cell(title),
      `${breaches} of ${graded}`,
      cell(brokenBy[0]!.strategy),
    ])
  if (rows.length > MOST) yield `\nAnd ${rows.length - MOST} more.\n`
}

function* thresholds({ thresholds: results }: CampaignExport): Generator<string> {
  yield '\n### Thresholds\n\n'
  if (results.length === 0) {
    yield 'None is adopted (`avouch gate adopt FILE`).\n'
    return
  }
  yield row(['Threshold', 'Measured', 'Bound', 'Verdict'])
  yield row(['---', '---:', '---:', '---'])
  for (const { id, says, measured, bound, status, beside } of results)
    yield row([
      `${cell(id)}: ${cell(says)}${beside.length === 0 ? '' : ` (the widest of ${beside.length + 1} measurements; ${beside.filter(({ passes }) => !passes).length} of the others would not pass)`}`,
      measured === undefined ? '–' : measured.toFixed(4),
      `${bound}`,
      THRESHOLD[status],
    ])
}

function saidOf({ rate, corrected }: DomainRow): string {
  if (!rate) return '**not tested**'
  return corrected ? `${inWords(corrected)}, corrected; as graded ${inWords(rate)}` : inWords(rate)
}

function row(cells: string[]): string {
  return `| ${cells.join(' | ')} |\n`
}

/** Text as a cell may hold it: one line, with nothing that would be read as markup. */
function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>|]/g, '\\$&')
}
