import { describe, expect, it } from 'vitest'
import { fromState, random } from './random.ts'

describe('random', () => {
  it('gives the published sequence of xoshiro128** for the state 1, 2, 3, 4', () => {
    const source = fromState([1, 2, 3, 4])
    expect(Array.from({ length: 10 }, () => source.word())).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ])
  })

  it('repeats itself for one seed and differs for another', () => {
    const take = (seed: string | number): number[] => {
      const source = random(seed)
      return Array.from({ length: 5 }, () => source.word())
    }
    expect(take('a')).toEqual(take('a'))
    expect(take('a')).not.toEqual(take('b'))
    expect(take(7)).toEqual(take('7'))
  })

  it('draws with the means and variances its distributions have', () => {
    const source = random('moments')
    const n = 40_000
    const moments = (draw: () => number): [number, number] => {
      const values = Array.from({ length: n }, draw)
      const mean = values.reduce((a, b) => a + b, 0) / n
      return [mean, values.reduce((a, b) => a + (b - mean) ** 2, 0) / n]
    }
    const near = ([mean, variance]: [number, number], wanted: [number, number]): void => {
      expect(Math.abs(mean - wanted[0])).toBeLessThan(5 * Math.sqrt(wanted[1] / n))
      expect(variance / wanted[1]).toBeGreaterThan(0.93)
      expect(variance / wanted[1]).toBeLessThan(1.07)
    }
    near(moments(source.uniform), [0.5, 1 / 12])
    near(moments(source.normal), [0, 1])
    near(
      moments(() => source.gamma(2.5)),
      [2.5, 2.5],
    )
    near(
      moments(() => source.gamma(0.4)),
      [0.4, 0.4],
    )
    near(
      moments(() => source.beta(2, 5)),
      [2 / 7, 10 / (49 * 8)],
    )
    near(
      moments(() => source.below(6)),
      [2.5, 35 / 12],
    )
  })
})
