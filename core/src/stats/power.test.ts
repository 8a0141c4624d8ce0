import { describe, expect, it } from 'vitest'
import { smallestDetectableDifference } from './power.ts'

describe('smallestDetectableDifference', () => {
  it('agrees with uniroot in R 4.2.2', () => {
    // sdd <- function(n, psi, a = .05, pw = .8) uniroot(function(x)
    //   (qnorm(1-a/2)*sqrt(psi) + qnorm(pw)*sqrt(psi-x^2))^2/x^2 - n, c(1e-6, psi), tol = 1e-14)$root
    // c(sdd(200, .2), sdd(1000, .1), sdd(500/2.5, .3, .01, .9))
    expect(smallestDetectableDifference({ pairs: 200, discordance: 0.2 })).toBeCloseTo(0.0880726934516036, 10)
    expect(smallestDetectableDifference({ pairs: 1000, discordance: 0.1 })).toBeCloseTo(
      0.0279828363044735,
      10,
    )
    expect(
      smallestDetectableDifference({
        pairs: 500,
        discordance: 0.3,
        designEffect: 2.5,
        alpha: 0.01,
        power: 0.9,
      }),
    ).toBeCloseTo(0.1475605545601063, 10)
  })

  it('shrinks with more pairs, and says when nothing could be seen', () => {
    const at = (pairs: number) => smallestDetectableDifference({ pairs, discordance: 0.2 })
    expect(at(400)!).toBeLessThan(at(200)!)
    expect(at(20)).toBeUndefined()
  })
})
