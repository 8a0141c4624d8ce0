import { type EvidenceRecord, fieldAt } from '@avouch/core/evidence'
import type { Claim, Figure } from '@avouch/core/gate'
import { COMPARISON, DETECTOR_RUN, EXERCISE } from '../rules/insider.ts'

type Row = { scenario: string; alertsPerDay: number } & Record<string, unknown>

/** What the report says of the insider-threat programme: the newest whole exercise, the newest run, the comparison. Pure. */
export function insiderClaims(live: readonly EvidenceRecord[]): Claim[] {
  const exercise = live.findLast(
    ({ predicateType, fields }) =>
      predicateType === EXERCISE && fields.state === 'completed' && Array.isArray(fields.rows),
  )
  const run = live.findLast(({ predicateType }) => predicateType === DETECTOR_RUN)
  const comparison = live.findLast(({ predicateType }) => predicateType === COMPARISON)
  return [...(exercise ? [exerciseClaim(exercise)] : []), ...(run ? [runClaim(run, comparison)] : [])]
}

function exerciseClaim(record: EvidenceRecord): Claim {
  const rows = record.fields.rows as Row[]
  const figures: Figure[] = []
  const add = (figure: Figure | undefined): string | undefined => {
    if (figure) figures.push(figure)
    return figure?.id
  }
  const cellsOf = (row: Row, n: number): { label: string; cells: string[] } | undefined => {
    const id = `ws-${row.scenario}-${slug(row.alertsPerDay)}`
    // a bare number in a label would be a figure without evidence
    const of = `${titleOf(row.scenario)}, alerts a day: \`${row.alertsPerDay}\``
    const cells = [
      add(
        rateFigure(
          record,
          `/rows/${n}/recall`,
          `/rows/${n}/recallCounts`,
          `${id}-recall`,
          `Planted thefts found: ${of}`,
        ),
      ),
      add(
        rateFigure(
          record,
          `/rows/${n}/beforeHalfRecall`,
          `/rows/${n}/beforeHalfCounts`,
          `${id}-early`,
          `Found before half of the model was gone: ${of}`,
        ),
      ),
      add(
        fieldFigure(
          record,
          `/rows/${n}/seconds`,
          `${id}-seconds`,
          `Median time from the first act to the alert, of those found: ${of}`,
          'seconds',
        ),
      ),
      add(
        fieldFigure(
          record,
          `/rows/${n}/bytesLost`,
          `${id}-lost`,
          `Median bytes gone before the alert: ${of}`,
          'count',
        ),
      ),
      add(
        fieldFigure(
          record,
          `/rows/${n}/chance`,
          `${id}-chance`,
          `Share that chance would find: ${of}`,
          'score',
        ),
      ),
    ]
    return cells.every((cell) => cell !== undefined) ? { label: of, cells } : undefined
  }
  const tableRows = rows.flatMap((row, n) => cellsOf(row, n) ?? [])
  return {
    section: 'security',
    title: 'Insider-threat detection: exercises',
    serves: ['3.3'],
    prose: [
      'Thefts by insiders were planted among everyday work, all of it made up, and it was seen how many the detector found within its budget of alerts, how soon, and how much was gone by then. The plan of the exercise was logged before it began.',
      'The share found has to be read beside what chance gives: colleagues who planted nothing, and were alerted about in the same days. It grows with the budget of alerts, and with how long a theft goes on.',
      'This speaks of the detector, not of the company’s own people or logs: thieves may do what nobody planted.',
    ],
    figures,
    tables: [
      {
        caption: 'Planted thefts, found at so many alerts a day',
        columns: ['Found', 'Before half was gone', 'Time to detection', 'Bytes lost', 'By chance'],
        rows: tableRows,
      },
    ].filter((table) => table.rows.length > 0),
    evidence: [
      {
        evidence: record.digest,
        pointers: ['/method', '/generator', '/seed'].filter((one) => has(record, one)),
      },
    ],
  }
}

function runClaim(run: EvidenceRecord, comparison: EvidenceRecord | undefined): Claim {
  const judged = fieldFigure(
    run,
    '/events/judged',
    'ws-run-judged',
    'Events judged in the newest run',
    'count',
  )
  const alerts = fieldFigure(run, '/alerts', 'ws-run-alerts', 'Alerts raised in it', 'count')
  const unclosed = fieldFigure(
    run,
    '/outcomes/unclosed',
    'ws-run-unclosed',
    'Alerts not looked into before it',
    'count',
  )
  const precision = rateFigure(
    ...([run, '/precision', '/precisionCounts', 'ws-precision'] as const),
    'True positives among alerts looked into',
  )
  return {
    section: 'security',
    title: 'Insider-threat detection: in use',
    serves: ['3.3'],
    prose: [
      ...(judged && alerts
        ? ['The detector last judged {{ws-run-judged}} events and raised {{ws-run-alerts}} alerts.']
        : []),
      ...(unclosed
        ? ['Alerts of earlier runs that nobody had looked into by then: {{ws-run-unclosed}}.']
        : []),
      precision
        ? 'Of the alerts that somebody looked into, {{ws-precision}} were true; duplicates and what was planted for exercises are left out, and alerts about one person count as one cluster.'
        : 'No alert was looked into and closed yet, so how many are true is not known.',
      comparison === undefined
        ? 'Nobody has compared the programme with that for the company’s most valuable other secrets.'
        : comparison.fields.atLeast === true
          ? 'The company says that the programme is at least that for its most valuable other secrets.'
          : 'The company says that the programme is less than that for its most valuable other secrets.',
    ],
    figures: [judged, alerts, unclosed, precision].filter((figure) => figure !== undefined),
    evidence: [
      { evidence: run.digest, pointers: ['/method'].filter((one) => has(run, one)) },
      ...(comparison
        ? [{ evidence: comparison.digest, pointers: ['/atLeast'].filter((one) => has(comparison, one)) }]
        : []),
    ],
  }
}

function fieldFigure(
  record: EvidenceRecord,
  pointer: string,
  id: string,
  label: string,
  unit: 'count' | 'seconds' | 'score',
): Figure | undefined {
  const value = at(record, pointer)
  if (typeof value !== 'number') return undefined
  const source = { evidence: record.digest, pointer }
  return {
    ...{ id, label, value, unit, source, kind: 'computed', method: 'field/v1', inputs: [] },
    recompute: 'It is the field itself.',
  }
}

function rateFigure(
  record: EvidenceRecord,
  pointer: string,
  counts: string,
  id: string,
  label: string,
): Figure | undefined {
  const rate = at(record, pointer) as
    | { value: number; low: number; high: number; level: number; n: number; clusters: number }
    | undefined
    | null
  if (!rate || !Array.isArray(at(record, counts))) return undefined
  const { value, low, high, level, n, clusters } = rate
  return {
    ...{ id, label, value, unit: 'rate', interval: { low, high, level }, n, clusters },
    ...{ source: { evidence: record.digest, pointer }, kind: 'computed', method: 'cluster-rate/v1' },
    inputs: [counts],
    recompute: 'Add up the events and the trials of the clusters and divide (cluster-rate/v1).',
  }
}

/** Any field may have been erased. */
function at(record: EvidenceRecord, pointer: string): unknown {
  try {
    return fieldAt(record.fields, pointer)
  } catch {
    return undefined
  }
}

function has(record: EvidenceRecord, pointer: string): boolean {
  return at(record, pointer) !== undefined
}

function titleOf(scenario: string): string {
  return scenario === 'all' ? 'all scenarios' : scenario.replaceAll('-', ' ')
}

function slug(budget: number): string {
  return String(budget).replace('.', '-')
}
