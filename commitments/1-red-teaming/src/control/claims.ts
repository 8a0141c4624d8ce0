import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Claim, Figure } from '@avouch/core/gate'
import { shippingOf } from '../claims/campaigns.ts'
import { FigureSheet, type Row } from '../claims/sheet.ts'
import { CONTROL_RATES, type Control, type ControlRate } from './evidence.ts'

export const CONTROL = 'https://avouch.dev/evidence/red-teaming/control/v1'

const LABELS: Record<ControlRate, string> = {
  found: 'Planted weaknesses that were found',
  sensitivity: 'Attempts in which the practice target gave way, judged as a breach',
  falseBreaches: 'Attacks the practice target withstood, judged as a breach',
  falseBreachesOnTwins: 'False breaches on benign twins',
  falseRefusals: 'Harmless questions the practice target helped with, judged as refused',
}

/** A count that the prose names; any may have been erased. */
type Count = {
  id: string
  label: string
  pointer: string
  at(fields: Partial<Control>): number | undefined
}

const COUNTS: readonly Count[] = [
  {
    id: 'rt-control-planted',
    label: 'Planted weaknesses',
    pointer: '/planted',
    at: ({ planted }) => planted,
  },
  {
    id: 'rt-control-found',
    label: 'Planted weaknesses found',
    pointer: '/found',
    at: ({ found }) => found,
  },
  {
    id: 'rt-control-twins',
    label: 'Answers to benign twins',
    pointer: '/twins/answered',
    at: ({ twins }) => twins?.answered,
  },
  {
    id: 'rt-control-twin-breaches',
    label: 'Answers to benign twins judged as a breach',
    pointer: '/twins/judgedBreach',
    at: ({ twins }) => twins?.judgedBreach,
  },
]

/** What stands of every control where there are several. */
const EVERY = [
  ...COUNTS.map(({ pointer, label }) => ({ pointer, label })),
  { pointer: '/attacks/answered', label: 'Answers to attacks' },
  { pointer: '/attacks/judgedWithout', label: 'Attacks it withstood, judged as a breach' },
]

/**
 * What the report says of a control: nothing for a real target, of which nobody knows what was there to find. Of several
 * the widest on what ships is told, of those alike the newest, and every one stands in a table: a later, smaller control
 * takes nothing away from what a larger one missed. Pure.
 */
export function controlClaims(
  records: EvidenceRecord[],
  registered: Pick<EvidenceRecord, 'about'> | undefined,
): Claim[] {
  const main = shippingOf(records, registered).reduce<EvidenceRecord | undefined>(
    (widest, one) => (widest && answeredIn(widest) > answeredIn(one) ? widest : one),
    undefined,
  )
  return main ? [claimOf(main), ...everyControl(records)] : []
}

/** Answers that a control rests on. */
function answeredIn({ fields }: EvidenceRecord): number {
  const { attacks, twins } = fields as Partial<Control>
  return (attacks?.answered ?? 0) + (twins?.answered ?? 0)
}

function everyControl(records: readonly EvidenceRecord[]): Claim[] {
  if (records.length < 2) return []
  const all = new FigureSheet(records[0]!, [])
  const rows = records.map((record, n): Row => {
    const name = `\`${String(record.fields.campaign ?? record.id).slice(-6)}\``
    const id = `rt-control-of-${n + 1}`
    const sheet = new FigureSheet(record, [])
    for (const { pointer, label } of EVERY)
      sheet.field(pointer, id + pointer.replaceAll('/', '-').toLowerCase(), `${label}, campaign ${name}`)
    all.add(...sheet.figures)
    return { label: `Campaign ${name}`, id }
  })
  return [
    {
      section: 'adversarial-testing',
      title: 'Every control on this release',
      serves: [],
      prose: [
        'More than one campaign was held against what was planted. The one with most answers is told at length; this is what came of each, the oldest first.',
      ],
      figures: all.figures,
      tables: all.table(
        'What each control saw',
        rows,
        EVERY.map(({ pointer, label }) => [label, pointer.replaceAll('/', '-').toLowerCase()]),
      ),
      evidence: records.map(({ digest }) => ({ evidence: digest, pointers: ['/campaign'] })),
    },
  ]
}

function claimOf(record: EvidenceRecord): Claim {
  const fields = record.fields as Partial<Control>
  // any field may have been erased
  const rates = CONTROL_RATES.filter((name) => fields.rates?.[name] && fields.counts?.[name])
  const counts = COUNTS.filter(({ at }) => at(fields) !== undefined)
  const has = (name: ControlRate): boolean => rates.includes(name)
  return {
    section: 'adversarial-testing',
    title: 'Control: weaknesses that were planted',
    serves: ['6.5', '1.1'],
    prose: [
      'The model under test is a practice target: a program with weaknesses that were planted in it and are listed in its manifest. So it is known what was there to find, and each of its answers says whether it gave way.',
      ...(counts.length === COUNTS.length && has('found')
        ? [
            'Planted weaknesses found: {{rt-control-found}} of {{rt-control-planted}}, which is {{rt-control-found-rate}}.',
          ]
        : []),
      ...(counts.length === COUNTS.length && has('falseBreachesOnTwins')
        ? [
            'False breaches on benign twins: {{rt-control-twin-breaches}} of {{rt-control-twins}}, which is {{rt-control-false-breaches-on-twins}}.',
          ]
        : []),
      ...(has('sensitivity') && has('falseBreaches')
        ? [
            'Of the attempts in which it gave way, {{rt-control-sensitivity}} were judged as a breach; of those it withstood, {{rt-control-false-breaches}}.',
          ]
        : []),
      'This speaks of the instrument, on a target with answers of one kind. It says nothing of how often graders err on a real model.',
    ],
    figures: [
      ...counts.map((count) => countFigure(record, count, count.at(fields)!)),
      ...rates.map((name) => rateFigure(record, name, fields.rates![name]!)),
    ],
    tables: [
      {
        caption: 'What the instrument saw on a target whose weaknesses are known',
        columns: ['Rate'],
        rows: rates.map((name) => ({ label: LABELS[name], cells: [idOf(name)] })),
      },
    ].filter(({ rows }) => rows.length > 0),
    evidence: [
      {
        evidence: record.digest,
        pointers: ['/model', '/manifestDigest', '/weaknesses'].filter(
          (pointer) => record.fields[pointer.slice(1)] !== undefined,
        ),
      },
    ],
  }
}

function idOf(name: ControlRate): string {
  return name === 'found'
    ? 'rt-control-found-rate'
    : `rt-control-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

function countFigure(record: EvidenceRecord, { id, label, pointer }: Count, value: number): Figure {
  return {
    id,
    label,
    value,
    unit: 'count',
    source: { evidence: record.digest, pointer },
    kind: 'computed',
    method: 'field/v1',
    inputs: [],
    recompute: 'It is the field itself, counted from the rows of the campaign.',
  }
}

function rateFigure(
  record: EvidenceRecord,
  name: ControlRate,
  { value, low, high, level, n, clusters }: NonNullable<Control['rates'][ControlRate]>,
): Figure {
  return {
    id: idOf(name),
    label: LABELS[name],
    value,
    unit: 'rate',
    interval: { low, high, level },
    n,
    clusters,
    source: { evidence: record.digest, pointer: `/rates/${name}` },
    kind: 'computed',
    method: 'cluster-rate/v1',
    inputs: [`/counts/${name}`],
    recompute:
      'Add up the events and the trials of the clusters and divide; the interval takes each cluster as one unit (cluster-rate/v1).',
  }
}
