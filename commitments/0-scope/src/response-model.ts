/** One model's share of right answers on one benchmark. `model` and `benchmark` are places in lists; `score` in [0, 1]. */
export type Observation = { model: number; benchmark: number; score: number; weight: number }

/** What a fit found. The chance that model m answers an item of benchmark b is σ(discrimination (ability − difficulty)). */
export type ResponseFit = {
  ability: Float64Array
  difficulty: Float64Array
  discrimination: Float64Array
  /** False where Newton's steps had not settled; the values are the best seen. */
  converged: boolean
}

/**
 * The penalties, as standard deviations of normal priors. They decide nothing where data speak; they keep abilities
 * finite where a model scores 0 or 1 everywhere, and discriminations near each other where only two models were tested.
 */
const PRIOR = { ability: 5, difficulty: 3, logDiscrimination: 0.3 }

const STEPS = 200
const SETTLED = 1e-9

/**
 * Fits the two-parameter logistic model p = σ(α_b (C_m − D_b)) (Birnbaum 1968) to benchmark scores by penalised
 * likelihood: Fisher scoring with step halving, from the fit with equal discriminations or from `start`.
 *
 * `counts[b]` says how often benchmark b was drawn; 0 leaves it out, and its values then mean nothing. The result is
 * turned to the scale on which the geometric mean of the discriminations (over benchmarks drawn) is 1; the place of
 * zero is the caller's to choose, for only differences matter.
 */
export function fitResponseModel(
  observations: readonly Observation[],
  size: { models: number; benchmarks: number },
  options: { counts?: ArrayLike<number>; start?: ResponseFit } = {},
): ResponseFit {
  const counts = options.counts ?? new Array<number>(size.benchmarks).fill(1)
  const state: State = options.start
    ? {
        ability: options.start.ability.slice(),
        difficulty: options.start.difficulty.slice(),
        logDiscrimination: options.start.discrimination.map(Math.log),
      }
    : {
        ability: new Float64Array(size.models),
        difficulty: new Float64Array(size.benchmarks),
        logDiscrimination: new Float64Array(size.benchmarks),
      }
  if (!options.start) climb(observations, counts, state, false)
  const converged = climb(observations, counts, state, true)
  return rescaled(state, counts, converged)
}

type State = { ability: Float64Array; difficulty: Float64Array; logDiscrimination: Float64Array }

/** Fisher scoring to the penalised maximum; with `discriminations` false they stay where they are. Changes `state`. */
function climb(
  observations: readonly Observation[],
  counts: ArrayLike<number>,
  state: State,
  discriminations: boolean,
): boolean {
  let current = objective(observations, counts, state)
  for (let step = 0; step < STEPS; step++) {
    const move = direction(observations, counts, state, discriminations)
    let scale = 1
    let next = moved(state, move, scale)
    let value = objective(observations, counts, next)
    while (!(value >= current - 1e-12) && scale > 1e-6) {
      scale /= 2
      next = moved(state, move, scale)
      value = objective(observations, counts, next)
    }
    if (!(value >= current - 1e-12)) return false
    const gain = value - current
    state.ability = next.ability
    state.difficulty = next.difficulty
    state.logDiscrimination = next.logDiscrimination
    current = value
    if (gain < SETTLED * (1 + Math.abs(current)) && largest(move) * scale < 1e-5) return true
  }
  return false
}

/** Penalised log-likelihood. */
function objective(observations: readonly Observation[], counts: ArrayLike<number>, state: State): number {
  let sum = 0
  for (const { model, benchmark, score, weight } of observations) {
    const count = counts[benchmark]!
    if (count === 0) continue
    const logit =
      Math.exp(state.logDiscrimination[benchmark]!) * (state.ability[model]! - state.difficulty[benchmark]!)
    // s ln p + (1 − s) ln(1 − p) = s·logit − ln(1 + e^logit), without overflow.
    sum += count * weight * (score * logit - (Math.max(0, logit) + Math.log1p(Math.exp(-Math.abs(logit)))))
  }
  for (let b = 0; b < state.difficulty.length; b++)
    sum -=
      0.5 *
      counts[b]! *
      ((state.difficulty[b]! / PRIOR.difficulty) ** 2 +
        (state.logDiscrimination[b]! / PRIOR.logDiscrimination) ** 2)
  for (const ability of state.ability) sum -= 0.5 * (ability / PRIOR.ability) ** 2
  return sum
}

/**
 * Newton's step with the expected information. Benchmarks do not meet each other in the information matrix, so their
 * 2 × 2 blocks are eliminated first and only a system as large as the number of models is solved.
 */
