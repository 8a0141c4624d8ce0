import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { krippendorffAlpha } from './agreement.ts'

const none = undefined
/** The published example of Krippendorff (2011), four observers, twelve units; one row a unit. */
const published = [
  [1, 1, none, 1],
  [2, 2, 3, 2],
  [3, 3, 3, 3],
  [3, 3, 3, 3],
  [2, 2, 2, 2],
  [1, 2, 3, 4],
  [4, 4, 4, 4],
  [1, 1, 2, 1],
  [2, 2, 2, 2],
  [none, 5, 5, 5],
  [none, none, 1, 1],
  [none, none, 3, none],
]

describe('krippendorffAlpha', () => {
  // Published as .743 nominal, .815 ordinal, .849 interval. The further digits come from R 4.2.2, by the definition
  // over pairs instead of coincidences: u <- units with 2 or more values; v <- unlist(u); n <- length(v)
  // Do <- sum(sapply(u, function(x) sum(outer(x, x, del)) / (length(x) - 1))) / n
  // De <- sum(outer(v, v, del)) / (n * (n - 1)); 1 - Do / De
  it.each([
    ['nominal', 0.743421052631579],
    ['ordinal', 0.815387503754881],
    ['interval', 0.849107142857143],
  ] as const)('the published example, %s', (measurement, alpha) => {
    const result = krippendorffAlpha(published, measurement, { seed: 1 })
    expect(result.alpha).toBeCloseTo(alpha, 12)
    expect(result).toMatchObject({ units: 11, values: 40 })
    expect(result.interval!.low).toBeLessThan(alpha)
    expect(result.interval!.high).toBeGreaterThan(alpha)
    expect(result.interval!.high).toBeLessThanOrEqual(1)
  })

  it('is 1 where raters agree, and undefined where nothing varies or nobody overlaps', () => {
    expect(
      krippendorffAlpha(
        [
          ['a', 'a'],
          ['b', 'b'],
          ['a', 'a'],
        ],
        'nominal',
      ).alpha,
    ).toBe(1)
    expect(
      krippendorffAlpha(
        [
          ['a', 'a'],
          ['a', 'a'],
        ],
        'nominal',
      ),
    ).toMatchObject({ alpha: undefined, why: expect.stringContaining('the same') })
    expect(
      krippendorffAlpha(
        [
          ['a', none],
          [none, 'b'],
        ],
        'nominal',
      ),
    ).toMatchObject({ alpha: undefined, units: 0 })
  })

  it('does not care for the order of raters or units, and interval alpha not for scale', () => {
    const unit = fc.array(fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }), {
      minLength: 2,
      maxLength: 4,
    })
    fc.assert(
      fc.property(fc.array(unit, { minLength: 3, maxLength: 12 }), (units) => {
        for (const measurement of ['nominal', 'ordinal', 'interval'] as const) {
          const { alpha } = krippendorffAlpha(units, measurement, { resamples: 100 })
          const turned = krippendorffAlpha(units.map((u) => [...u].reverse()).reverse(), measurement, {
            resamples: 100,
          })
          if (alpha === undefined) expect(turned.alpha).toBeUndefined()
          else {
            expect(turned.alpha).toBeCloseTo(alpha, 9)
            expect(alpha).toBeLessThanOrEqual(1)
            const scaled = units.map((u) => u.map((v) => (v === undefined ? v : v * 10 + 3)))
            expect(krippendorffAlpha(scaled, measurement, { resamples: 100 }).alpha).toBeCloseTo(alpha, 9)
          }
        }
      }),
      { seed: 8, numRuns: 60 },
    )
  })

  it('refuses words on a scale of numbers', () =>
    expect(() => krippendorffAlpha([['low', 'high']], 'ordinal')).toThrow(/finite numbers/))
})
