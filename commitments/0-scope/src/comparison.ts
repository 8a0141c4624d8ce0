import { type AbilityComparison, compareAbility, NEEDED, type Shared, sharedBenchmarks } from './ability.ts'
import type { CapabilityComparison } from './evidence.ts'
import type { ScoreTable } from './scores.ts'

/** The lines between in scope, out of scope and undecided, on P(ΔC > 0). */
export const DECIDES = { in: 0.95, out: 0.05 }

export type ComparisonRequest = {
  release: string
  /** The most capable model released so far: it decides. Undefined where none is named. */
  released: string | undefined
  /** The most capable model produced at all, released or not. */
  produced: string | undefined
  seed?: number
  resamples?: number
  /** Where the scores came from: `file`, or `measured` by asking the models. */
  source: 'file' | 'measured'
  /** Ids of the evidence of what was measured. */
  measuredIn?: string[]
}

type Against = { shared: Shared; comparison: AbilityComparison | undefined }

/**
 * Compares a release with the company's most capable released model, which decides, and with the most capable produced,
 * which is recorded beside it. Pure; the same table, names and seed give the same fields.
 *
 * In scope: P(ΔC > 0) ≥ 0.95. Out: ≤ 0.05. Undecided, which counts as in scope: anything between, a baseline that is
 * not named or not in the table, and fewer than 10 shared benchmarks or 5 domains.
 */
export function compareRelease(table: ScoreTable, request: ComparisonRequest): CapabilityComparison {
  const seed = request.seed ?? 1
  const resamples = request.resamples ?? 2_000
  const run = (baseline: string | undefined): Against | undefined => {
    if (baseline === undefined) return undefined
    const shared = sharedBenchmarks(table, request.release, baseline)
    const enough = shared.benchmarks.length >= NEEDED.benchmarks && shared.domains.length >= NEEDED.domains
    return {
      shared,
      comparison: enough
        ? compareAbility(table, { release: request.release, baseline, seed, resamples })
        : undefined,
    }
  }
  const released = run(request.released)
  const produced = request.produced === request.released ? released : run(request.produced)
  const decision = decisionOn(released?.comparison)
  return {
    release: request.release,
    decision,
    inScope: decision !== 'out',
    reason: reasonFor(decision, request, released),
    decidedBy: 'released',
    baselines: { released: request.released ?? null, produced: request.produced ?? null },
    delta: deltaOf(released),
    probability: probabilityOf(released),
    producedDelta: deltaOf(produced),
    producedProbability: probabilityOf(produced),
    abilities: (released?.comparison?.abilities ?? []).map((ability) => rounded(ability)),
    benchmarks: (released?.comparison?.parameters ?? []).map((parameters) => rounded(parameters)),
    benchmarkCount: released?.shared.benchmarks.length ?? 0,
    domains: released?.shared.domains ?? [],
    saturated: released?.comparison?.saturated ?? 0,
    benchmarksDigest: table.digest,
    seed,
    resamples,
    method: '2pl-benchmark-bootstrap/v1',
    source: request.source,
    measuredIn: request.measuredIn ?? [],
  }
}

function decisionOn(comparison: AbilityComparison | undefined): CapabilityComparison['decision'] {
  if (!comparison) return 'undecided'
  if (comparison.probability >= DECIDES.in) return 'in'
  return comparison.probability <= DECIDES.out ? 'out' : 'undecided'
}

function reasonFor(
  decision: CapabilityComparison['decision'],
  { release, released }: ComparisonRequest,
  against: Against | undefined,
): string {
  if (released === undefined || !against)
    return `No released baseline was named for ${release}, so it could not be compared; undecided counts as in scope.`
  const { shared, comparison } = against
  const ground = `${count(shared.benchmarks.length, 'shared benchmark')} in ${count(shared.domains.length, 'domain')}`
  if (!comparison)
    return `${release} and ${released} have only ${ground}; a comparison needs ${NEEDED.benchmarks} in ${NEEDED.domains}. Undecided counts as in scope.`
  const dull =
    comparison.saturated > 0
      ? ` On ${comparison.saturated} of them both are at the ceiling or floor, which tells next to nothing.`
      : ''
  const chance = `the probability that ${release} is more able than ${released} is ${chanceText(comparison.probability)}`
  if (decision === 'in') return `On ${ground} ${chance}, at least ${DECIDES.in}: in scope.${dull}`
  if (decision === 'out') return `On ${ground} ${chance}, at most ${DECIDES.out}: not in scope.${dull}`
  return `On ${ground} ${chance}, between ${DECIDES.out} and ${DECIDES.in}: undecided, which counts as in scope.${dull}`
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`
}

/** A probability as text, rounded towards the middle so that it never seems to cross a line that it did not. */
export function chanceText(probability: number): string {
  if (probability > 0.999) return 'above 0.999'
  if (probability < 0.001) return 'below 0.001'
  const thousandths = probability >= 0.5 ? Math.floor(probability * 1000) : Math.ceil(probability * 1000)
  return (thousandths / 1000).toFixed(3)
}

function deltaOf(against: Against | undefined): CapabilityComparison['delta'] {
  const delta = against?.comparison?.delta
  return delta
    ? rounded({ value: delta.value, low: delta.low, high: delta.high, level: delta.level, n: delta.n })
    : null
}

function probabilityOf(against: Against | undefined): number | null {
  return against?.comparison?.probability ?? null
}

/** Six decimals are far below the error of resampling, and keep evidence readable. */
function rounded<T extends Record<string, string | number>>(fields: T): T {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      typeof value === 'number' ? Math.round(value * 1e6) / 1e6 : value,
    ]),
  ) as T
}

export { parseScores } from './scores.ts'
