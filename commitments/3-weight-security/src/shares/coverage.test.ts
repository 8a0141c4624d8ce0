import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Coverage, type Read } from './coverage.ts'
import { Intervals } from './intervals.ts'

const range = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 15 }))
  .map(([a, b]) => [a, a + b] as const)

describe('intervals', () => {
  it('are the set of their numbers, in whatever order they come', () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 30 }), range, (ranges, [from, to]) => {
        const set = new Intervals()
        const numbers = new Set<number>()
        for (const [a, b] of ranges) {
          set.add(a, b)
          for (let n = a; n <= b; n++) numbers.add(n)
        }
        expect(set.size).toBe(numbers.size)
        expect(set.within(from, to)).toBe([...numbers].filter((n) => n >= from && n <= to).length)
        const found = set.ranges()
        for (let i = 1; i < found.length; i++) expect(found[i]![0]).toBeGreaterThan(found[i - 1]![1] + 1)
      }),
    )
  })

  it('stay bounded, and say that they hold more than was put in', () => {
    const set = new Intervals()
    for (let n = 0; n < 250_000; n++) set.add(3 * n, 3 * n)
    expect(set.isCoarse).toBe(true)
    expect(set.ranges().length).toBeLessThanOrEqual(100_000)
    expect(set.size).toBeGreaterThanOrEqual(250_000)
  })
})

const MIB = 2 ** 20
const sizes = new Map([['example-model@1.0', { segments: 100, segmentBytes: MIB }]])
const read = (over: Partial<Read>): Read => ({
  ...{ at: 0, person: 'person-1', model: 'example-model@1.0', told: 'range' },
  ...over,
})
function answer(...reads: Partial<Read>[]) {
  const coverage = new Coverage(sizes)
  for (const one of reads) coverage.add(read(one))
  return coverage.answer()
}
const shareOf = (...reads: Partial<Read>[]) =>
  answer(...reads).find(({ person }) => person === 'person-1')?.share

describe('coverage', () => {
  it('is the unique share: the same again adds nothing, and two people are joined', () => {
    const found = answer(
      { segments: [0, 29] },
      { segments: [10, 39] },
      { person: 'person-2', segments: [30, 59] },
      { person: 'person-2', told: 'whole', segments: [30, 49] },
    )
    expect(found.map(({ person, share, reads }) => [person, share, reads])).toEqual([
      [null, { low: 0.6, high: 0.6 }, 4],
      ['person-1', { low: 0.4, high: 0.4 }, 2],
      ['person-2', { low: 0.3, high: 0.3 }, 2],
    ])
  })

  it('bounds what the log does not tell', () => {
    // 8 MiB of an object of 50 segments, ten times: 8 segments at least, all of the object at most
    const part: Partial<Read> = { told: 'part', within: [0, 49], bytes: 8 * MIB }
    expect(shareOf(part)).toEqual({ low: 0.08, high: 0.09 })
    expect(shareOf(...Array.from({ length: 10 }, () => part))).toEqual({ low: 0.08, high: 0.5 })
    // what is known of the same object counts once
    expect(shareOf(part, { segments: [0, 39] })).toEqual({ low: 0.4, high: 0.49 })
    expect(shareOf({ told: 'untold', segments: [50, 99], within: [50, 99] })).toEqual({ low: 0, high: 0.5 })
    expect(shareOf(part, { told: 'untold', segments: [0, 49], within: [0, 49] })).toEqual({
      low: 0.08,
      high: 0.5,
    })
  })

  it('counts what was certainly read at least, and what may have been at most', () => {
    expect(shareOf({ segments: [10, 19], possible: [9, 20] })).toEqual({ low: 0.1, high: 0.12 })
    expect(shareOf({ told: 'range', possible: [4, 5], bytes: 1 })).toEqual({ low: 0, high: 0.02 })
  })

  it('knows nothing of reads without place, of keys, and of models without size', () => {
    expect(shareOf({ told: 'part', bytes: 5 })).toEqual({ low: 0, high: 1 })
    expect(answer({ told: 'key' })[1]).toMatchObject({ share: { low: 0, high: 0 }, keys: 1, reads: 0 })
    expect(answer({ model: 'example-other@1', segments: [0, 5] })[0]?.share).toBeNull()
    // segments beyond the model that the mapping tells are none of it
    expect(shareOf({ segments: [90, 500] })).toEqual({ low: 0.1, high: 0.1 })
  })

  it('never tells less at most than at least, and holds what was really read', () => {
    const one = fc.record({
      from: fc.nat(49),
      bytes: fc.integer({ min: 1, max: 20 * MIB }),
      told: fc.constantFrom('range', 'part', 'untold'),
    })
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 12 }), (reads) => {
        const really = new Set<number>()
        const coverage = new Coverage(sizes)
        for (const { from, bytes, told } of reads) {
          const to = Math.min(49, from + Math.ceil(bytes / MIB) - 1)
          for (let n = from; n <= to; n++) really.add(n)
          const moved = Math.min(bytes, (50 - from) * MIB)
          const segments: [number, number] | undefined =
            told === 'range' ? [from, to] : told === 'untold' ? [0, 49] : undefined
          coverage.add(read({ told: told as Read['told'], segments, within: [0, 49], bytes: moved }))
        }
        const { low, high } = coverage.answer()[1]!.share!
        expect(low).toBeLessThanOrEqual(really.size / 100 + 1e-9)
        expect(high).toBeGreaterThanOrEqual(really.size / 100 - 1e-9)
      }),
    )
  })
})
