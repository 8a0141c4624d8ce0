import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Answer, Obligation, RuleContext } from '@avouch/core/obligation'
import { DOMAIN_TITLES, type Domain } from './domain.ts'
import { agentTesting, shownByAgents } from './rules/agentic.ts'
import { externalTesting, type Shown, shownByPeople } from './rules/external.ts'
import { ownIn } from './rules/own.ts'
import { researchGoesOn } from './rules/research.ts'
import type { SealedPackResult } from './sealed/summary.ts'

/** The predicate types that these rules read, as text: listing obligations must not load schemas. */
export const CAMPAIGN_RESULT = 'https://avouch.dev/evidence/red-teaming/campaign-result/v1'
/** What another tool found, brought in by `avouch red-team import`. */
export const IMPORT = 'https://avouch.dev/evidence/red-teaming/import/v1'
const REPORT = 'https://avouch.dev/evidence/public-reporting/report/v1'

/** Of what was planned in a domain, at least this share must have been answered, */
const EXECUTED_SHARE = 0.9
/** and of these answers at least this share judged, */
const GRADED_SHARE = 0.9
/** over at least this many behaviours. */
const MIN_BEHAVIOURS = 5

type Coverage = {
  behaviours: number
  behavioursGraded: number
  planned: number
  executed: number
  graded: number
}

/** What a campaign covered in a domain; undefined where it did not plan any, or the field was erased. */
function coverageIn(record: EvidenceRecord, domain: Domain): Coverage | undefined {
  const coverage = (record.fields.coverage as Partial<Record<Domain, Coverage>> | undefined)?.[domain]
  // what was planned and has no row may have been of any domain
  return coverage && { ...coverage, planned: coverage.planned + unplaced(record) }
}

/** Campaigns of our own and what was imported, in the order in which they were recorded. */
function testing(evidence: RuleContext['evidence']): EvidenceRecord[] {
  return [...evidence(CAMPAIGN_RESULT), ...evidence(IMPORT)].sort((a, b) => a.sequence - b.sequence)
}

/** Where the attempts come from, as a clause at the end of a sentence; empty for a campaign of our own. */
function provenance(records: EvidenceRecord[]): string {
  const tools = records
    .filter(({ predicateType }) => predicateType === IMPORT)
    .map(({ fields }) => `${String(fields.tool)} ${String(fields.toolVersion)}`)
  return tools.length === 0 ? '' : ` (imported from ${[...new Set(tools)].join(', ')})`
}

/** The attempts of an import that have no row, and of which the file does not tell the domain. */
function unplaced({ predicateType, fields }: EvidenceRecord): number {
  if (predicateType !== IMPORT) return 0
  const coverage = (fields.coverage ?? {}) as Record<string, { notRun: number }>
  const placed = Object.values(coverage).reduce((sum, { notRun }) => sum + notRun, 0)
  return Math.max(0, Number((fields.ledger as { notRun?: number } | undefined)?.notRun ?? 0) - placed)
}

/** Why a coverage is not enough, in a sentence; undefined where it is. */
function shortOf({ planned, executed, graded, behavioursGraded }: Coverage): string | undefined {
  if (executed < EXECUTED_SHARE * planned)
    return `only ${executed} of ${planned} planned attempts were answered, and ${100 * EXECUTED_SHARE} % are asked for`
  if (graded < GRADED_SHARE * executed)
    return `only ${graded} of ${executed} answers could be judged, and ${100 * GRADED_SHARE} % are asked for`
  if (behavioursGraded < MIN_BEHAVIOURS)
    return `only ${behavioursGraded} behaviours were tested, and ${MIN_BEHAVIOURS} are asked for`
  return undefined
}

const ELSEWHERE =
  'was run on another snapshot or configuration than the one that ships, and no signed statement says why it carries over'

