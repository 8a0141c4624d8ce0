import { checkCounts, checkLevel, type Estimate, type Interval, quantile } from './estimate.ts'
import { wilson } from './proportion.ts'
import { random } from './random.ts'

/** How often a grader was right on labelled cases of one kind. */
export type LabelledCounts = { right: number; of: number }

export type GraderError = {
  /** On cases that truly are what is looked for. */
  sensitivity: LabelledCounts
  /** On cases that truly are not. */
  specificity: LabelledCounts
}

export type CorrectedRate =
  | (Estimate & {
      correctable: true
      /** The rate as graded, before correction. */
      apparent: number
      sensitivity: Estimate
      specificity: Estimate
      /** The corrected value lay outside [0, 1] and was moved to its edge. */
      clamped: boolean
    })
  | {
      correctable: false
      apparent: number
      /** Undefined where no case of the kind was labelled. */
      sensitivity: Estimate | undefined
      specificity: Estimate | undefined
      /** A sentence of why, for the report. */
      why: string
    }

/**
 * A graded rate corrected for the grader's error (Rogan and Gladen 1978): (p + Sp − 1) / (Se + Sp − 1), kept in [0, 1].
 *
 * The interval carries three uncertainties, each drawn independently from its own counts with Jeffreys' prior
 * (Beta(x + ½, n − x + ½)): the rate, sensitivity and specificity. Betas rather than resampled counts, because 20
 * right of 20 resampled gives 20 of 20 for ever. Draws in which the grader is no better than chance (Se + Sp ≤ 1) say
 * nothing, so they count at both ends. At a clamped edge the interval is never narrower than 0 of n allows.
 *
 * Not correctable: no labelled cases of one kind, Se + Sp ≤ 1, or so little labelled data that more than half of the
 * draws are no better than chance. `counts.n` may be an effective sample size where probes are clustered.
 */
export function correctedRate(
  counts: { positives: number; n: number },
  grader: GraderError,
  options: { seed: number | string; draws?: number; level?: number },
): CorrectedRate {
  const level = options.level ?? 0.95
  const draws = options.draws ?? 10_000
  checkLevel(level)
  checkCounts(counts.positives, counts.n)
  if (!Number.isInteger(draws) || draws < 1_000 || draws > 1_000_000)
    throw new RangeError(`draws must be a whole number from 1,000 to 1,000,000, not ${draws}`)
  const apparent = counts.positives / counts.n
  const sensitivity = known(grader.sensitivity, level)
  const specificity = known(grader.specificity, level)
  const uncorrectable = (why: string): CorrectedRate => ({
    correctable: false,
    apparent,
    sensitivity,
    specificity,
    why,
  })
  if (!sensitivity || !specificity)
    return uncorrectable(
      'The grader was not tested on labelled cases of both kinds, so its error is unknown.',
    )
  const youden = sensitivity.value + specificity.value - 1
  if (youden <= 0)
    return uncorrectable(
      'Sensitivity and specificity add up to 1 or less: the grader tells no more than chance, so nothing can be corrected.',
    )

  const source = random(options.seed)
  const jeffreys = (right: number, of: number): number => source.beta(right + 0.5, of - right + 0.5)
  const usable: number[] = []
  for (let i = 0; i < draws; i++) {
    const p = jeffreys(counts.positives, counts.n)
    const se = jeffreys(grader.sensitivity.right, grader.sensitivity.of)
    const sp = jeffreys(grader.specificity.right, grader.specificity.of)
    if (se + sp > 1) usable.push(clamp((p + sp - 1) / (se + sp - 1)))
  }
  const tail = (1 - level) / 2
  const useless = draws - usable.length
  if (useless > draws * 0.5)
    return uncorrectable(
      'Too few labelled cases: it is more likely than not that the grader tells no more than chance.',
    )
  const exact = (apparent + specificity.value - 1) / youden
  const value = clamp(exact)
  const { low, high } = spread(usable, useless, tail)
  const floor = edge(value, counts.n, level)
  return {
    correctable: true,
    apparent,
    value,
    low: Math.min(low, floor.low, value),
    high: Math.max(high, floor.high, value),
    level,
    n: counts.n,
    sensitivity,
    specificity,
    clamped: exact !== value,
  }
}

/** Quantiles of the usable draws, with every useless one counted as 0 at the low end and as 1 at the high end. */
function spread(usable: number[], useless: number, tail: number): { low: number; high: number } {
  const total = usable.length + useless
  const sorted = Float64Array.from(usable).sort()
  const inside = (tail * total - useless) / usable.length
  if (inside <= 0 && useless > 0) return { low: 0, high: 1 }
  return { low: quantile(sorted, inside), high: quantile(sorted, 1 - inside) }
}

/** What even a perfect grader would leave open at the edges: 0 of n, or n of n. */
function edge(value: number, n: number, level: number): Omit<Interval, 'level'> {
  if (value === 0) return { low: 0, high: wilson(0, n, level).high }
  if (value === 1) return { low: wilson(n, n, level).low, high: 1 }
  return { low: value, high: value }
}

function known({ right, of }: LabelledCounts, level: number): Estimate | undefined {
  return of === 0 ? undefined : wilson(right, of, level)
}

function clamp(rate: number): number {
  return Math.min(1, Math.max(0, rate))
}
