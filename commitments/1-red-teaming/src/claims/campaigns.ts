import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Claim } from '@avouch/core/gate'
import { DOMAIN_TITLES, DOMAINS } from '../domain.ts'
import { type Fields, testedDomains } from './fields.ts'
import { at, countColumns, FigureSheet, type Row } from './sheet.ts'

/** Campaigns that stand in the table at most; the newest. */
const MAX_SHOWN = 60

const LEDGER = [
  ['Planned', 'planned'],
  ['Answered', 'executed'],
  ['Judged', 'graded'],
  ['Errors', 'errored'],
  ['Not run', 'notRun'],
] as const

/**
 * The campaign that the report is about: the one in which most behaviours were judged, of those alike the newest. Never
 * simply the newest: a later, smaller one would take the place of what a larger one found. `field` is where it counts.
 */
export function widestOf(
  results: readonly EvidenceRecord[],
  field: 'coverage' | 'agenticCoverage' = 'coverage',
): EvidenceRecord | undefined {
  return results.reduce<EvidenceRecord | undefined>(
    (best, one) => (best && isWider(best, one, field) ? best : one),
    undefined,
  )
}

/**
 * By behaviours that come with Avouch, and only then by all: a company's own pack may be as long and as easy as it likes,
 * and must not take the place of what the known one found.
 */
function isWider(a: EvidenceRecord, b: EvidenceRecord, field: 'coverage' | 'agenticCoverage'): boolean {
  const known = knownIn(a, field) - knownIn(b, field)
  return (known || judgedIn(a, field) - judgedIn(b, field)) > 0
}

/** Those about the very thing that ships, as far as the release says what that is; all, where none is. */
export function shippingOf(
  records: EvidenceRecord[],
  registered: Pick<EvidenceRecord, 'about'> | undefined,
): EvidenceRecord[] {
  const shipping = records.filter(
    ({ about }) =>
      registered !== undefined &&
      about.snapshot === registered.about.snapshot &&
      about.configuration === registered.about.configuration,
  )
  return shipping.length > 0 ? shipping : records
}

/** Every campaign on a release beside the one that is told at length, with its rates; nothing where there is one. Pure. */
export function campaignsClaim(
  results: readonly EvidenceRecord[],
  calibrations: readonly EvidenceRecord[],
): Claim | undefined {
  if (results.length < 2) return undefined
  const shown = results.slice(-MAX_SHOWN)
  const sheets = shown.map((record, n) => sheetOf(record, n, calibrations))
  const figures = sheets.flatMap(({ sheet }) => sheet.figures)
  // one sheet for the tables: it knows the figures of all campaigns
  const all = new FigureSheet(shown[0]!, calibrations)
  all.add(...figures)
  return {
    section: 'adversarial-testing',
    title: 'Every campaign on this release',
    serves: ['6.5', '1.1'],
    prose: [
      'More than one campaign was finished on this release. The one in which most behaviours were judged is told at length here, the newest among those alike; this is what came of each, the oldest first, so that none is passed over.',
      'They differ in what they asked, of which snapshot, and who judged, so their rates are not to be compared with one another.',
      ...(results.length > shown.length ? ['Of a great many only the newest are shown.'] : []),
    ],
    figures,
    tables: [
      ...all.table(
        'What each campaign planned and did, harmless questions included',
        sheets.map(({ row }) => row),
        LEDGER.map(([name, field]) => [name, `-ledger-${idOf(field)}`] as const),
      ),
      ...all.table(
        'Breaches that each campaign found, by domain',
        sheets.flatMap(({ domains }) => domains),
        [['Breaches', ''], ...countColumns()],
      ),
    ],
    evidence: shown.map(({ digest }) => ({ evidence: digest, pointers: ['/campaign', '/strategies'] })),
  }
}

function sheetOf(
  record: EvidenceRecord,
  n: number,
  calibrations: readonly EvidenceRecord[],
): { sheet: FigureSheet; row: Row; domains: Row[] } {
  const fields = record.fields as Fields
  const name = `\`${(fields.campaign ?? record.id).slice(-6)}\``
  const id = `rt-campaign-${n + 1}`
  const sheet = new FigureSheet(record, calibrations)
  for (const [title, field] of LEDGER)
    sheet.field(
      `/ledger/${field}`,
      `${id}-ledger-${idOf(field)}`,
      `Attempts, ${title.toLowerCase()}, campaign ${name}`,
    )
  const domains = testedDomains(fields).map((domain): Row => {
    const label = `${DOMAIN_TITLES[domain]}, campaign ${name}`
    sheet.rate('rates', domain, `${id}-${domain}`, `Breaches, ${label}`)
    sheet.coverage(at('coverage', domain), `${id}-${domain}`, label)
    return { label, id: `${id}-${domain}` }
  })
  return { sheet, row: { label: `Campaign ${name}`, id }, domains }
}

function idOf(field: string): string {
  return field === 'notRun' ? 'not-run' : field
}

/** Behaviours judged, without those that do not come with Avouch. */
function knownIn(record: EvidenceRecord, field: 'coverage' | 'agenticCoverage'): number {
  const { [field]: coverage = {}, ownBehaviours = {} } = record.fields as Fields
  return DOMAINS.reduce(
    (sum, domain) =>
      sum + Math.max(0, (coverage[domain]?.behavioursGraded ?? 0) - (ownBehaviours[domain]?.own ?? 0)),
    0,
  )
}

function judgedIn(record: EvidenceRecord, field: 'coverage' | 'agenticCoverage'): number {
  const coverage = (record.fields as Fields)[field] ?? {}
  return Object.values(coverage).reduce((sum, one) => sum + (one?.behavioursGraded ?? 0), 0)
}
