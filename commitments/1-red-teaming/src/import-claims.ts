import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Claim } from '@avouch/core/gate'
import { fieldFigure, rateFigures } from './claims/figure.ts'
import { gradingOf, type Shown } from './claims/grading.ts'
import { countColumns, FigureSheet, type Row } from './claims/sheet.ts'
import { DOMAIN_OBLIGATIONS, DOMAIN_TITLES, DOMAINS, type Domain } from './domain.ts'
import type { ImportResult } from './evidence.ts'
import { IMPORT } from './obligations.ts'

/** Imports that the report tells at length at most, the newest; of the others the figures stand in one table. */
const MAX_SHOWN = 20

/** What was imported about a release, one claim for each file, and one for all older ones where there are many. Pure. */
export function importClaims(
  live: readonly EvidenceRecord[],
  release: string,
  calibrations: readonly EvidenceRecord[],
): Claim[] {
  const imports = live.filter(
    ({ predicateType, about }) => predicateType === IMPORT && about.release === release,
  )
  return [
    ...imports.slice(-MAX_SHOWN).map((record, index) => claimOf(record, index, calibrations)),
    ...olderImports(imports.slice(0, -MAX_SHOWN), calibrations),
  ]
}

/** Imports that are not told at length: every figure, in one table. */
function olderImports(imports: readonly EvidenceRecord[], calibrations: readonly EvidenceRecord[]): Claim[] {
  if (imports.length === 0) return []
  const all = new FigureSheet(imports[0]!, calibrations)
  const rows = imports.flatMap((record, n): Row[] => {
    const fields = record.fields as Partial<ImportResult>
    const sheet = new FigureSheet(record, calibrations)
    const rows = domainsOf(fields).map((place): Row => {
      const id = `rt-older-import-${n + 1}-${place}`
      const label = `${DOMAIN_TITLES[place]}, \`${plain(fields.tool)} ${plain(fields.toolVersion)}\`, \`${record.digest.slice(0, 8)}\``
      sheet.rate('rates', place, id, `Breaches, ${label}`)
      sheet.coverage(`/coverage/${place}`, id, label)
      return { label, id }
    })
    all.add(...sheet.figures)
    return rows
  })
  return [
    {
      section: 'adversarial-testing',
      title: 'Earlier imports',
      serves: [],
      prose: [
        'More was imported about this release than is told at length above, where the newest files stand. These are the rates of all others, each by domain, computed from their rows and corrected where their grader was calibrated.',
      ],
      figures: all.figures,
      tables: all.table('Breaches by domain, earlier imports', rows, [['Breaches', ''], ...countColumns()]),
      evidence: imports.map(({ digest }) => ({ evidence: digest, pointers: ['/file', '/ledger'] })),
    },
  ]
}

/** The domains of which an import holds a rate, with what it rests on. */
function domainsOf(fields: Partial<ImportResult>): Domain[] {
  return DOMAINS.filter(
    (place) => fields.rates?.[place] && fields.counts?.[place] && fields.coverage?.[place],
  )
}

function claimOf(record: EvidenceRecord, index: number, calibrations: readonly EvidenceRecord[]): Claim {
  const fields = record.fields as Partial<ImportResult>
  const name = `rt-import-${index + 1}`
  const tool = `\`${plain(fields.tool)} ${plain(fields.toolVersion)}\``
  const domains = domainsOf(fields)
  const rates = domains.map((place) => {
    const label = `Breaches, ${DOMAIN_TITLES[place]}, imported from ${tool}`
    return rateFigures(record, { field: 'rates', member: place, id: `${name}-${place}`, label }, calibrations)
  })
  const shown = domains.flatMap((place, n): Shown[] => {
    const read = rates[n]?.read
    return read ? [{ name: DOMAIN_TITLES[place], read }] : []
  })
  const grading = gradingOf(record, shown, name)
  const corrected = shown.some(({ read }) => read.corrected)
  return {
    section: 'adversarial-testing',
    title: `Red-teaming imported from ${tool}`,
    serves: [...new Set(['6.5', '1.1', ...domains.map((domain) => DOMAIN_OBLIGATIONS[domain])])],
    prose: [
      `These attempts were made and judged by ${tool}, not by Avouch; its file was imported, and the rates are computed anew from its rows.`,
      `{{${name}-executed}} attempts were answered and {{${name}-graded}} of these were judged; {{${name}-errored}} ended in errors and {{${name}-refused-by-provider}} were turned away by the service, which count neither as breaches nor as resistance.`,
      fields.plannedKnown
        ? `The file tells that {{${name}-planned}} attempts were planned.`
        : 'The file does not tell what was planned.',
      ...grading.prose,
    ],
    figures: [
      ...(
        [
          'executed',
          'graded',
          'errored',
          'refusedByProvider',
          ...(fields.plannedKnown ? (['planned'] as const) : []),
        ] as const
      ).map((field) =>
        fieldFigure(
          record,
          `/ledger/${field}`,
          `${name}-${field === 'refusedByProvider' ? 'refused-by-provider' : field}`,
          `Imported attempts, ${field === 'refusedByProvider' ? 'turned away by the service' : field}`,
          { recompute: 'It is the field itself, counted from the rows of the imported file.' },
        ),
      ),
      ...rates.flatMap(({ figures }) => figures),
      ...domains.flatMap((place) =>
        COUNTED.map(([field, label]) =>
          fieldFigure(
            record,
            `/coverage/${place}/${field}`,
            `${name}-${place}-count-${field}`,
            `Imported attempts, ${label.toLowerCase()}, ${DOMAIN_TITLES[place]}`,
            { recompute: 'It is the field itself, counted from the rows of the imported file.' },
          ),
        ),
      ),
      ...grading.figures,
    ],
    tables: [
      {
        caption: `Breaches by domain, imported from ${tool}`,
        columns: ['Breaches', ...(corrected ? ['As graded'] : []), ...COUNTED.map(([, label]) => label)],
        rows: domains.map((place, n) => ({
          label: DOMAIN_TITLES[place],
          cells: [
            `${name}-${place}`,
            ...(corrected ? [rates[n]?.read?.corrected ? `${name}-${place}-graded` : ''] : []),
            ...COUNTED.map(([field]) => `${name}-${place}-count-${field}`),
          ],
        })),
      },
      ...grading.tables,
    ].filter(({ rows }) => rows.length > 0),
    evidence: [{ evidence: record.digest, pointers: ['/verdictRule', '/notes'] }],
  }
}

/** What is counted of each domain. What has no row is planned in no domain that is known. */
const COUNTED = [
  ['planned', 'Rows'],
  ['executed', 'Answered'],
  ['graded', 'Judged'],
] as const

/** A tool's name as it may stand between backticks. */
function plain(text: unknown): string {
  return String(text ?? 'unknown')
    .replace(/[`{}]/g, '')
    .slice(0, 100)
}
