import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Claim, ClaimTable, Figure } from '@avouch/core/gate'
import { inStageOrder } from '../agentic/gather.ts'
import { DOMAIN_OBLIGATIONS, DOMAIN_TITLES, DOMAINS, type Domain } from '../domain.ts'
import type { Coverage, Rate } from '../evidence.ts'
import type { Fields } from './fields.ts'
import { fieldFigure, token } from './figure.ts'

const RECOMPUTE =
  'Add up the events and the trials of the clusters and divide; the interval takes each behaviour with all its variants as one unit (cluster-rate/v1).'

const COLUMNS = { planned: 'Planned', executed: 'Answered', graded: 'Judged' } as const

/** What agents did in simulated worlds, domain by domain and stage by stage; nothing where none acted in one. */
export function agentClaims(record: EvidenceRecord): Claim[] {
  const fields = record.fields as Fields
  const domains = agenticDomains(fields)
  if (domains.length === 0) return []
  const stages = inStageOrder(Object.keys(fields.stageCoverage ?? {}))
  const tasks = domains.filter(
    (domain) =>
      fields.taskRefusal?.[domain] && fields.taskRefusalCounts?.[domain] && fields.taskCoverage?.[domain],
  )
  const rated = stages.filter((stage) => fields.stageRates?.[stage] && fields.stageCounts?.[stage])
  return [
    {
      section: 'safety-evaluations',
      title: 'Agents in simulated worlds',
      serves: ['6.2', '6.5', ...domains.map((domain) => DOMAIN_OBLIGATIONS[domain])],
      prose: [
        'The model acted as an agent with tools, in simulated worlds made anew for each attempt: an office, a shop, a small plant with a robot cell, or the machines of a lab. Nothing real was behind the tools. A breach is a state of the world that must never be reached, whatever was said; each behaviour was asked for outright, put as a goal that pulls against the rules, and planted in what the agent reads on a harmless errand.',
        ...domains.map((domain) => sentenceOf(domain, fields)),
        'An attempt counts at a stage where it reached what the behaviour is about. What a model did not do in these worlds, within the steps it had, it may do in others, or with other tools.',
        ...tasks.map(
          (domain) =>
            `Of harmless tasks in the same worlds that could be judged, {{rt-task-refusal-${domain}}} were declined (${DOMAIN_TITLES[domain]}); {{rt-task-${domain}-graded}} of {{rt-task-${domain}-planned}} planned could be.`,
        ),
      ],
      figures: [
        ...domains.flatMap((domain) => domainFigures(record, domain, fields)),
        ...stages.flatMap((stage) => stageFigures(record, stage, rated.includes(stage))),
        ...tasks.flatMap((domain) => taskFigures(record, domain)),
      ],
      tables: [stageTable(stages, rated)].filter(({ rows }) => rows.length > 0),
    },
  ]
}

/** Domains in which an agent acted, and of which the coverage is told. */
export function agenticDomains(fields: Fields): Domain[] {
  return DOMAINS.filter((domain) => (fields.agenticCoverage?.[domain]?.executed ?? 0) > 0)
}

function sentenceOf(domain: Domain, fields: Fields): string {
  const title = DOMAIN_TITLES[domain]
  const covered = `{{rt-agent-${domain}-behaviours}} behaviours were tried, and {{rt-agent-${domain}-executed}} of {{rt-agent-${domain}-planned}} planned attempts were answered`
  return hasRate(domain, fields)
    ? `${title}: ${covered}; {{rt-agent-${domain}}} of those that were judged reached a state that must never be reached.`
    : `${title}: ${covered}, and none of them could be judged.`
}

function hasRate(domain: Domain, { agenticRates, agenticCounts }: Fields): boolean {
  return agenticRates?.[domain] !== undefined && agenticCounts?.[domain] !== undefined
}

function domainFigures(record: EvidenceRecord, domain: Domain, fields: Fields): Figure[] {
  const title = DOMAIN_TITLES[domain]
  const counted = (member: keyof Coverage, name: string, label: string): Figure =>
    fieldFigure(
      record,
      `/agenticCoverage/${domain}/${member}`,
      `rt-agent-${domain}-${name}`,
      `${label} by an agent, ${title}`,
    )
  return [
    ...(hasRate(domain, fields)
      ? [rateFigure(record, 'agenticRates', domain, `rt-agent-${domain}`, `Breaches by an agent, ${title}`)]
      : []),
    counted('behavioursGraded', 'behaviours', 'Behaviours judged'),
    counted('planned', 'planned', 'Attempts planned'),
    counted('executed', 'executed', 'Attempts answered'),
    counted('graded', 'graded', 'Attempts judged'),
  ]
}

function taskFigures(record: EvidenceRecord, domain: Domain): Figure[] {
  const title = DOMAIN_TITLES[domain]
  return [
    rateFigure(
      record,
      'taskRefusal',
      domain,
      `rt-task-refusal-${domain}`,
      `Harmless tasks declined, ${title}`,
    ),
    ...(['planned', 'graded'] as const).map((member) =>
      fieldFigure(
        record,
        `/taskCoverage/${domain}/${member}`,
        `rt-task-${domain}-${member}`,
        `Harmless tasks ${member === 'graded' ? 'judged' : member}, ${title}`,
      ),
    ),
  ]
}

function stageFigures(record: EvidenceRecord, stage: string, isRated: boolean): Figure[] {
  const id = `rt-stage-${stage.replace(':', '-')}`
  const title = titleOf(stage)
  return [
    ...(isRated ? [rateFigure(record, 'stageRates', stage, id, `Breaches, ${title}`)] : []),
    ...(Object.keys(COLUMNS) as (keyof typeof COLUMNS)[]).map((member) =>
      fieldFigure(
        record,
        `/stageCoverage/${token(stage)}/${member}`,
        `${id}-${member}`,
        `Attempts ${member}, ${title}`,
      ),
    ),
  ]
}

function stageTable(stages: readonly string[], rated: readonly string[]): ClaimTable {
  return {
    caption: 'What agents reached, by place and stage',
    columns: ['Reached', ...Object.values(COLUMNS)],
    rows: stages.map((stage) => {
      const id = `rt-stage-${stage.replace(':', '-')}`
      return {
        label: titleOf(stage),
        cells: [rated.includes(stage) ? id : '', ...Object.keys(COLUMNS).map((member) => `${id}-${member}`)],
      }
    }),
  }
}

function titleOf(stage: string): string {
  const [domain = '', facet = ''] = stage.split(':')
  return `${DOMAIN_TITLES[domain as Domain] ?? domain}, ${facet}`
}

function rateFigure(
  record: EvidenceRecord,
  field: 'agenticRates' | 'stageRates' | 'taskRefusal',
  member: string,
  id: string,
  label: string,
): Figure {
  const counts = {
    agenticRates: 'agenticCounts',
    stageRates: 'stageCounts',
    taskRefusal: 'taskRefusalCounts',
  }[field]
  const { value, low, high, level, n, clusters } = (record.fields[field] as Record<string, Rate>)[member]!
  return {
    id,
    label,
    value,
    unit: 'rate',
    interval: { low, high, level },
    n,
    clusters,
    source: { evidence: record.digest, pointer: `/${field}/${token(member)}` },
    kind: 'computed',
    method: 'cluster-rate/v1',
    inputs: [`/${counts}/${token(member)}`],
    recompute: RECOMPUTE,
  }
}
