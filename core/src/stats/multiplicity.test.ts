import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { benjaminiHochberg, holm } from './multiplicity.ts'

const p = [0.01, 0.04, 0.03, 0.005, 0.2, 0.03]

describe('adjusted p values', () => {
  it('p.adjust(c(.01,.04,.03,.005,.2,.03), "holm"), R 4.2.2', () => {
    holm(p).forEach((value, i) => void expect(value).toBeCloseTo([0.05, 0.12, 0.12, 0.03, 0.2, 0.12][i]!, 12))
  })

  it('p.adjust(c(.01,.04,.03,.005,.2,.03), "BH"), R 4.2.2', () => {
    benjaminiHochberg(p).forEach(
      (value, i) => void expect(value).toBeCloseTo([0.03, 0.048, 0.045, 0.03, 0.2, 0.045][i]!, 12),
    )
  })

  it('never lowers a p, keeps the order, and Holm is the stricter', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 }), (values) => {
        const strict = holm(values)
        const lenient = benjaminiHochberg(values)
        values.forEach((value, i) => {
          expect(lenient[i]!).toBeGreaterThanOrEqual(value - 1e-15)
          expect(strict[i]!).toBeGreaterThanOrEqual(lenient[i]! - 1e-12)
          expect(strict[i]!).toBeLessThanOrEqual(1)
          values.forEach((other, j) => {
            if (value < other) {
              expect(strict[i]!).toBeLessThanOrEqual(strict[j]!)
              expect(lenient[i]!).toBeLessThanOrEqual(lenient[j]!)
            }
          })
        })
      }),
      { seed: 6 },
    )
  })

  it('refuses what is no p value', () => expect(() => holm([0.1, 1.2])).toThrow(/1.2 is no p value/))
})
