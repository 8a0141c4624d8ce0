import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Claim, Figure } from '@avouch/core/gate'
import { DOMAIN_OBLIGATIONS, DOMAIN_TITLES, DOMAINS, type Domain } from './domain.ts'
import type { ImportResult } from './evidence.ts'
import { IMPORT } from './obligations.ts'

/** Imports that the report shows at most; newest first. */
const MAX_SHOWN = 20

/** What was imported about a release, one claim for each file. Pure. */
export function importClaims(live: readonly EvidenceRecord[], release: string): Claim[] {
  return live
    .filter(({ predicateType, about }) => predicateType === IMPORT && about.release === release)
    .slice(-MAX_SHOWN)
    .map(claimOf)
}

function claimOf(record: EvidenceRecord, index: number): Claim {
  const fields = record.fields as Partial<ImportResult>
  const name = `rt-import-${index + 1}`
  const tool = `\`${plain(fields.tool)} ${plain(fields.toolVersion)}\``
  const domains = DOMAINS.filter(
    (place) => fields.rates?.[place] && fields.counts?.[place] && fields.coverage?.[place],
  )
  const title = (domain: Domain): string => DOMAIN_TITLES[domain]
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
      'How often the tool judges wrongly is not known here, so these rates are not corrected for it.',
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
      ).map(
        (field): Figure => ({
          id: `${name}-${field === 'refusedByProvider' ? 'refused-by-provider' : field}`,
          label: `Imported attempts, ${field === 'refusedByProvider' ? 'turned away by the service' : field}`,
          value: fields.ledger?.[field] ?? 0,
          unit: 'count',
          source: { evidence: record.digest, pointer: `/ledger/${field}` },
          kind: 'computed',
          method: 'field/v1',
          inputs: [],
          recompute: 'It is the field itself, counted from the rows of the imported file.',
        }),
      ),
      ...domains.map((place): Figure => {
        const { value, low, high, level, n, clusters } = fields.rates![place]!
        return {
          id: `${name}-${place}`,
          label: `Breaches, ${title(place)}, imported from ${tool}`,
          value,
          unit: 'rate',
          interval: { low, high, level },
          n,
          clusters,
          source: { evidence: record.digest, pointer: `/rates/${place}` },
          kind: 'computed',
          method: 'cluster-rate/v1',
          inputs: [`/counts/${place}`],
          recompute:
            'Add up the events and the trials of the clusters and divide; the interval takes each cluster as one unit (cluster-rate/v1).',
        }
      }),
    ],
    tables: [
      {
        caption: `Breaches by domain, imported from ${tool}`,
        columns: ['Breaches'],
        rows: domains.map((place) => ({ label: title(place), cells: [`${name}-${place}`] })),
      },
    ].filter(({ rows }) => rows.length > 0),
    evidence: [{ evidence: record.digest, pointers: ['/verdictRule', '/notes'] }],
  }
}

/** A tool's name as it may stand between backticks. */
function plain(text: unknown): string {
  return String(text ?? 'unknown')
    .replace(/[`{}]/g, '')
    .slice(0, 100)
}