/** 1.1: any campaign of the company's own with enough coverage in a domain. */
function internalTesting({ release, evidence, applies }: RuleContext): Answer {
  const all = testing(evidence).filter(({ fields }) => fields.internal === true)
  if (all.length === 0)
    return {
      status: 'missing',
      why: `No finished red-teaming campaign on ${release.name} is recorded.`,
      evidence: [],
    }
  const fitting = applies(all)
  const ids = (records: EvidenceRecord[]): string[] => records.map(({ id }) => id)
  if (fitting.length === 0) return { status: 'partly', why: `The campaign ${ELSEWHERE}.`, evidence: ids(all) }
  const tested = (record: EvidenceRecord): Domain[] =>
    (Object.keys(DOMAIN_TITLES) as Domain[]).filter((domain) => (coverageIn(record, domain)?.graded ?? 0) > 0)
  const answered = fitting.filter((record) => tested(record).length > 0)
  if (answered.length === 0)
    return {
      status: 'missing',
      why: 'A campaign was run, but not one attempt in it was answered and judged; that tests nothing.',
      evidence: ids(fitting),
    }
  const full = answered.filter((record) =>
    tested(record).some((domain) => shortOf(coverageIn(record, domain)!) === undefined),
  )
  if (full.length === 0) {
    const domain = tested(answered.at(-1)!)[0]!
    return {
      status: 'partly',
      why: `The campaign${provenance(answered.slice(-1))} falls short in every domain: in ${domain}, ${shortOf(coverageIn(answered.at(-1)!, domain)!)}.`,
      evidence: ids(answered),
    }
  }
  const domains = [...new Set(full.flatMap(tested))]
  const named = domains.filter((domain) => domain !== 'misuse').length
  return {
    status: 'met',
    why: `The company red-teamed the snapshot and configuration that ship, in ${named === 5 ? `all five domains${named < domains.length ? ' and in general misuse' : ''}` : domains.join(', ')}${provenance(full)}.`,
    evidence: ids(full),
  }
}

/**
 * 1.3 to 1.7: a campaign with the required coverage in the domain. `limit` says why such a campaign alone is only
 * part of the promise; undefined where it is the whole of it. `beside` says what else shows what the model can do: with
 * enough of that, the campaign is the whole.
 */
function domainTesting(
  domain: Domain,
  limit: string | undefined,
  beside?: (context: RuleContext, domain: Domain) => Shown | undefined,
) {
  return (context: RuleContext): Answer => {
    const { evidence, applies } = context
    const shown = beside?.(context, domain)
    const planned = testing(evidence).filter((record) => (coverageIn(record, domain)?.planned ?? 0) > 0)
    if (planned.length === 0 && shown)
      return {
        status: 'partly',
        why: `${DOMAIN_TITLES[domain]}: ${shown.why}; no campaign with coverage in this domain is recorded beside it.`,
        evidence: shown.evidence,
      }
    if (planned.length === 0)
      return { status: 'missing', why: `${DOMAIN_TITLES[domain]}: not tested.`, evidence: [] }
    const tested = planned.filter((record) => (coverageIn(record, domain)?.graded ?? 0) > 0)
    if (tested.length === 0)
      return {
        status: 'missing',
        why: `${DOMAIN_TITLES[domain]}: a campaign was run, but not one attempt was answered and judged; not tested.`,
        evidence: planned.map(({ id }) => id),
      }
    const fitting = applies(tested)
    if (fitting.length === 0)
      return { status: 'partly', why: `The campaign ${ELSEWHERE}.`, evidence: tested.map(({ id }) => id) }
    const full = fitting.filter((record) => shortOf(coverageIn(record, domain)!) === undefined)
    const judged = (record: EvidenceRecord): number => coverageIn(record, domain)!.behavioursGraded
    // not simply the newest: a later, smaller campaign takes nothing away from what a larger one showed
    const best = full.reduce<EvidenceRecord | undefined>(
      (widest, one) => (widest && judged(widest) > judged(one) ? widest : one),
      undefined,
    )
    if (!best) {
      const last = fitting.at(-1)!
      return {
        status: 'partly',
        why: `The campaign${provenance([last])} falls short: ${shortOf(coverageIn(last, domain)!)}.`,
        evidence: [last.id],
      }
    }
    const { executed, planned: asked, behavioursGraded } = coverageIn(best, domain)!
    const what = `${executed} of ${asked} planned attempts were answered, over ${behavioursGraded} behaviours${provenance([best])}${sealedIn(best, domain)}${ownIn(best, domain)}`
    if (shown?.enough)
      return {
        status: 'met',
        why: `${what}; and ${shown.why}.`,
        evidence: [best.id, ...shown.evidence],
      }
    const rest = best.predicateType === IMPORT ? IMPORTED : limit
    return {
      status: limit === undefined ? 'met' : 'partly',
      why: limit === undefined ? `${what}.` : `${what}; ${shown ? `${shown.why}; ` : ''}${rest}`,
      evidence: [best.id],
    }
  }
}

/** What of a campaign's answers in a domain came of expert packs, as a clause; empty where it had none. */
function sealedIn({ fields }: EvidenceRecord, domain: Domain): string {
  const packs = ((fields.sealedPacks ?? []) as SealedPackResult[]).filter((pack) => pack.domain === domain)
  if (packs.length === 0) return ''
  const answered = packs.reduce((sum, { executed }) => sum + executed, 0)
  if (answered === 0) return '; none of the questions that experts sealed was answered'
  const names = packs.map(({ digest }) => digest.slice(0, 12)).join(', ')
  return `; ${answered} of these answers are to questions that experts sealed (${packs.length === 1 ? 'pack' : 'packs'} ${names})`
}