function direction(
  observations: readonly Observation[],
  counts: ArrayLike<number>,
  state: State,
  discriminations: boolean,
): State {
  const models = state.ability.length
  const benchmarks = state.difficulty.length
  const gradient = state.ability.map((ability) => -ability / PRIOR.ability ** 2)
  const matrix = new Float64Array(models * models)
  for (let m = 0; m < models; m++) matrix[m * models + m] = 1 / PRIOR.ability ** 2
  // Per benchmark: gradient and information of (difficulty, log discrimination), and how they meet each model.
  const gradientD = state.difficulty.map((value, b) => (-counts[b]! * value) / PRIOR.difficulty ** 2)
  const gradientA = state.logDiscrimination.map(
    (value, b) => (-counts[b]! * value) / PRIOR.logDiscrimination ** 2,
  )
  const infoDD = new Float64Array(benchmarks).fill(1 / PRIOR.difficulty ** 2)
  const infoAA = new Float64Array(benchmarks).fill(1 / PRIOR.logDiscrimination ** 2)
  const infoDA = new Float64Array(benchmarks)
  for (let b = 0; b < benchmarks; b++) {
    // A benchmark that was not drawn keeps its prior once, so that its block can be inverted; its step is 0.
    infoDD[b]! *= Math.max(1, counts[b]!)
    infoAA[b]! *= Math.max(1, counts[b]!)
  }
  const meetsD = new Float64Array(benchmarks * models)
  const meetsA = new Float64Array(benchmarks * models)
  for (const { model, benchmark: b, score, weight } of observations) {
    const count = counts[b]!
    if (count === 0) continue
    const slope = Math.exp(state.logDiscrimination[b]!)
    const logit = slope * (state.ability[model]! - state.difficulty[b]!)
    const p = 1 / (1 + Math.exp(-logit))
    const error = count * weight * (score - p)
    const info = count * weight * Math.max(p * (1 - p), 1e-10)
    gradient[model]! += error * slope
    gradientD[b]! -= error * slope
    gradientA[b]! += error * logit
    matrix[model * models + model]! += info * slope * slope
    infoDD[b]! += info * slope * slope
    infoAA[b]! += info * logit * logit
    infoDA[b]! -= info * slope * logit
    meetsD[b * models + model]! -= info * slope * slope
    meetsA[b * models + model]! += info * slope * logit
  }
  if (!discriminations)
    for (let b = 0; b < benchmarks; b++) {
      gradientA[b] = 0
      infoDA[b] = 0
      meetsA.fill(0, b * models, (b + 1) * models)
    }
  const determinant = infoDD.map((dd, b) => dd * infoAA[b]! - infoDA[b]! ** 2)
  const right = gradient.slice()
  for (let b = 0; b < benchmarks; b++) {
    if (counts[b] === 0) continue
    const det = determinant[b]!
    for (let m = 0; m < models; m++) {
      const d = meetsD[b * models + m]!
      const a = meetsA[b * models + m]!
      if (d === 0 && a === 0) continue
      // (d, a) times the inverse block.
      const onD = (d * infoAA[b]! - a * infoDA[b]!) / det
      const onA = (a * infoDD[b]! - d * infoDA[b]!) / det
      right[m]! -= onD * gradientD[b]! + onA * gradientA[b]!
      for (let k = 0; k < models; k++)
        matrix[m * models + k]! -= onD * meetsD[b * models + k]! + onA * meetsA[b * models + k]!
    }
  }
  const ability = solve(matrix, right)
  const difficulty = new Float64Array(benchmarks)
  const logDiscrimination = new Float64Array(benchmarks)
  for (let b = 0; b < benchmarks; b++) {
    if (counts[b] === 0) continue
    let leftD = gradientD[b]!
    let leftA = gradientA[b]!
    for (let m = 0; m < models; m++) {
      leftD -= meetsD[b * models + m]! * ability[m]!
      leftA -= meetsA[b * models + m]! * ability[m]!
    }
    difficulty[b] = (leftD * infoAA[b]! - leftA * infoDA[b]!) / determinant[b]!
    logDiscrimination[b] = (leftA * infoDD[b]! - leftD * infoDA[b]!) / determinant[b]!
  }
  return { ability, difficulty, logDiscrimination }
}

/** Solves a symmetric positive definite system by Cholesky's decomposition; `matrix` row by row, overwritten. */
function solve(matrix: Float64Array, right: Float64Array): Float64Array {
  const n = right.length
  for (let row = 0; row < n; row++)
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row * n + column]!
      for (let k = 0; k < column; k++) sum -= matrix[row * n + k]! * matrix[column * n + k]!
      // Rounding can spoil a nearly flat direction; a small floor then only shortens the step.
      matrix[row * n + column] =
        row === column ? Math.sqrt(Math.max(sum, 1e-12)) : sum / matrix[column * n + column]!
    }
  const x = right.slice()
  for (let row = 0; row < n; row++) {
    for (let k = 0; k < row; k++) x[row]! -= matrix[row * n + k]! * x[k]!
    x[row]! /= matrix[row * n + row]!
  }
  for (let row = n - 1; row >= 0; row--) {
    for (let k = row + 1; k < n; k++) x[row]! -= matrix[k * n + row]! * x[k]!
    x[row]! /= matrix[row * n + row]!
  }
  return x
}

/** One step along `move`, no coordinate by more than 2 at once, so that a far start cannot overshoot into flat land. */
function moved(state: State, move: State, scale: number): State {
  const limit = Math.min(scale, 2 / Math.max(largest(move), 1e-300))
  const add = (from: Float64Array, by: Float64Array): Float64Array =>
    from.map((value, i) => value + limit * by[i]!)
  return {
    ability: add(state.ability, move.ability),
    difficulty: add(state.difficulty, move.difficulty),
    logDiscrimination: add(state.logDiscrimination, move.logDiscrimination),
  }
}

function largest(move: State): number {
  let most = 0
  for (const part of [move.ability, move.difficulty, move.logDiscrimination])
    for (const value of part) most = Math.max(most, Math.abs(value))
  return most
}

/** The same fit where the geometric mean of the discriminations is 1: α C is what the data see, not α or C. */
function rescaled(state: State, counts: ArrayLike<number>, converged: boolean): ResponseFit {
  let sum = 0
  let drawn = 0
  for (let b = 0; b < state.difficulty.length; b++) {
    sum += counts[b]! * state.logDiscrimination[b]!
    drawn += counts[b]!
  }
  const mean = drawn > 0 ? sum / drawn : 0
  const factor = Math.exp(mean)
  return {
    ability: state.ability.map((value) => value * factor),
    difficulty: state.difficulty.map((value) => value * factor),
    discrimination: state.logDiscrimination.map((value) => Math.exp(value - mean)),
    converged,
  }
}
