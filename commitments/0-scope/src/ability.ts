import {
  type Estimate,
  normalCdf,
  normalQuantile,
  quantile,
  random,
  tCdf,
  tQuantile,
} from '@avouch/core/stats'
import { type PairedItems, pairItems, redraw, settle } from './paired-items.ts'
import { fitResponseModel, type Observation, type ResponseFit } from './response-model.ts'
import { domainsOf, type ScoreTable } from './scores.ts'

/** How much must be shared before two models can be compared at all. */
export const NEEDED = { benchmarks: 10, domains: 5 }

export type AbilityOptions = {
  release: string
  /** The model whose ability is set to 0. */
  baseline: string
  seed: number
  /** Default 2,000. */
  resamples?: number
  level?: number
}

export type Shared = { benchmarks: string[]; domains: string[] }

export type AbilityComparison = Shared & {
  /** The release's ability less the baseline's; `n` is the number of shared benchmarks. */
  delta: Estimate
  /** P(ΔC > 0): how sure the resamples are that the release is the more able. */
  probability: number
  /** The models fitted (with three or more of the shared benchmarks, 32 at most), on the scale where the baseline is 0; most able first. */
  abilities: { model: string; value: number; low: number; high: number; level: number; n: number }[]
  parameters: { benchmark: string; domain: string; difficulty: number; discrimination: number }[]
  /** Shared benchmarks on which both score at least 0.98 or at most 0.02: they tell next to nothing. */
  saturated: number
}

/** The benchmarks on which both have a score, in order of name, and their domains. */
export function sharedBenchmarks(table: ScoreTable, release: string, baseline: string): Shared {
  const of = (model: string): Set<string> =>
    new Set(table.scores.filter((score) => score.model === model).map((score) => score.benchmark))
  const others = of(baseline)
  const benchmarks = [...of(release)].filter((benchmark) => others.has(benchmark)).sort()
  const domains = domainsOf(table.scores)
  return { benchmarks, domains: [...new Set(benchmarks.map((benchmark) => domains.get(benchmark)!))].sort() }
}

/**
 * The ability score on frozen items: the same benchmarks for both, a two-parameter logistic fit (`response-model.ts`)
 * to all models' scores on them, and a paired bootstrap that draws whole benchmarks with replacement and fits anew.
 * Where answers are known item by item, the items both were asked are drawn within each benchmark too, paired; that
 * counts their noise twice and so errs towards "undecided", which is in scope.
 *
 * With 10 to 30 benchmarks a plain bootstrap is too sure of itself. Both its interval and its probability are therefore
 * widened as Hesterberg (2015, "expanded percentile") does: by √(n/(n − 1)) and Student's t on n − 1 degrees of freedom.
 *
 * The same table, options and seed give the same answer. Throws `RangeError` with fewer than 2 shared benchmarks.
 */
export function compareAbility(table: ScoreTable, options: AbilityOptions): AbilityComparison {
  const { release, baseline, seed, resamples = 2_000, level = 0.95 } = options
  const shared = sharedBenchmarks(table, release, baseline)
  const size = shared.benchmarks.length
  if (size < 2) throw new RangeError(`only ${size} benchmarks are shared; nothing can be resampled`)
  const models = modelsOn(table, shared, release, baseline)
  const observations = observe(table, shared, models)
  const paired = pairAll(table, shared, models, observations)
  const dimensions = { models: models.length, benchmarks: size }
  const full = fitResponseModel(observations, dimensions)

  const source = random(seed)
  const counts = new Float64Array(size)
  const differences = models.map(() => new Float64Array(resamples))
  for (let i = 0; i < resamples; i++) {
    counts.fill(0)
    for (let j = 0; j < size; j++) counts[source.below(size)]! += 1
    for (const items of paired) if (counts[items.benchmark]! > 0) redraw(items, source)
    const { ability } = fitResponseModel(observations, dimensions, { counts, start: full })
    for (let m = 0; m < models.length; m++) differences[m]![i] = ability[m]! - ability[1]!
  }
  for (const items of paired) settle(items)

  const estimates = differences.map((drawn, m) =>
    expanded(drawn, full.ability[m]! - full.ability[1]!, size, level),
  )
  const [own] = estimates
  const delta = own!.spread > 1e-9 ? own! : byInformation(own!, observations, full, level)
  const domains = domainsOf(table.scores)
  return {
    ...shared,
    delta: { value: delta.value, low: delta.low, high: delta.high, level, n: size },
    probability: probabilityAbove(differences[0]!, size),
    abilities: models
      .map((model, m) => ({
        model,
        n: observations.filter((o) => o.model === m).length,
        estimate: m === 0 ? delta : estimates[m]!,
      }))
      .map(({ model, n, estimate: { value, low, high } }) => ({ model, value, low, high, level, n }))
      .sort((a, b) => b.value - a.value || (a.model < b.model ? -1 : 1)),
    parameters: shared.benchmarks.map((benchmark, b) => ({
      benchmark,
      domain: domains.get(benchmark)!,
      difficulty: full.difficulty[b]! - full.ability[1]!,
      discrimination: full.discrimination[b]!,
    })),
    saturated: countSaturated(observations, size),
  }
}

