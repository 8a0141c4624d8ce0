import { type Count, canonicalJson, type Part, type PlanDocument, sha256Hex } from '@avouch/core/campaign'
import { holm, smallestDetectableDifference, tCdf, wilson } from '@avouch/core/stats'
import { pairedChange } from '@avouch/verify'
import { DOMAINS } from '../domain.ts'
import type { RedTeamProbe } from '../probe.ts'
import { withoutRegressions } from '../regression/summary.ts'
import type { ComparedPart, Comparison } from './comparison-evidence.ts'

/** One of two campaigns: its plan, and what came of it. */
export type Side = { document: PlanDocument<RedTeamProbe>; counts: readonly Count[] }

/** A part is compared where the plans share at least this share of what the newer asks, */
const SHARED = 0.5
/** and at least so many behaviours were judged in both. */
const BEHAVIOURS = 5

type PartName = keyof Comparison
type Pairs = [number, number, number, number, number]

/**
 * Compares two campaigns over what they share: the same question (id and all of it), by the same version of the same
 * strategy, judged by the same grader. Each domain, and refusals of harmless questions: mean change with its interval, p
 * (t test over behaviours) and Holm's adjustment over the domains, and the smallest change that so many pairs would show
 * four times in five. Not comparable where the plans share too little, which is said. Pure.
 */
export function compareCampaigns(before: Side, after: Side): Comparison {
  const earlier = new Map<string, Cell>()
  const askedEarlier = new Set<string>()
  for (const cell of cellsOf(before)) {
    earlier.set(cell.key, cell)
    askedEarlier.add(cell.asked)
  }
  const gathered = new Map<PartName, Gathered>()
  for (const { key, asked, probe, events, trials } of cellsOf(after)) {
    const name: PartName = probe.kind === 'benign' ? 'overRefusal' : probe.domain
    const part = gathered.get(name) ?? { planned: 0, shared: 0, otherwiseJudged: 0, clusters: new Map() }
    gathered.set(name, part)
    part.planned++
    const same = earlier.get(key)
    if (!same) {
      if (askedEarlier.has(asked)) part.otherwiseJudged++
      continue
    }
    part.shared++
    if (trials === 0 || same.trials === 0) continue
    const pairs: Pairs[] = part.clusters.get(probe.cluster) ?? []
    part.clusters.set(probe.cluster, pairs)
    const alike = pairs.find(
      ([a, b, c, d]) => a === same.events && b === same.trials && c === events && d === trials,
    )
    if (alike) alike[4]++
    else pairs.push([same.events, same.trials, events, trials, 1])
  }
  const parts = new Map<PartName, ComparedPart>()
  for (const name of [...DOMAINS, 'overRefusal'] as const) {
    const part = gathered.get(name)
    if (part) parts.set(name, partOf(part))
  }
  const tested = DOMAINS.flatMap((domain) => {
    const part = parts.get(domain)
    return part?.comparable && part.p !== null ? [{ domain, part, p: part.p }] : []
  })
  const adjusted = holm(tested.map(({ p }) => p))
  for (const [n, { domain, part }] of tested.entries()) parts.set(domain, { ...part, adjusted: adjusted[n]! })
  return Object.fromEntries(parts) as Comparison
}

/** Graders of either campaign that are not the very same in both, by version and digest: a judge model is told by its digest. */
export function graderChanges(before: Side, after: Side): { before: string[]; after: string[] } {
  const [earlier, now] = [before, after].map(
    ({ document }) => new Map(document.graders.map((grader) => [inFull(grader), shortly(grader)])),
  )
  const only = (all: Map<string, string>, others: Map<string, string>): string[] =>
    [...all].filter(([full]) => !others.has(full)).map(([, short]) => short)
  return { before: only(earlier!, now!), after: only(now!, earlier!) }
}

/** A grader as a line names it. */
function shortly({ name, version, digest }: Part): string {
  return `${name} ${version}${digest === undefined ? '' : ` (${digest.slice(0, 8)})`}`
}

/** `asked` is the key without who judges. */
type Cell = { key: string; asked: string; probe: RedTeamProbe; events: number; trials: number }

/** What two campaigns share of a part. `otherwiseJudged`: asked in both alike, and judged by other graders. */
type Gathered = { planned: number; shared: number; otherwiseJudged: number; clusters: Map<string, Pairs[]> }

