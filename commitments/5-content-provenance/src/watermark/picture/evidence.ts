/**
 * How unlikely chance is to make values lean so far to the positive, in bits, when each has its sign by a fair coin of the
 * key: Chernoff's bound P(Σ ±|d| ≥ s) ≤ min over λ of exp(−λ s) · Π cosh(λ d), which holds whatever the values' sizes are.
 */
export function evidenceOf(values: Float32Array): number {
  let sum = 0
  let mean = 0
  for (const value of values) {
    sum += value
    mean += Math.abs(value) / values.length
  }
  if (sum <= 0 || mean === 0) return 0
  const exponent = (strength: number) => {
    let log = -strength * sum
    // ln cosh x = |x| + ln(1 + e^(−2|x|)) − ln 2, without overflow
    for (const value of values) {
      const at = Math.abs(strength * value)
      log += at + Math.log1p(Math.exp(-2 * at)) - Math.LN2
    }
    return log
  }
  // Any strength gives a bound; the function is convex, so halving steps come near the best.
  let best = 0
  let lowest = 0
  for (let step = 2 / mean; step > 0.02 / mean; step /= 2)
    for (const next of [best + step, best - step]) {
      const log = next > 0 ? exponent(next) : 0
      if (log < lowest) {
        lowest = log
        best = next
      }
    }
  return -lowest / Math.LN2
}
