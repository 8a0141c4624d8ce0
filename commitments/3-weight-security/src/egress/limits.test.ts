import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Budget, looserIn, readLimits } from './limits.ts'
import { theftOf } from './theft.ts'

const GIB = 2 ** 30
const budget = (given: Partial<Budget>): Budget => ({ id: 'one', per: ['person'], only: {}, ...given })
const model = { name: 'example@1', bytes: 100 * GIB }
const hours = (budgets: Budget[], people = 1, environments = ['lab']): number | null => {
  const { seconds } = theftOf({ budgets }, model, { people, environments })
  return seconds === null ? null : seconds / 3600
}

describe('the time that stealing a model takes', () => {
  it('is what the limits make it, for one and for several', () => {
    const personal = budget({ bytesPerHour: GIB })
    // the hundredth allowance begins after 99 hours
    expect(hours([personal])).toBe(99)
    expect(hours([personal], 4)).toBe(24)
    const whole = budget({ id: 'two', per: ['model'], bytesPerHour: 2 * GIB })
    expect(hours([personal, whole], 4)).toBe(49)
    const share = budget({ id: 'three', per: ['person', 'model'], share: { of: 0.1, days: 7 } })
    expect(hours([personal, share])).toBe(9 * 7 * 24)
    expect(hours([personal, share], 10)).toBe(9)
    expect(hours([budget({ per: ['model'], share: { of: 1, days: 1 } })])).toBe(0)
  })

  it('is nothing where no limit binds, in an environment or for the model', () => {
    expect(hours([])).toBeNull()
    expect(hours([budget({ bytesPerHour: GIB, only: { models: ['other'] } })])).toBeNull()
    const lab = budget({ bytesPerHour: GIB, only: { environments: ['lab'] } })
    expect(hours([lab])).toBe(99)
    expect(hours([lab], 1, ['lab', 'office'])).toBeNull()
    expect(hours([budget({ bytesPerHour: GIB, only: { models: ['example'] } })])).toBe(99)
  })

  it('adds up over environments that have budgets of their own', () => {
    const each = budget({ per: ['person', 'environment'], bytesPerHour: GIB })
    expect(hours([each], 1, ['lab', 'office'])).toBe(49)
    const total = budget({ id: 'total', per: ['person'], bytesPerHour: GIB })
    expect(hours([each, total], 1, ['lab', 'office'])).toBe(99)
    const inLab = budget({
      id: 'lab',
      per: ['person'],
      bytesPerHour: GIB / 4,
      only: { environments: ['lab'] },
    })
    expect(hours([each, inLab], 1, ['lab', 'office'])).toBe(79)
  })

  it('never shrinks with another budget or fewer people, and no simulated thief is faster', () => {
    const budgets = fc.array(
      fc.record({
        per: fc.subarray(['person', 'model'] as const, { minLength: 1 }),
        bytesPerHour: fc.integer({ min: 1, max: 40 }),
        days: fc.integer({ min: 1, max: 3 }),
        share: fc.double({ min: 0.05, max: 2, noNaN: true }),
      }),
      { minLength: 1, maxLength: 4 },
    )
    fc.assert(
      fc.property(budgets, fc.integer({ min: 1, max: 4 }), (all, people) => {
        const made = all.map(({ per, bytesPerHour, share, days }, n) =>
          budget({
            ...{ id: `b${n}`, per, bytesPerHour },
            ...(per.includes('model') && { share: { of: share, days } }),
          }),
        )
        const small = { name: 'm@1', bytes: 100 }
        const at = (some: Budget[], k: number): number =>
          theftOf({ budgets: some }, small, { people: k, environments: ['lab'] }).seconds!
        expect(at(made, people)).toBeGreaterThanOrEqual(at(made, people + 1))
        expect(at(made, people)).toBeGreaterThanOrEqual(at(made.slice(0, 1), people))
        expect(greedy(made, people, small.bytes)).toBeGreaterThanOrEqual(at(made, people))
      }),
      { numRuns: 60 },
    )
  })
})

/** Takes each hour what every sliding window has left; the seconds until all is taken. */
function greedy(budgets: Budget[], people: number, bytes: number): number {
  const taken: number[] = []
  let total = 0
  for (let hour = 0; hour < 5000; hour++) {
    const left: number[] = budgets.flatMap((one) => {
      const times = one.per.includes('person') ? people : 1
      const caps = [
        { cap: one.bytesPerHour!, window: 1 },
        ...(one.share ? [{ cap: Math.floor(one.share.of * bytes), window: one.share.days * 24 }] : []),
      ]
      return caps.map(
        ({ cap, window }) =>
          cap * times - taken.slice(Math.max(0, hour - window + 1)).reduce((a, b) => a + b, 0),
      )
    })
    const now = Math.max(0, Math.min(...left))
    taken.push(now)
    total += now
    if (total >= bytes) return hour * 3600
  }
  return Number.POSITIVE_INFINITY
}

describe('limits', () => {
  it('are read from a file, or refused with what is wrong', () => {
    const text =
      '{"budgets":[{"id":"person","per":["person","model"],"bytesPerHour":10,"share":{"of":0.5,"days":7}}]}'
    expect(readLimits(text, 'limits.json').budgets).toHaveLength(1)
    for (const wrong of [
      'no json',
      '{"budgets":[{"id":"x","per":["person"]}]}',
      '{"budgets":[{"id":"x","per":["person"],"share":{"of":1,"days":1}}]}',
      '{"budgets":[{"id":"x","per":["person","person"],"bytesPerHour":1}]}',
      '{"budgets":[{"id":"x","per":["person"],"bytesPerHour":0}]}',
      '{"budgets":[{"id":"x","per":["person"],"bytesPerHour":1},{"id":"x","per":["model"],"bytesPerHour":1}]}',
      '{"budgets":[],"more":1}',
    ])
      expect(() => readLimits(wrong, 'limits.json'), wrong).toThrow(
        expect.objectContaining({ code: 'input' }),
      )
  })

  it('say in what they are looser than others', () => {
    const old = {
      budgets: [budget({ per: ['person', 'model'], bytesPerHour: 10, share: { of: 0.5, days: 7 } })],
    }
    const changed = (given: Partial<Budget>) => looserIn(old, { budgets: [{ ...old.budgets[0]!, ...given }] })
    expect(changed({})).toEqual([])
    expect(changed({ bytesPerHour: 5, share: { of: 0.4, days: 30 } })).toEqual([])
    expect(looserIn(old, { budgets: [...old.budgets, budget({ id: 'more', bytesPerHour: 1 })] })).toEqual([])
    for (const given of [
      { id: 'other' },
      { bytesPerHour: 11 },
      { bytesPerHour: undefined },
      { share: undefined },
      { share: { of: 0.5, days: 6 } },
      { only: { environments: ['lab'] } },
      { only: { models: ['example'] } },
      { per: ['model' as const] },
    ])
      expect(changed(given), JSON.stringify(given)).toHaveLength(1)
  })
})