/** Further models that help to place the benchmarks; more of them cost time and tell nothing new. */
const MOST_OTHERS = 30

/** Release first, baseline second, then the others that share three or more of the benchmarks, most shared first. */
function modelsOn(table: ScoreTable, shared: Shared, release: string, baseline: string): string[] {
  const on = new Set(shared.benchmarks)
  const counts = new Map<string, number>()
  for (const { model, benchmark } of table.scores)
    if (on.has(benchmark)) counts.set(model, (counts.get(model) ?? 0) + 1)
  const others = [...counts].filter(([model, n]) => n >= 3 && model !== release && model !== baseline)
  others.sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
  return [release, baseline, ...others.slice(0, MOST_OTHERS).map(([model]) => model)]
}

function observe(table: ScoreTable, shared: Shared, models: string[]): Observation[] {
  const place = new Map(shared.benchmarks.map((benchmark, index) => [benchmark, index]))
  const known = table.scores.flatMap(({ n }) => (n === undefined ? [] : [n]))
  // Without a count a benchmark weighs as much as the middle one whose count is known.
  const usual =
    known.length > 0
      ? quantile(
          known.sort((a, b) => a - b),
          0.5,
        )
      : 100
  return table.scores.flatMap(({ benchmark, model, score, n }) => {
    const b = place.get(benchmark)
    const m = models.indexOf(model)
    return b === undefined || m < 0 ? [] : [{ model: m, benchmark: b, score, weight: weightOf(n ?? usual) }]
  })
}

/**
 * The weight of a benchmark with n items: n / (1 + (n − 1) · 0.02), which never passes 50. A benchmark measures its own
 * subject as well as ability, so past a hundred items more of them tell more of the subject than of the ability.
 */
function weightOf(n: number): number {
  return n / (1 + (n - 1) * 0.02)
}

/** For benchmarks known item by item: release and baseline measured on the items both were asked. */
function pairAll(
  table: ScoreTable,
  shared: Shared,
  models: string[],
  observations: Observation[],
): PairedItems[] {
  return shared.benchmarks.flatMap((benchmark, b) => {
    const answers = table.items.get(benchmark)
    const own = observations.find((o) => o.benchmark === b && o.model === 0)
    const other = observations.find((o) => o.benchmark === b && o.model === 1)
    if (!answers || !own || !other) return []
    return pairItems(answers, { own: models[0]!, other: models[1]! }, { own, other }) ?? []
  })
}

type Spread = { value: number; low: number; high: number; spread: number }

/** Hesterberg's expanded percentile interval of resampled differences. */
function expanded(drawn: Float64Array, value: number, size: number, level: number): Spread {
  const sorted = drawn.slice().sort()
  const tail = normalCdf(-Math.sqrt(size / (size - 1)) * tQuantile(0.5 + level / 2, size - 1))
  const low = quantile(sorted, tail)
  const high = quantile(sorted, 1 - tail)
  return {
    value,
    low: Math.min(low, value),
    high: Math.max(high, value),
    spread: sorted.at(-1)! - sorted[0]!,
  }
}

/** The inverse of the same expansion: the share of resamples above 0 (ties half), read as Student's t instead of normal. */
function probabilityAbove(drawn: Float64Array, size: number): number {
  let above = 0
  for (const difference of drawn) above += difference > 1e-9 ? 1 : difference < -1e-9 ? 0 : 0.5
  const share = (above + 0.5) / (drawn.length + 1)
  return tCdf(normalQuantile(share) * Math.sqrt((size - 1) / size), size - 1)
}

/**
 * Where every resample gives the same difference (equal scores everywhere) the bootstrap's interval is a point; the
 * answers' own sampling error then stands in for it, with the items frozen.
 */
function byInformation(
  estimate: Spread,
  observations: Observation[],
  fit: ResponseFit,
  level: number,
): Spread {
  const information = [0, 0]
  for (const { model, benchmark, weight } of observations) {
    if (model > 1) continue
    const slope = fit.discrimination[benchmark]!
    const p = 1 / (1 + Math.exp(-slope * (fit.ability[model]! - fit.difficulty[benchmark]!)))
    information[model]! += weight * slope * slope * Math.max(p * (1 - p), 1e-6)
  }
  const error = Math.sqrt(1 / information[0]! + 1 / information[1]!)
  const reach = normalQuantile(0.5 + level / 2) * error
  return { ...estimate, low: estimate.value - reach, high: estimate.value + reach }
}

function countSaturated(observations: Observation[], size: number): number {
  let count = 0
  for (let b = 0; b < size; b++) {
    const both = observations.filter((o) => o.benchmark === b && o.model < 2)
    if (both.every((o) => o.score >= 0.98) || both.every((o) => o.score <= 0.02)) count++
  }
  return count
}
