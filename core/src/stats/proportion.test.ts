import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binomialCdf } from './distribution.ts'
import { clopperPearson, wilson } from './proportion.ts'

describe('intervals of a proportion, against R 4.2.2', () => {
  // prop.test(x, n, correct = FALSE)$conf.int
  it.each([
    [0, 20, 0, 0.161125158052819],
    [3, 100, 0.0102545240240389, 0.0845193642905276],
    [20, 20, 0.838874841947181, 1],
    [412, 1000, 0.381887311279958, 0.4427861982135],
  ])('wilson %i of %i', (x, n, low, high) => {
    const interval = wilson(x, n)
    expect(interval.low).toBeCloseTo(low, 12)
    expect(interval.high).toBeCloseTo(high, 12)
  })

  it('prop.test(7, 50, conf.level = .9, correct = FALSE)$conf.int', () => {
    const interval = wilson(7, 50, 0.9)
    expect(interval.low).toBeCloseTo(0.07772089782063, 12)
    expect(interval.high).toBeCloseTo(0.239238995945484, 12)
  })

  // binom.test(x, n)$conf.int
  it.each([
    [0, 20, 0, 0.168433470983085],
    [3, 100, 0.0062299715383064, 0.08517605297428],
    [20, 20, 0.831566529016915, 1],
    [412, 1000, 0.381291514308622, 0.44322811146249],
  ])('exact %i of %i', (x, n, low, high) => {
    const interval = clopperPearson(x, n)
    expect(interval.low).toBeCloseTo(low, 10)
    expect(interval.high).toBeCloseTo(high, 10)
  })
})

describe('intervals of a proportion, properties', () => {
  const counts = fc
    .integer({ min: 1, max: 400 })
    .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)))

  it('holds the rate, stays in [0, 1], is never a point, and widens with the level', () => {
    fc.assert(
      fc.property(counts, ([x, n]) => {
        for (const make of [wilson, clopperPearson]) {
          const { value, low, high } = make(x, n)
          expect(low).toBeLessThanOrEqual(value)
          expect(high).toBeGreaterThanOrEqual(value)
          expect(low).toBeGreaterThanOrEqual(0)
          expect(high).toBeLessThanOrEqual(1)
          expect(high - low).toBeGreaterThan(0)
          const wider = make(x, n, 0.99)
          expect(wider.low).toBeLessThanOrEqual(low)
          expect(wider.high).toBeGreaterThanOrEqual(high)
        }
      }),
      { seed: 3 },
    )
  })

  it('rises with the successes and mirrors failures', () => {
    fc.assert(
      fc.property(counts, ([x, n]) => {
        for (const make of [wilson, clopperPearson]) {
          const mirrored = make(n - x, n)
          expect(make(x, n).low).toBeCloseTo(1 - mirrored.high, 9)
          if (x < n) expect(make(x + 1, n).high).toBeGreaterThanOrEqual(make(x, n).high)
        }
      }),
      { seed: 4 },
    )
  })

  it('the exact interval covers at least 95 % at every rate tried, summed over all outcomes', () => {
    for (const n of [5, 20, 60])
      for (let p = 0.02; p < 1; p += 0.07) {
        let covered = 0
        for (let x = 0; x <= n; x++) {
          const { low, high } = clopperPearson(x, n)
          if (low <= p && p <= high) covered += binomialCdf(x, n, p) - binomialCdf(x - 1, n, p)
        }
        expect(covered).toBeGreaterThanOrEqual(0.95 - 1e-9)
      }
  })

  it('refuses what is no count', () => {
    expect(() => wilson(3, 2)).toThrow(/3 of 2/)
    expect(() => wilson(0, 0)).toThrow(/0 of 0/)
    expect(() => clopperPearson(1.5, 3)).toThrow(/whole/)
    expect(() => wilson(1, 3, 1)).toThrow(/confidence level/)
  })
})
