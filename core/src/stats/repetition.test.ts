import { describe, expect, it } from 'vitest'
import { allOfK, bestOfK } from './repetition.ts'

describe('repeated tries', () => {
  it('c(choose(7,3)/choose(10,3), 1 - choose(93,10)/choose(100,10)), R 4.2.2', () => {
    expect(allOfK(7, 10, 3)).toBeCloseTo(0.291666666666667, 12)
    expect(bestOfK(7, 100, 10)).toBeCloseTo(0.533259585682786, 12)
  })

  it('is the plain rate for one try, and exact where all or none succeed', () => {
    expect(allOfK(3, 8, 1)).toBeCloseTo(3 / 8, 14)
    expect(bestOfK(3, 8, 1)).toBeCloseTo(3 / 8, 14)
    expect([allOfK(8, 8, 5), allOfK(4, 8, 5), bestOfK(0, 8, 8), bestOfK(1, 8, 8)]).toEqual([1, 0, 0, 1])
  })

  it('is unbiased: averaged over the binomial it gives p^k', () => {
    const [n, k, p] = [9, 4, 0.6]
    let mean = 0
    let chance = (1 - p) ** n
    for (let x = 0; x <= n; x++) {
      mean += chance * allOfK(x, n, k)
      chance *= ((n - x) / (x + 1)) * (p / (1 - p))
    }
    expect(mean).toBeCloseTo(p ** k, 12)
  })

  it('refuses more tries than were made', () => expect(() => bestOfK(1, 3, 4)).toThrow(/k = 4/))
})
