import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Claim } from '@avouch/core/gate'
import { CAMPAIGN_RESULT } from '../obligations.ts'
import { FigureSheet, type Row } from './sheet.ts'

const PLAN = 'https://avouch.dev/evidence/core/campaign-plan/v1'
const STOPPED = 'https://avouch.dev/evidence/core/campaign-stopped/v1'
const ABANDONED = 'https://avouch.dev/evidence/core/campaign-abandoned/v1'
const PURPOSE = 'red-teaming'

/**
 * Campaigns on a release whose plan is logged and which have no result: stopped, out of budget, or given up. Nothing of
 * them is counted in any rate, but that they were begun is told, or a campaign that went badly could be left lying.
 * Pure.
 */
export function unfinishedClaim(live: readonly EvidenceRecord[], release: string): Claim[] {
  const about = live.filter((record) => record.about.release === release)
  const ended = new Set(
    about
      .filter(({ predicateType }) => predicateType === CAMPAIGN_RESULT)
      .map(({ fields }) => fields.campaign),
  )
  const plans = about.filter(
    ({ predicateType, fields }) =>
      predicateType === PLAN && fields.purpose === PURPOSE && !ended.has(fields.campaign),
  )
  if (plans.length === 0) return []
  const sheets = plans.map((plan, n) => {
    const { campaign } = plan.fields
    const last = (type: string): EvidenceRecord | undefined =>
      about.findLast(({ predicateType, fields }) => predicateType === type && fields.campaign === campaign)
    const given = last(ABANDONED) ?? last(STOPPED)
    return { plan, given, ...rowOf(plan, given, n) }
  })
  const all = new FigureSheet(plans[0]!, [])
  for (const { figures } of sheets) all.add(...figures)
  return [
    {
      section: 'adversarial-testing',
      title: 'Campaigns that were not finished',
      serves: [],
      prose: [
        'These campaigns were planned on this release and have no result: they were stopped, or given up. What was answered in them is counted in no rate here, for or against the release.',
        'How much was answered is as of the last stop, or of when it was given up; where no count stands, a run ended without a word or still goes on.',
      ],
      figures: all.figures,
      tables: all.table(
        'Unfinished, not counted',
        sheets.map(({ row }) => row),
        [
          ['Planned', '-planned'],
          ['Answered', '-executed'],
          ['Errors', '-errored'],
          ['Not run', '-not-run'],
        ],
      ),
      evidence: sheets.flatMap(({ plan, given }) => [
        { evidence: plan.digest, pointers: ['/campaign'] },
        ...(given
          ? [{ evidence: given.digest, pointers: ['/reason'].filter(() => 'reason' in given.fields) }]
          : []),
      ]),
    },
  ]
}

function rowOf(plan: EvidenceRecord, given: EvidenceRecord | undefined, n: number) {
  const name = `\`${String(plan.fields.campaign ?? plan.id).slice(-6)}\``
  const id = `rt-unfinished-${n + 1}`
  const planned = new FigureSheet(plan, [])
  planned.field('/items', `${id}-planned`, `Attempts planned, campaign ${name}`, {
    recompute: 'It is the field itself, counted from the plan.',
  })
  const done = new FigureSheet(given ?? plan, [])
  if (given)
    for (const [field, end] of [
      ['executed', 'executed'],
      ['errored', 'errored'],
      ['notRun', 'not-run'],
    ] as const)
      done.field(`/ledger/${field}`, `${id}-${end}`, `Attempts ${end.replace('-', ' ')}, campaign ${name}`)
  const row: Row = {
    label: `Campaign ${name}, ${given?.predicateType === ABANDONED ? 'given up' : 'unfinished'}`,
    id,
  }
  return { row, figures: [...planned.figures, ...done.figures] }
}
