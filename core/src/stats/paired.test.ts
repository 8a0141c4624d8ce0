import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mcnemarExact, type Pair, pairedDifference } from './paired.ts'
import { random } from './random.ts'

const differences = [0, 1, 0, 0, -1, 1, 1, 0, 0, 1, 0, 0, 1, 1, 0, -1, 0, 1, 0, 0]
const clusters = [1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 4, 4, 5, 5, 5, 5, 6, 6, 6, 6]
const example: Pair[] = differences.map((d, i) => ({
  cluster: String(clusters[i]),
  before: d < 0 ? 1 : 0,
  after: d > 0 ? 1 : 0,
}))

describe('pairedDifference', () => {
  it('agrees with R 4.2.2, survey and sandwich', () => {
    // d <- c(0,1,0,0,-1,1,1,0,0,1,0,0,1,1,0,-1,0,1,0,0); cl <- c(1,1,1,2,2,2,2,3,3,4,4,4,5,5,5,5,6,6,6,6)
    // sqrt(vcovCL(lm(d ~ 1), cluster = cl, type = "HC0", cadjust = TRUE))  # 0.0335410196624968
    // des <- svydesign(ids = ~cl, data = data.frame(d, cl), weights = ~1); s <- svymean(~d, des)
    // c(coef(s), SE(s)); confint(s, df = degf(des))
    const result = pairedDifference(example)
    expect(result.value).toBeCloseTo(0.25, 12)
    expect(result.standardError).toBeCloseTo(0.0335410196624968, 12)
    expect(result.low).toBeCloseTo(0.163780064106865, 10)
    expect(result.high).toBeCloseTo(0.336219935893135, 10)
    expect(result).toMatchObject({ n: 20, clusters: 6, level: 0.95 })
  })

  it('is never a point: no change at all still leaves room, and one cluster leaves all of it', () => {
    const same = pairedDifference(
      [1, 2, 3, 4].map((c) => ({ cluster: String(c), before: 0.1 + 0.2, after: 0.3 })),
    )
    expect(same.low).toBeLessThan(-0.4)
    expect(same.high).toBeGreaterThan(0.4)
    expect(pairedDifference([{ cluster: 'a', before: 0, after: 1 }])).toMatchObject({
      value: 1,
      low: -1,
      high: 1,
    })
  })

  it('swapping before and after turns the interval over', () => {
    const pair = fc.record({
      cluster: fc.constantFrom('a', 'b', 'c', 'd'),
      before: fc.constantFrom(0, 0.5, 1),
      after: fc.constantFrom(0, 0.5, 1),
    })
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 40 }), (pairs) => {
        const there = pairedDifference(pairs)
        const back = pairedDifference(pairs.map((p) => ({ ...p, before: p.after, after: p.before })))
        expect(there.value).toBeCloseTo(-back.value, 12)
        expect(there.low).toBeCloseTo(-back.high, 9)
        expect(there.low).toBeLessThan(there.high)
        expect(there.low).toBeGreaterThanOrEqual(-1)
      }),
      { seed: 5 },
    )
  })

  it('covers the true difference about as often as it says, with correlated probes in 25 clusters', () => {
    const source = random('paired coverage')
    let covered = 0
    const rounds = 600
    for (let round = 0; round < rounds; round++) {
      const pairs: Pair[] = []
      for (let c = 0; c < 25; c++) {
        const shift = 0.3 * source.beta(2, 2)
        for (let i = 0; i < 6; i++)
          pairs.push({
            cluster: String(c),
            before: source.uniform() < 0.2 ? 1 : 0,
            after: source.uniform() < 0.2 + shift ? 1 : 0,
          })
      }
      const { low, high } = pairedDifference(pairs)
      if (low <= 0.15 && 0.15 <= high) covered++
    }
    expect(covered / rounds).toBeGreaterThan(0.925)
    expect(covered / rounds).toBeLessThan(0.98)
  })

  it('refuses nothing and outcomes that are no rates', () => {
    expect(() => pairedDifference([])).toThrow(/no pairs/)
    expect(() => pairedDifference([{ cluster: 'a', before: 2, after: 0 }])).toThrow(/between 0 and 1/)
  })
})

describe('mcnemarExact', () => {
  // c(binom.test(9,11), binom.test(3,17), binom.test(5,10), binom.test(2,40)), each $p.value, R 4.2.2
  it.each([
    [9, 2, 0.0654296875],
    [3, 14, 0.012725830078125],
    [5, 5, 1],
    [2, 38, 1.49339030031115e-9],
  ])('%i gained against %i lost', (gained, lost, p) => {
    expect(mcnemarExact(gained, lost)).toBeCloseTo(p, 12)
    expect(mcnemarExact(lost, gained)).toBeCloseTo(p, 12)
  })

  it('finds nothing in no discordance', () => expect(mcnemarExact(0, 0)).toBe(1))
})
