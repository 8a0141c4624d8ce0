import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clusterRate } from './cluster-rate.ts'
import { random } from './random.ts'

describe('clusterRate', () => {
  it('agrees with survey in R 4.2.2', () => {
    // x <- c(3,0,5,1,0,2,8,0,1,4); n <- c(10,8,12,10,5,10,12,9,10,14)
    // y <- unlist(mapply(function(a, b) c(rep(1, a), rep(0, b - a)), x, n)); cl <- rep(1:10, n)
    // s <- svymean(~y, svydesign(ids = ~cl, data = data.frame(y, cl), weights = ~1))
    // p <- coef(s)[[1]]; deff <- SE(s)[[1]]^2 / (p * (1 - p) / length(y)); ne <- length(y) / deff; t <- qt(.975, 9)
    // (p + t^2/(2*ne) + c(-1,1) * t * sqrt(p*(1-p)/ne + t^2/(4*ne^2))) / (1 + t^2/ne)
    const successes = [3, 0, 5, 1, 0, 2, 8, 0, 1, 4]
    const sizes = [10, 8, 12, 10, 5, 10, 12, 9, 10, 14]
    const rate = clusterRate(successes.map((x, i) => [x, sizes[i]!]))
    expect(rate.value).toBeCloseTo(0.24, 12)
    expect(rate.deff).toBeCloseTo(2.7625730994152, 10)
    expect(rate.effective).toBeCloseTo(36.1981371718882, 9)
    expect(rate.low).toBeCloseTo(0.118485714680423, 10)
    expect(rate.high).toBeCloseTo(0.425921713947852, 10)
    expect(rate).toMatchObject({ n: 100, clusters: 10, level: 0.95 })
  })

  it('at 0 of n counts every cluster once: prop.test(0, 10, correct = FALSE)$conf.int', () => {
    const none = clusterRate(Array.from({ length: 10 }, () => [0, 40]))
    expect(none).toMatchObject({ value: 0, low: 0, effective: 10 })
    expect(none.high).toBeCloseTo(0.277532799862889, 10)
  })

  it('stays in [0, 1], holds the rate, is never a point and never narrower than one big sample', () => {
    const cluster = fc
      .integer({ min: 1, max: 30 })
      .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)))
    fc.assert(
      fc.property(fc.array(cluster, { minLength: 1, maxLength: 20 }), (clusters) => {
        const rate = clusterRate(clusters)
        expect(rate.low).toBeGreaterThanOrEqual(0)
        expect(rate.high).toBeLessThanOrEqual(1)
        expect(rate.low).toBeLessThanOrEqual(rate.value)
        expect(rate.high).toBeGreaterThanOrEqual(rate.value)
        expect(rate.high).toBeGreaterThan(rate.low)
        expect(rate.deff ?? 1).toBeGreaterThanOrEqual(1)
        expect(rate.effective).toBeLessThanOrEqual(rate.n)
      }),
      { seed: 10 },
    )
  })

  it('covers about as often as it says where attempts at a behaviour hang together', () => {
    const source = random('cluster coverage')
    const rounds = 800
    let covered = 0
    for (let round = 0; round < rounds; round++) {
      const clusters = Array.from({ length: 20 }, () => {
        const rate = source.beta(0.8, 3.2)
        const n = 5 + source.below(11)
        let successes = 0
        for (let i = 0; i < n; i++) if (source.uniform() < rate) successes++
        return [successes, n] as const
      })
      const { low, high } = clusterRate(clusters)
      if (low <= 0.2 && 0.2 <= high) covered++
    }
    expect(covered / rounds).toBeGreaterThan(0.93)
    expect(covered / rounds).toBeLessThan(0.985)
  })

  it('refuses nothing, and more events than trials', () => {
    expect(() => clusterRate([[0, 0]])).toThrow(/no trials/)
    expect(() => clusterRate([[3, 2]])).toThrow(/not fewer/)
  })
})