/** 1.9: published reports that cite what the other obligations rest on. */
function described({ evidence, applies }: RuleContext): Answer {
  const wanted = ['1.1', '1.2', '1.3', '1.4', '1.5', '1.6', '1.7']
  const reports = applies(evidence(REPORT))
  const report = reports.at(-1)
  if (!report)
    return {
      status: 'missing',
      why: 'No published report describes the red-teaming of this release.',
      evidence: [],
    }
  const cites = Array.isArray(report.fields.cites) ? (report.fields.cites as unknown[]) : []
  const absent = wanted.filter((id) => !cites.includes(id))
  if (absent.length === 0)
    return {
      status: 'met',
      why: 'The published report describes the red-teaming under 1.1 to 1.7.',
      evidence: [report.id],
    }
  if (absent.length === wanted.length)
    return { status: 'missing', why: 'The published report cites none of 1.1 to 1.7.', evidence: [report.id] }
  return {
    status: 'partly',
    why: `The published report describes the red-teaming, but cites nothing for ${absent.join(', ')}.`,
    evidence: [report.id],
  }
}

const SINGLE_TURN =
  'refusals to category-level questions, each asked in a single turn, cannot show what the model is capable of; that takes experts, an uplift study or a sealed study.'

const IMPORTED =
  'these are another tool’s probes and verdicts, which cannot show what the model is capable of; that takes experts, a study of uplift, or a sandbox in which it acts.'

/** The rows of the catalogue for red-teaming. */
export const obligations: Obligation[] = [
  {
    id: '1.1',
    title: 'Internal red-teaming',
    promise: "The company's own people red-teamed the snapshot and configuration that ships.",
    binds: 'release',
    force: 'asked',
    due: 'before',
    rule: internalTesting,
  },
  {
    id: '1.2',
    title: 'External red-teaming',
    promise:
      'Independent experts of the domain red-teamed the release: their sessions, or an outside organisation’s signed attestation of scope, dates, hours, field, independence and restrictions.',
    binds: 'release',
    force: 'asked',
    due: 'before',
    rule: externalTesting,
  },
  {
    id: '1.3',
    title: 'Bio, chemical and radiological risk',
    promise:
      'It was tested whether the model lowers barriers to the development, design, acquisition or use of biological, chemical or radiological weapons.',
    binds: 'release',
    force: 'asked',
    due: 'before',
    rule: domainTesting('cbr', SINGLE_TURN, shownByPeople),
  },
  {
    id: '1.4',
    title: 'Cyber',
    promise:
      'It was tested how far the model helps to discover and exploit vulnerabilities and in operational use, with its defensive use noted beside it.',
    binds: 'release',
    force: 'asked',
    due: 'before',
    rule: domainTesting('cyber', SINGLE_TURN, shownByPeople),
  },
  {
    id: '1.5',
    title: 'System interaction and tool use',
    promise: 'It was tested what the model does with tools, the control of physical systems included.',
    binds: 'release',
    force: 'asked',
    due: 'before',
    rule: agentTesting(
      'tool-use',
      domainTesting(
        'tool-use',
        'tools were offered in a single turn and nothing happened when one was called; what an agent brings about takes a tool sandbox.',
        (context) => shownByAgents(context, 'tool-use'),
      ),
    ),
  },
  {
    id: '1.6',
    title: 'Self-replication',
    promise:
      'It was tested whether the model can acquire resources, copy itself or its weights, and persist.',
    binds: 'release',
    force: 'asked',
    due: 'before',
    rule: agentTesting(
      'self-replication',
      domainTesting(
        'self-replication',
        'single-turn questions show what the model says it would do, not what it can; that takes a replication sandbox.',
        (context) => shownByAgents(context, 'self-replication'),
      ),
    ),
  },
  {
    id: '1.7',
    title: 'Societal risks',
    promise: 'Societal risks such as bias and discrimination were red-teamed.',
    binds: 'release',
    force: 'asked',
    due: 'before',
    rule: domainTesting('societal', undefined),
  },
  {
    id: '1.8',
    title: 'Research',
    promise:
      'Research goes on: the science of red-teaming, robustness against misuse, the interpretability of how models decide.',
    binds: 'company',
    force: 'asked',
    due: 'standing',
    rule: researchGoesOn,
  },
  {
    id: '1.9',
    title: 'Described in the report',
    promise: 'The red-teaming and safety procedures are described in the transparency report.',
    binds: 'release',
    force: 'asked',
    due: 'at',
    rule: described,
  },
]
