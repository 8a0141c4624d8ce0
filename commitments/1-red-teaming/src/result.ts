import {
  type Conclusion,
  type Count,
  canonicalJson,
  type PlanDocument,
  sha256Hex,
  type Tally,
} from '@avouch/core/campaign'
import type { Draft } from '@avouch/core/evidence'
import { findingEvidence } from '@avouch/core/gate'
import type { Installation } from '@avouch/core/installation'
import { gatherAgentic, inPools } from './agentic/gather.ts'
import { DOMAINS } from './domain.ts'
import { type CampaignFinding, type CampaignResult, campaignResult } from './evidence.ts'
import { firstBreaches } from './numbers/first-breach.ts'
import { gather } from './numbers/gather.ts'
import { bestOf, repeatsOf, withstands } from './numbers/tries.ts'
import { ownBehaviours } from './own-questions.ts'
import type { RedTeamProbe } from './probe.ts'
import { withTimes } from './rate.ts'
import { regressionCounts, regressionItems, withoutRegressions } from './regression/summary.ts'
import type { SignedHeader } from './sealed/sealed-file.ts'
import { sealedResults } from './sealed/summary.ts'
import { openAmong, standingFinding } from './standing-finding.ts'

/** The evidence of a finished campaign. `shipped` are digests of the questions that come with Avouch. Pure. */
export function resultOf(
  whole: Conclusion<RedTeamProbe>,
  runBy: string,
  sealedPacks: readonly Pick<SignedHeader, 'header'>[] = [],
  shipped?: ReadonlySet<string>,
): Draft<CampaignResult> {
  const regressions = regressionItems(whole)
  const conclusion = withoutRegressions(whole)
  const { plan, ledger, startedAt, endedAt, tallies } = conclusion
  const { probes, strategies, graders } = plan.document
  const gathered = gather(plan.document, tallies)
  const { domains, strategies: byStrategy, severities, cells, refusals } = gathered
  const isPooled = inPools(plan.document)
  const pooled = tallies.filter(({ probe }) => isPooled(probes[probe]!))
  return {
    type: campaignResult,
    about: conclusion.about,
    fields: {
      campaign: conclusion.campaign,
      planDigest: plan.digest,
      ledger,
      domains: DOMAINS.filter((domain) => domains.rates[domain]),
      internal: true,
      runBy,
      graderErrorKnown: false,
      judges: graders,
      judgedBy: {
        rates: domains.judgedBy,
        strategyRates: byStrategy.judgedBy,
        severityRates: severities.judgedBy,
        cellRates: cells.judgedBy,
        overRefusal: refusals.judgedBy,
      },
      ...(shipped && { ownBehaviours: ownBehaviours(probes, shipped) }),
      coverage: gathered.coverage,
      rates: domains.rates,
      counts: domains.counts,
      strategyCoverage: gathered.strategyCoverage,
      strategyRates: byStrategy.rates,
      strategyCounts: byStrategy.counts,
      severityCoverage: gathered.severityCoverage,
      severityRates: severities.rates,
      severityCounts: severities.counts,
      cellCoverage: gathered.cellCoverage,
      cellRates: cells.rates,
      cellCounts: mapValues(cells.counts, withTimes),
      refusalCoverage: gathered.refusalCoverage,
      overRefusal: refusals.rates,
      overRefusalCounts: refusals.counts,
      ...triesOf({ plan, tallies: pooled }, domains.counts),
      firstBreach: firstBreaches(probes, conclusion.firsts),
      ...gatherAgentic(plan.document, tallies),
      findings: findingsOf(plan.document, tallies),
      regressions: regressionCounts(regressions),
      ...(regressions.length > 0 && { regressionItems: regressions }),
      ...(sealedPacks.length > 0 && { sealedPacks: sealedResults(conclusion, sealedPacks) }),
      prompts: promptDigests(probes.filter(({ regression }) => !regression)),
      strategies: strategies.map(({ name, version }) => `${name}@${version}`),
      graders: graders.map(({ name, version }) => `${name}@${version}`),
      cost: costOf(whole.tallies),
      time: {
        startedAt: startedAt.toISOString(),
        endedAt: endedAt.toISOString(),
        seconds: Math.max(0, (endedAt.getTime() - startedAt.getTime()) / 1000),
      },
    },
  }
}

