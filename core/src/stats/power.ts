import { normalQuantile } from './distribution.ts'

export type PairedDesign = {
  /** Pairs of the same probe, before and after. */
  pairs: number
  /** Share of pairs expected to differ at all, in (0, 1]. */
  discordance: number
  /** Design effect of the clustering: 1 where probes are independent; divides the pairs. */
  designEffect?: number
  /** Two-sided; default 0.05. */
  alpha?: number
  /** Default 0.8. */
  power?: number
}

/**
 * The smallest difference of two paired rates that a design would detect with this power: solves Connor's (1987)
 * sample size for McNemar's test, n = (z_{α/2} √ψ + z_β √(ψ − δ²))² / δ², for δ. Undefined where even δ = ψ (every
 * discordant pair goes one way) would be missed: the design is too small to see anything.
 */
export function smallestDetectableDifference(design: PairedDesign): number | undefined {
  const { pairs, discordance, designEffect = 1, alpha = 0.05, power = 0.8 } = design
  if (!(pairs > 0 && discordance > 0 && discordance <= 1 && designEffect > 0))
    throw new RangeError(
      'a paired design needs pairs > 0, discordance in (0, 1] and a positive design effect',
    )
  if (!(alpha > 0 && alpha < 1 && power >= 0.5 && power < 1))
    throw new RangeError(`needs 0 < alpha < 1 and 0.5 ≤ power < 1, not ${alpha} and ${power}`)
  const effective = pairs / designEffect
  const forAlpha = normalQuantile(1 - alpha / 2)
  const forPower = normalQuantile(power)
  const needed = (delta: number): number =>
    (forAlpha * Math.sqrt(discordance) + forPower * Math.sqrt(discordance - delta * delta)) ** 2 /
    (delta * delta)
  if (needed(discordance) > effective) return undefined
  // `needed` falls as delta grows, so bisection finds the one crossing.
  let low = 0
  let high = discordance
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2
    if (needed(middle) > effective) low = middle
    else high = middle
  }
  return high
}
