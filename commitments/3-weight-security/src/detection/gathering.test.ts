import { describe, expect, it } from 'vitest'
import { Gathering, Repeating } from './gathering.ts'
import { Young, YoungPlaces } from './young.ts'

/** A company of twenty whose sittings bring new parts as chance gives it to one who keeps to a corner, and one more. */
function company(thief: (step: number) => { held: number; isAnew: boolean }): {
  sum: number
  others: number
} {
  const usual = new Repeating()
  const others = Array.from({ length: 20 }, () => new Gathering())
  const one = new Gathering()
  let step = 0
  for (let day = 1; day <= 60; day++) {
    for (const [n, other] of others.entries()) other.note(0.4, (day * 7 + n * 3) % 10 < 3, 10, usual, day)
    // like everybody at first
    if (day <= 20) one.note(0.2, (day * 7) % 10 < 3, 10, usual, day)
    else {
      const { held, isAnew } = thief(step++)
      one.note(held, isAnew, 10, usual, day)
    }
  }
  return { sum: one.sum, others: Math.max(...others.map(({ sum }) => sum)) }
}

describe('gathering a model', () => {
  it('is told from work by what never is read again, whatever the order', () => {
    const { sum, others } = company((step) => ({ held: 0.2 + 0.015 * step, isAnew: true }))
    expect(sum).toBeGreaterThan(4)
    expect(sum).toBeGreaterThan(others + 3)
  })

  it('hides in no ordinary work between', () => {
    const { sum, others } = company((step) => ({ held: 0.2 + 0.01 * step, isAnew: step % 3 !== 0 }))
    expect(sum).toBeGreaterThan(others + 1)
  })

  it('is not seen in one who goes on as before', () => {
    const { sum } = company((step) => ({ held: 0.25, isAnew: (step * 7) % 10 < 3 }))
    expect(sum).toBeLessThan(1.5)
  })
})

describe('a place that nobody used before', () => {
  it('is told where several carry much of a model through it, and not where they meet there once', () => {
    const places = new YoungPlaces()
    for (let day = 1; day <= 30; day++) places.endDay(day, 50)
    const dropped = places.of('sink', 'drop', true, 31)!
    for (let day = 31; day < 35; day++) {
      dropped.read('person-1', 'example-model@1.0', day * 10, day * 10 + 9, day)
      const once = places.endDay(day, 50)
      expect(once).toEqual([])
    }
    dropped.read('person-2', 'example-model@1.0', 0, 99, 35)
    const [found] = places.endDay(35, 50)
    expect(found!.people).toEqual(['person-1', 'person-2'])
    expect(places.sharing(dropped).p).toBeLessThan(0.01)
    // what everybody uses is of the house
    for (let n = 3; n < 9; n++) dropped.read(`person-${n}`, 'example-model@1.0', 0, 400, 36)
    expect(dropped.isCommon).toBe(true)
    expect(places.endDay(36, 50)).toEqual([])
  })

  it('is none among what the record begins with, or what somebody used already', () => {
    const places = new YoungPlaces()
    expect(places.of('host', 'desk-1', true, 2)).toBeUndefined()
    expect(places.of('host', 'desk-1', false, 20)).toBeUndefined()
    expect(places.of('host', 'desk-2', true, 20)).toBeInstanceOf(Young)
  })
})
