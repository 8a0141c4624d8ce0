import { describe, expect, it } from 'vitest'
import { quantile } from './estimate.ts'
import { random } from './random.ts'
import { acceleration, clusterBootstrap } from './resample.ts'

const x = [12.1, 3.4, 5.5, 8.9, 2.2, 30.1, 4.4, 7.7, 6.1, 9.8, 1.2, 14.5]
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length

describe('clusterBootstrap', () => {
  it('agrees with boot::boot.ci in R 4.2.2 within the error of resampling', () => {
    // x <- c(12.1,3.4,5.5,8.9,2.2,30.1,4.4,7.7,6.1,9.8,1.2,14.5); set.seed(1)
    // boot.ci(boot(x, function(x, i) mean(x[i]), R = 400000), type = c("perc", "bca"))
    const bca = clusterBootstrap(x, mean, { seed: 1, resamples: 100_000 })
    expect(bca.method).toBe('bca')
    expect(bca.low).toBeGreaterThan(5.81666666666667 - 0.06)
    expect(bca.low).toBeLessThan(5.81666666666667 + 0.06)
    expect(bca.high).toBeGreaterThan(15.275 - 0.12)
    expect(bca.high).toBeLessThan(15.275 + 0.12)
    const percentile = clusterBootstrap(x, mean, { seed: 1, resamples: 100_000, method: 'percentile' })
    expect(Math.abs(percentile.low - 5.225)).toBeLessThan(0.05)
    expect(Math.abs(percentile.high - 13.5333333333333)).toBeLessThan(0.08)
  })

  it('has the acceleration of empinf(type = "jack") in R: sum(L^3) / (6 * sum(L^2)^1.5)', () => {
    const jackknifed = x.map((_, out) => mean(x.filter((_, i) => i !== out)))
    expect(acceleration(jackknifed)).toBeCloseTo(0.0851767884758584, 12)
  })

  it('reads quantiles as quantile(x, c(0, .1, .33, .975, 1)) does', () => {
    const sorted = [...x].sort((a, b) => a - b)
    const expected = [1.2, 2.32, 5.093, 25.81, 30.1]
    for (const [i, p] of [0, 0.1, 0.33, 0.975, 1].entries())
      expect(quantile(sorted, p)).toBeCloseTo(expected[i]!, 12)
  })

  it('gives the same interval for the same seed and another for another', () => {
    const once = clusterBootstrap(x, mean, { seed: 's' })
    expect(clusterBootstrap(x, mean, { seed: 's' })).toEqual(once)
    expect(clusterBootstrap(x, mean, { seed: 't' }).low).not.toBe(once.low)
  })

  it('covers a ratio over unequal clusters about as often as it says', () => {
    const source = random('bootstrap coverage')
    const rounds = 300
    let covered = 0
    for (let round = 0; round < rounds; round++) {
      const clusters = Array.from({ length: 30 }, () => {
        const rate = source.beta(2, 6)
        const n = 3 + source.below(10)
        let hits = 0
        for (let i = 0; i < n; i++) if (source.uniform() < rate) hits++
        return { hits, n }
      })
      const ratio = (drawn: readonly { hits: number; n: number }[]): number =>
        drawn.reduce((a, c) => a + c.hits, 0) / drawn.reduce((a, c) => a + c.n, 0)
      const { low, high } = clusterBootstrap(clusters, ratio, { seed: round, resamples: 600 })
      if (low <= 0.25 && 0.25 <= high) covered++
    }
    expect(covered / rounds).toBeGreaterThan(0.9)
    expect(covered / rounds).toBeLessThan(0.985)
  })

  it('says when it is degenerate, and refuses what it cannot resample', () => {
    expect(clusterBootstrap([0, 0, 0, 0], mean, { seed: 1 })).toMatchObject({
      degenerate: true,
      method: 'percentile',
    })
    expect(() => clusterBootstrap([1], mean, { seed: 1 })).toThrow(/at least 2 clusters/)
    expect(() => clusterBootstrap([1, 2], () => Number.NaN, { seed: 1 })).toThrow(/NaN/)
    expect(() => clusterBootstrap(x, mean, { seed: 1, resamples: 5 })).toThrow(/resamples/)
  })
})