/** Every (probe, strategy) that a plan asks, under a name that says all that it is and who judges it. */
function cellsOf({ document: whole, counts }: Side): Cell[] {
  const { document } = withoutRegressions({ plan: { document: whole }, tallies: counts }).plan
  const { probes, strategies, graders, blocks } = document
  const judges = new Map(graders.map((grader) => [grader.name, inFull(grader)]))
  const names = probes.map((probe) => `${sha256Hex(canonicalJson(probe))} ${judges.get(probe.grader)}`)
  const questions = probes.map((probe) => sha256Hex(canonicalJson({ ...probe, grader: null })))
  const sums = new Map<string, { events: number; trials: number }>()
  for (const { probe, strategy, status, verdict, n } of counts) {
    if (status !== 'executed' || verdict === 'ungradable') continue
    const place = `${probe}/${strategy}`
    const sum = sums.get(place) ?? { events: 0, trials: 0 }
    sums.set(place, sum)
    sum.trials += n
    if (verdict === (probes[probe]!.kind === 'benign' ? 'refused' : 'breach')) sum.events += n
  }
  return blocks.flatMap((block) =>
    block.probes.flatMap((probe) =>
      block.strategies.map((strategy) => ({
        key: `${names[probe]} ${inFull(strategies[strategy]!)}`,
        // what an attack does may hang on who judges it, so a strategy's digest is left out here
        asked: `${questions[probe]} ${strategies[strategy]!.name} ${strategies[strategy]!.version}`,
        probe: probes[probe]!,
        ...(sums.get(`${probe}/${strategy}`) ?? { events: 0, trials: 0 }),
      })),
    ),
  )
}

function inFull({ name, version, digest }: Part): string {
  return `${name}@${version}@${digest ?? ''}`
}

function partOf({ planned, shared, otherwiseJudged, clusters }: Gathered): ComparedPart {
  const counts = [...clusters.values()].map((pairs) => pairs.map((pair) => [...pair] as Pairs))
  const pairs = counts.flat().reduce((sum, [, , , , times]) => sum + times, 0)
  const base = { planned, shared, pairs, behaviours: counts.length, counts, adjusted: null }
  const not = (why: string): ComparedPart => ({
    ...base,
    comparable: false,
    why,
    change: null,
    p: null,
    detectable: null,
  })
  if (shared < SHARED * planned && shared + otherwiseJudged >= SHARED * planned)
    return not(
      'Most of the same questions were judged by other graders: another judge model, other instructions or another version.',
    )
  if (shared < SHARED * planned) return not('The two plans share fewer than half of the questions asked now.')
  if (counts.length < BEHAVIOURS) return not('Fewer than five behaviours were judged in both campaigns.')
  const { standardError = 0, ...change } = pairedChange(counts)
  return {
    ...base,
    comparable: true,
    change,
    p: pValue(change.value, standardError, counts.length),
    detectable: detectable(counts, pairs, change.value, standardError),
  }
}

/** Two-sided, by Student's t over clusters; where all clusters changed alike, by their number of signs. */
function pValue(value: number, standardError: number, clusters: number): number {
  if (standardError === 0) return value === 0 ? 1 : Math.min(1, 2 * 0.5 ** clusters)
  return Math.min(1, 2 * (1 - tCdf(Math.abs(value) / standardError, clusters - 1)))
}

/** With the discordance and the design effect that were seen; null where even the largest change would be missed. */
function detectable(
  counts: readonly (readonly Pairs[])[],
  pairs: number,
  value: number,
  standardError: number,
): number | null {
  let discordant = 0
  let squares = 0
  for (const [events, trials, eventsAfter, trialsAfter, times] of counts.flat()) {
    const change = eventsAfter / trialsAfter - events / trials
    discordant += times * Math.abs(change)
    squares += times * (change - value) ** 2
  }
  // none seen does not mean none: as many as so many behaviours still allow
  const discordance = discordant > 0 ? discordant / pairs : wilson(0, counts.length).high
  const independent = squares / pairs ** 2
  const designEffect = independent > 0 ? Math.max(1, standardError ** 2 / independent) : 1
  return smallestDetectableDifference({ pairs, discordance, designEffect }) ?? null
}
