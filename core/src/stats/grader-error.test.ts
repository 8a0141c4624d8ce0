import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CorrectedRate, correctedRate } from './grader-error.ts'
import { random } from './random.ts'

function corrected(result: CorrectedRate): Extract<CorrectedRate, { correctable: true }> {
  if (!result.correctable) throw new Error(result.why)
  return result
}

describe('correctedRate', () => {
  it('has the point estimate of epi.prev(pos = 60, tested = 400, se = .9, sp = .95, ..., units = 1)$tp, epiR in R 4.2.2', () => {
    const result = corrected(
      correctedRate(
        { positives: 60, n: 400 },
        { sensitivity: { right: 45, of: 50 }, specificity: { right: 95, of: 100 } },
        { seed: 1 },
      ),
    )
    expect(result.apparent).toBeCloseTo(0.15, 12)
    expect(result.value).toBeCloseTo(0.117647058823529, 12)
  })

  it('has the interval of the same draws made in R 4.2.2, within the error of drawing', () => {
    // B <- 4e6; set.seed(1); bd <- function(x, n) rbeta(B, x + .5, n - x + .5)
    // rg <- function(pp, n, a, b, c, d) { P <- bd(pp, n); S <- bd(a, b); T <- bd(c, d)
    //   quantile(pmin(1, pmax(0, (P + T - 1)/(S + T - 1))), c(.025, .975)) }
    // rg(60, 400, 45, 50, 95, 100); rg(30, 100, 18, 20, 57, 60)
    const cases = [
      [60, 400, 45, 50, 95, 100, 0.0448502938952795, 0.1755045367766689],
      [30, 100, 18, 20, 57, 60, 0.171745835165917, 0.439891461088999],
    ] as const
    for (const [positives, n, a, b, c, d, low, high] of cases) {
      const result = corrected(
        correctedRate(
          { positives, n },
          { sensitivity: { right: a, of: b }, specificity: { right: c, of: d } },
          { seed: 2, draws: 200_000 },
        ),
      )
      expect(Math.abs(result.low - low)).toBeLessThan(0.003)
      expect(Math.abs(result.high - high)).toBeLessThan(0.003)
    }
  })

  it('says when nothing can be corrected', () => {
    const perfect = { right: 50, of: 50 }
    const chance = correctedRate(
      { positives: 5, n: 10 },
      { sensitivity: { right: 10, of: 20 }, specificity: { right: 10, of: 20 } },
      { seed: 1 },
    )
    expect(chance).toMatchObject({ correctable: false, why: expect.stringContaining('no more than chance') })
    const untested = correctedRate(
      { positives: 5, n: 10 },
      { sensitivity: perfect, specificity: { right: 0, of: 0 } },
      { seed: 1 },
    )
    expect(untested).toMatchObject({ correctable: false, why: expect.stringContaining('unknown') })
  })

  it('is wider than the uncorrected interval, and 0 of n is never a point', () => {
    const good = { sensitivity: { right: 95, of: 100 }, specificity: { right: 180, of: 200 } }
    const none = corrected(correctedRate({ positives: 0, n: 60 }, good, { seed: 1 }))
    expect(none).toMatchObject({ value: 0, low: 0, clamped: true })
    expect(none.high).toBeGreaterThan(0.05)
    const all = corrected(correctedRate({ positives: 60, n: 60 }, good, { seed: 1 }))
    expect(all.value).toBe(1)
    expect(all.low).toBeLessThan(0.95)
  })

  it('stays in [0, 1], holds its value, and repeats itself for one seed', () => {
    const counts = (max: number) =>
      fc
        .integer({ min: 1, max })
        .chain((of) => fc.record({ right: fc.integer({ min: 0, max: of }), of: fc.constant(of) }))
    fc.assert(
      fc.property(
        counts(200),
        counts(60),
        counts(60),
        ({ right: positives, of: n }, sensitivity, specificity) => {
          const run = () =>
            correctedRate({ positives, n }, { sensitivity, specificity }, { seed: 9, draws: 1_000 })
          const result = run()
          expect(run()).toEqual(result)
          if (!result.correctable) return
          expect(result.low).toBeGreaterThanOrEqual(0)
          expect(result.high).toBeLessThanOrEqual(1)
          expect(result.low).toBeLessThanOrEqual(result.value)
          expect(result.high).toBeGreaterThanOrEqual(result.value)
          expect(result.high).toBeGreaterThan(result.low)
        },
      ),
      { seed: 7, numRuns: 60 },
    )
  })

  it('covers the true rate about as often as it says', () => {
    const source = random('grader coverage')
    const binomial = (n: number, p: number): number => {
      let hits = 0
      for (let i = 0; i < n; i++) if (source.uniform() < p) hits++
      return hits
    }
    const rounds = 300
    const [rate, se, sp] = [0.2, 0.85, 0.93]
    let covered = 0
    for (let round = 0; round < rounds; round++) {
      const result = correctedRate(
        { positives: binomial(250, rate * se + (1 - rate) * (1 - sp)), n: 250 },
        {
          sensitivity: { right: binomial(60, se), of: 60 },
          specificity: { right: binomial(80, sp), of: 80 },
        },
        { seed: round, draws: 2_000 },
      )
      if (result.correctable && result.low <= rate && rate <= result.high) covered++
    }
    expect(covered / rounds).toBeGreaterThan(0.92)
  })
})
