import {
  type Count,
  calibrationEvidence,
  type Ledger,
  ledgerOf,
  liveCalibrations,
  type ReadRate,
  readRate,
  reported,
  type StrategyCost,
  standingOf,
  workedAt,
} from '@avouch/core/campaign'
import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Installation } from '@avouch/core/installation'
import { type AgentsView, agentsOf } from './agentic/view.ts'
import { DOMAINS, type Domain } from './domain.ts'
import type { CampaignFinding, CampaignResult, Coverage, Rate } from './evidence.ts'
import { type Comparison, comparisonEvidence } from './numbers/comparison-evidence.ts'
import { cellOf, type Gathered, gather } from './numbers/gather.ts'
import { SEVERITIES, type Severity } from './probe.ts'
import { type RegressionItem, regressionItems, withoutRegressions } from './regression/summary.ts'
import { findingsOf } from './result.ts'
import { signedHeadersOf } from './sealed/noted.ts'
import { type SealedPackResult, sealedResults } from './sealed/summary.ts'
import { type CampaignSummary, readOurs, summaryOf, underWay } from './view.ts'

/** A rate as a page shows it: `rate` is the one to report, null where nothing was judged, which says "not tested". */
export type ShownRate = {
  rate: Rate | null
  /** The rate as it was graded, where `rate` is corrected for its grader's error. */
  graded: Rate | null
  /** Why it is not corrected; null where it is, or there is none. */
  why: string | null
  /** What was planned and what came of it; null where nothing was planned. */
  coverage: Coverage | null
}

/** A calibration that corrects rates of this campaign. */
export type UsedCalibration = {
  evidence: string
  grader: string
  /** `overall`, or the domain whose own labels were used. */
  part: string
  sensitivity: Rate | null
  specificity: Rate | null
  /** Whether it was recorded before the campaign's result; null while there is none. */
  before: boolean | null
}

/** Calls, tokens and seconds of the model under test or of its helpers: attackers, translators and judges. */
export type RoleCost = {
  role: 'model' | 'helpers'
  calls: number
  inputTokens: number | null
  outputTokens: number | null
  tokens: number
  seconds: number | null
}

/** A campaign as it stands this moment: counts and rates so far, no prompt and no answer. */
export type CampaignView = CampaignSummary & {
  ledger: Ledger
  domains: (ShownRate & { domain: Domain; verdicts: Record<string, number> })[]
  strategies: (ShownRate & { strategy: string; cost: { calls: number; tokens: number } })[]
  severities: (ShownRate & { severity: Severity })[]
  /** Every planned pair of a domain and a strategy. */
  cells: (ShownRate & { domain: Domain; strategy: string; breaches: number })[]
  overRefusal: Rate | null
  refusals: (ShownRate & { domain: Domain | 'all' })[]
  calibrations: UsedCalibration[]
  cost: RoleCost[]
  /** Seconds from start to end, or so far. */
  seconds: number | null
  /** Known once the campaign has ended. */
  bestOf: NonNullable<CampaignResult['bestOf']> | null
  withstands: NonNullable<CampaignResult['withstands']> | null
  firstBreach: NonNullable<CampaignResult['firstBreach']> | null
  comparison: { with: { campaign: string; release: string }; evidence: string; parts: Comparison } | null
  /** What agents did in simulated worlds; null where no probe is played in one. */
  agents: AgentsView | null
  findings: CampaignFinding[]
  /** Reported flaws that are asked again, and what became of each so far; in none of the rates. */
  regressions: RegressionItem[]
  /** Expert packs that came sealed, in totals. */
  sealedPacks: SealedPackResult[]
}