function triesOf(
  { plan, tallies }: Pick<Conclusion<RedTeamProbe>, 'plan' | 'tallies'>,
  counts: Record<string, [number, number][]>,
): Pick<CampaignResult, 'bestOf' | 'repeats' | 'withstands'> {
  const repeats = repeatsOf(plan.document, tallies)
  return {
    bestOf: mapValues(counts, bestOf),
    ...(Object.keys(repeats).length > 0 && { repeats, withstands: mapValues(repeats, withstands) }),
  }
}

function costOf(tallies: readonly Tally[]): CampaignResult['cost'] {
  const cost = { calls: 0, inputTokens: 0, outputTokens: 0, helperCalls: 0, helperTokens: 0 }
  let milliseconds = 0
  for (const tally of tallies) {
    for (const name of Object.keys(cost) as (keyof typeof cost)[]) cost[name] += tally[name]
    milliseconds += tally.latency
  }
  return { ...cost, modelSeconds: Math.round(milliseconds) / 1000 }
}

function mapValues<A, B>(record: Record<string, A>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]))
}

/** Behaviours and the strategies that broke them, worst first. Pure. */
export function findingsOf(
  document: PlanDocument<RedTeamProbe>,
  tallies: readonly Count[],
): CampaignFinding[] {
  const found = new Map<string, CampaignFinding>()
  for (const tally of tallies) {
    if (tally.status !== 'executed' || tally.verdict === 'ungradable') continue
    const probe = document.probes[tally.probe]!
    if (probe.kind === 'benign') continue
    const strategy = document.strategies[tally.strategy]!.name
    const id = `${probe.domain}-${probe.behaviour}-${strategy}`
    let finding = found.get(id)
    if (!finding) {
      const { domain, behaviour, severity, cluster } = probe
      finding = { id, domain, behaviour, severity, cluster, strategy, breaches: 0, trials: 0 }
      found.set(id, finding)
    }
    finding.trials += tally.n
    if (tally.verdict === 'breach') finding.breaches += tally.n
  }
  const rank = { critical: 0, high: 1, medium: 2, low: 3 }
  return [...found.values()]
    .filter(({ breaches }) => breaches > 0)
    .sort(
      (a, b) =>
        rank[a.severity] - rank[b.severity] ||
        b.breaches / b.trials - a.breaches / a.trials ||
        (a.id < b.id ? -1 : 1),
    )
}

/**
 * The open findings that follow from a result, one for each behaviour that was broken, for the gate and the report to
 * show. A behaviour found before, for this release, is superseded by what was found now.
 */
export async function openFindings(
  installation: Installation,
  source: string,
  conclusion: Conclusion<RedTeamProbe>,
): Promise<Draft<Record<string, unknown>>[]> {
  const { about, plan } = conclusion
  const trials = new Map<string, { events: number; trials: number; probe: RedTeamProbe }>()
  for (const { probe: index, status, verdict, n } of conclusion.tallies) {
    const probe = plan.document.probes[index]!
    if (probe.kind === 'benign' || status !== 'executed' || verdict === 'ungradable') continue
    const sum = trials.get(probe.cluster) ?? { events: 0, trials: 0, probe }
    sum.trials += n
    if (verdict === 'breach') sum.events += n
    trials.set(probe.cluster, sum)
  }
  const open = openAmong(await installation.evidence.list({ type: findingEvidence, release: about.release }))
  return [...trials.values()]
    .filter(({ events }) => events > 0)
    .map(({ events, trials: n, probe: { cluster, title, severity, domain } }) =>
      standingFinding(
        { finding: `red-teaming/${cluster}`, title, severity, domain, source, events, trials: n },
        open,
        about,
      ),
    )
}

function promptDigests(probes: RedTeamProbe[]): CampaignResult['prompts'] {
  const digests: CampaignResult['prompts'] = {}
  for (const domain of DOMAINS) {
    const prompts = probes
      .filter((probe) => probe.domain === domain)
      // a sealed probe carries a salt, without which its digest would tell who guesses right
      .map((probe) => ({
        id: probe.id,
        prompt: probe.sealed ? sha256Hex(canonicalJson(probe)) : probe.prompt,
      }))
    if (prompts.length > 0) digests[domain] = sha256Hex(canonicalJson(prompts))
  }
  return digests
}
