import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  betaCdf,
  betaQuantile,
  binomialCdf,
  logGamma,
  normalCdf,
  normalQuantile,
  tCdf,
  tQuantile,
} from './distribution.ts'

/** Relative distance, for values of very different size. */
function close(actual: number[], expected: number[], tolerance = 1e-12): void {
  expect(actual).toHaveLength(expected.length)
  actual.forEach((value, i) => {
    const wanted = expected[i]!
    expect(Math.abs(value - wanted), `${value} against ${wanted}`).toBeLessThanOrEqual(
      tolerance * Math.max(Math.abs(wanted), 1e-300),
    )
  })
}

// The expected values are printed by R 4.2.2 with options(digits = 15); each test names the call.
describe('distributions, against R', () => {
  it('qnorm(c(.975, .5, .01, 1e-10, 1e-100, .9999999))', () => {
    close(
      [0.975, 0.5, 0.01, 1e-10, 1e-100, 0.9999999].map(normalQuantile),
      [1.95996398454005, 0, -2.32634787404084, -6.36134090240406, -21.27345356096532, 5.19933758229066],
    )
  })

  it('pnorm(c(-10, -3.5, -1, 0.3, 2.9, 3.1, 6))', () => {
    close(
      [-10, -3.5, -1, 0.3, 2.9, 3.1, 6].map(normalCdf),
      [
        7.61985302416053e-24, 0.000232629079035525, 0.158655253931457, 0.617911422188953, 0.998134186699616,
        0.999032396786782, 0.999999999013412,
      ],
    )
    expect([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY].map(normalCdf)).toEqual([0, 1])
  })

  it('lgamma(c(.1, .5, 3.7, 29.9, 30, 1e6))', () => {
    close(
      [0.1, 0.5, 3.7, 29.9, 30, 1e6].map(logGamma),
      [
        2.25271265173421, 0.5723649429247, 1.42807232666539, 70.9187648209872, 71.257038967168,
        12815504.5691476,
      ],
    )
  })

  it('c(pbeta(.3,2,5), pbeta(.001,.5,.5), pbeta(.99,30,2), pbeta(.5,5000,5100), pbeta(1e-6,.01,3))', () => {
    close(
      [
        betaCdf(0.3, 2, 5),
        betaCdf(0.001, 0.5, 0.5),
        betaCdf(0.99, 30, 2),
        betaCdf(0.5, 5000, 5100),
        betaCdf(1e-6, 0.01, 3),
      ],
      [0.5798250000000001, 0.0201350416333775, 0.9616104854047645, 0.8401528708121377, 0.8840715744785559],
      1e-10,
    )
  })

  it('c(qbeta(.025,3,98), qbeta(.975,4,97), qbeta(.5,.5,.5), qbeta(1e-6,.5,40), qbeta(.9,5000,5100))', () => {
    close(
      [
        betaQuantile(0.025, 3, 98),
        betaQuantile(0.975, 4, 97),
        betaQuantile(0.5, 0.5, 0.5),
        betaQuantile(1e-6, 0.5, 40),
        betaQuantile(0.9, 5000, 5100),
      ],
      [0.0062299715383064, 0.08517605297428, 0.5, 1.97580536281458e-14, 0.501425258284124],
      1e-9,
    )
  })

  it('c(pt(2,4), pt(-.1,1.5), pt(-30,3), pt(1.3,200))', () => {
    close(
      [tCdf(2, 4), tCdf(-0.1, 1.5), tCdf(-30, 3), tCdf(1.3, 200)],
      [0.941941738241592, 0.466020726743481, 0.0000406764021358198, 0.902451405345572],
    )
  })

  it('c(qt(.975,1), qt(.975,4), qt(.6,4), qt(.05,29.5), qt(.9995,1000))', () => {
    close(
      [
        tQuantile(0.975, 1),
        tQuantile(0.975, 4),
        tQuantile(0.6, 4),
        tQuantile(0.05, 29.5),
        tQuantile(0.9995, 1000),
      ],
      [12.706204736174694, 2.776445105197793, 0.270722294707597, -1.698177638838006, 3.300282648423944],
      1e-11,
    )
    expect(tQuantile(0.975, Number.POSITIVE_INFINITY)).toBe(normalQuantile(0.975))
  })

  it('c(pbinom(3,10,.5), pbinom(0,50,.01), pbinom(412,1000,.4))', () => {
    close(
      [binomialCdf(3, 10, 0.5), binomialCdf(0, 50, 0.01), binomialCdf(412, 1000, 0.4)],
      [0.171875, 0.605006067137536, 0.790340142454993],
      1e-11,
    )
  })
})

describe('distributions, properties', () => {
  const probability = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true })

  it('a quantile undoes its distribution', () => {
    fc.assert(
      fc.property(
        probability,
        fc.double({ min: 1, max: 300, noNaN: true }),
        fc.double({ min: 1, max: 300, noNaN: true }),
        (p, a, b) => {
          expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 12)
          expect(betaCdf(betaQuantile(p, a, b), a, b)).toBeCloseTo(p, 9)
          expect(tCdf(tQuantile(p, a), a)).toBeCloseTo(p, 9)
        },
      ),
      { seed: 11, numRuns: 300 },
    )
  })

  it('refuses what is no probability', () => {
    expect(() => normalQuantile(1.1)).toThrow(/between 0 and 1/)
    expect(() => betaQuantile(Number.NaN, 1, 1)).toThrow(/between 0 and 1/)
    expect(() => tQuantile(0, 3)).toThrow(/0 < p < 1/)
    expect(() => betaCdf(0.5, 0, 1)).toThrow(/positive shapes/)
  })
})