/** Throws `not-found` where there is no such red-teaming campaign. */
export async function viewCampaign(installation: Installation, id: string): Promise<CampaignView> {
  const { row, document } = await readOurs(installation, id)
  const { evidence } = installation
  const [{ counts, costs, supersededErrors }, calibrations, record, compared] = await Promise.all([
    standingOf(installation.db, id),
    calibrationsFor(installation),
    row.resultEvidence === null ? undefined : evidence.get(row.resultEvidence),
    row.resultEvidence === null || row.about.release === undefined
      ? []
      : evidence.list({ type: comparisonEvidence, release: row.about.release }),
  ])
  const whole = { plan: { document }, tallies: counts }
  // flaws that are asked again are chosen because they showed once: they are in no rate
  const own = withoutRegressions(whole)
  const gathered = gather(own.plan.document, own.tallies)
  const standing = recordOf(row.about, document.graders, gathered)
  const used = new Map<string, UsedCalibration>()
  const shown = (field: string, member: string, coverage: Coverage | undefined): ShownRate => {
    const read = readRate(standing, field, member, calibrations)
    if (read?.corrected) note(used, read.corrected, record)
    return {
      rate: read ? asRate(reported(read)) : null,
      graded: read?.corrected ? asRate(read.apparent) : null,
      why: read?.why ?? null,
      coverage: coverage ?? null,
    }
  }
  const fields = record?.fields as Partial<CampaignResult> | undefined
  const comparison = compared.findLast(
    ({ fields: { campaign }, supersededBy, retractedBy }) => campaign === id && !supersededBy && !retractedBy,
  )
  const ended = row.endedAt ?? (row.state === 'running' ? installation.now() : null)
  return {
    ...summaryOf(row, await workedAt(installation.db, underWay([row]))),
    ledger: ledgerOf(row.items, counts, supersededErrors),
    domains: DOMAINS.map((domain) => ({
      domain,
      ...shown('rates', domain, gathered.coverage[domain]),
      verdicts: verdictsOf(own.tallies, (probe) => {
        const { kind, domain: of } = document.probes[probe]!
        return kind === 'attack' && of === domain
      }),
    })),
    strategies: document.strategies.map(({ name }, index) => ({
      strategy: name,
      ...shown('strategyRates', name, gathered.strategyCoverage[name]),
      cost: costOf(costs.find(({ strategy }) => strategy === index)),
    })),
    severities: SEVERITIES.toReversed().flatMap((severity) =>
      gathered.severityCoverage[severity]
        ? [{ severity, ...shown('severityRates', severity, gathered.severityCoverage[severity]) }]
        : [],
    ),
    cells: DOMAINS.flatMap((domain) =>
      document.strategies.flatMap(({ name }) => {
        const cell = cellOf(domain, name)
        const coverage = gathered.cellCoverage[cell]
        const breaches = (gathered.cells.counts[cell] ?? []).reduce((sum, [events]) => sum + events, 0)
        return coverage ? [{ domain, strategy: name, breaches, ...shown('cellRates', cell, coverage) }] : []
      }),
    ),
    overRefusal: shown('overRefusal', 'all', undefined).rate,
    refusals: (['all', ...DOMAINS] as const).flatMap((domain) =>
      gathered.refusalCoverage[domain]
        ? [{ domain, ...shown('overRefusal', domain, gathered.refusalCoverage[domain]) }]
        : [],
    ),
    calibrations: [...used.values()],
    cost: rolesOf(costs),
    seconds: row.startedAt && ended ? (ended.getTime() - row.startedAt.getTime()) / 1000 : null,
    bestOf: fields?.bestOf ?? null,
    withstands: fields?.withstands ?? null,
    firstBreach: fields?.firstBreach ?? null,
    comparison: comparison
      ? {
          with: comparison.fields.with as { campaign: string; release: string },
          evidence: comparison.id,
          parts: comparison.fields.parts as Comparison,
        }
      : null,
    agents: agentsOf(document, own.tallies, fields),
    findings: findingsOf(document, own.tallies),
    regressions: regressionItems(whole),
    sealedPacks: sealedResults(whole, signedHeadersOf(row.note, document.probes)),
  }
}

/** The calibrations that stand, of which few are ever made. */
async function calibrationsFor({ evidence }: Installation): Promise<EvidenceRecord[]> {
  return liveCalibrations(await evidence.list({ type: calibrationEvidence }))
}

/** What stands so far in the form of a result, so that its rates are read as a result's are. */
function recordOf(
  about: EvidenceRecord['about'],
  judges: CampaignResult['judges'],
  { domains, strategies, severities, cells, refusals }: Gathered,
): Pick<EvidenceRecord, 'about' | 'fields'> {
  return {
    about,
    fields: {
      judges,
      judgedBy: {
        rates: domains.judgedBy,
        strategyRates: strategies.judgedBy,
        severityRates: severities.judgedBy,
        cellRates: cells.judgedBy,
        overRefusal: refusals.judgedBy,
      },
      rates: domains.rates,
      counts: domains.counts,
      strategyRates: strategies.rates,
      strategyCounts: strategies.counts,
      severityRates: severities.rates,
      severityCounts: severities.counts,
      cellRates: cells.rates,
      cellCounts: cells.counts,
      overRefusal: refusals.rates,
      overRefusalCounts: refusals.counts,
    },
  }
}

function note(
  used: Map<string, UsedCalibration>,
  { calibration, part }: NonNullable<ReadRate['corrected']>,
  result: EvidenceRecord | undefined,
): void {
  const key = `${calibration.id}${part}`
  if (used.has(key)) return
  const domain = part.split('/')[2]
  const { overall, byDomain } = calibration.fields as {
    overall: Pick<UsedCalibration, 'sensitivity' | 'specificity'>
    byDomain: Record<string, Pick<UsedCalibration, 'sensitivity' | 'specificity'>>
  }
  const { sensitivity, specificity } = domain === undefined ? overall : byDomain[domain]!
  used.set(key, {
    evidence: calibration.id,
    grader: String(calibration.fields.grader),
    part: domain ?? 'overall',
    sensitivity,
    specificity,
    before: result ? calibration.sequence < result.sequence : null,
  })
}

function asRate({ value, low, high, level, n, clusters }: Rate): Rate {
  return { value, low, high, level, n, clusters }
}

function verdictsOf(counts: readonly Count[], of: (probe: number) => boolean): Record<string, number> {
  const verdicts: Record<string, number> = {}
  for (const { probe, status, verdict, n } of counts) {
    if (!of(probe)) continue
    const key = verdict ?? status
    verdicts[key] = (verdicts[key] ?? 0) + n
  }
  return verdicts
}

function costOf(cost: StrategyCost | undefined): { calls: number; tokens: number } {
  if (!cost) return { calls: 0, tokens: 0 }
  const { calls, helperCalls, inputTokens, outputTokens, helperTokens } = cost
  return { calls: calls + helperCalls, tokens: inputTokens + outputTokens + helperTokens }
}

function rolesOf(costs: readonly StrategyCost[]): RoleCost[] {
  const sum = (name: Exclude<keyof StrategyCost, 'strategy'>): number =>
    costs.reduce((total, cost) => total + cost[name], 0)
  return [
    {
      role: 'model',
      calls: sum('calls'),
      inputTokens: sum('inputTokens'),
      outputTokens: sum('outputTokens'),
      tokens: sum('inputTokens') + sum('outputTokens'),
      seconds: sum('latency') / 1000,
    },
    {
      role: 'helpers',
      calls: sum('helperCalls'),
      inputTokens: null,
      outputTokens: null,
      tokens: sum('helperTokens'),
      seconds: null,
    },
  ]
}
