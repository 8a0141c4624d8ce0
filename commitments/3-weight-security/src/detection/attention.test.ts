import { describe, expect, it } from 'vitest'
import type { Candidate } from './alert.ts'
import { Attention } from './attention.ts'

const DAY = 86_400_000
const HOUR = 3_600_000
const candidate = (at: number, person: string, score: number): Candidate => ({
  ...{ kind: 'acts', at, from: at, person, people: [person], model: undefined, score },
  reasons: [{ group: 'volume', surprise: score, why: () => `${score}` }],
})

/** An attention of so many a day that has seen a quiet month, and what it raised since, as [person, hour of the day]. */
function quiet(perDay: number): { attention: Attention; raised: [string, number][]; today: number } {
  const raised: [string, number][] = []
  let since = Number.POSITIVE_INFINITY
  const attention = new Attention(perDay, ({ person, at }) => {
    if (at > since) raised.push([person, Math.floor((at - since) / HOUR)])
  })
  for (let day = 0; day < 60; day++)
    attention.add(candidate(day * DAY + HOUR, `person-${day}`, 1 + (day % 3) / 10))
  attention.endDay(60)
  since = 60 * DAY
  return { attention, raised, today: since }
}

describe('attention', () => {
  it('that is spent still turns at once to what is far beyond the rest, on tomorrow’s account', () => {
    const { attention, raised, today } = quiet(1)
    attention.add(candidate(today + HOUR, 'decoy', 4))
    attention.add(candidate(today + 2 * HOUR, 'unusual', 3.5))
    attention.add(candidate(today + 3 * HOUR, 'thief', 7))
    expect(raised).toEqual([
      ['decoy', 1],
      ['thief', 3],
    ])
    // what was borrowed is not there tomorrow
    attention.add(candidate(today + DAY + HOUR, 'another', 4))
    attention.add(candidate(today + 2 * DAY + HOUR, 'third', 4))
    expect(raised.map(([person]) => person)).not.toContain('another')
  })

  it('borrows a day’s alerts at most, so that nobody is flooded', () => {
    for (const perDay of [0.5, 1, 3]) {
      const { attention, raised, today } = quiet(perDay)
      for (let n = 0; n < 40; n++)
        attention.add(candidate(today + HOUR + n * 60_000, `thief-${n}`, 7 + n / 10))
      expect(raised.length, `${perDay}`).toBeLessThanOrEqual(2 * Math.max(1, perDay))
      expect(raised.length, `${perDay}`).toBeGreaterThan(perDay)
      for (let day = 1; day < 20; day++)
        for (let n = 0; n < 5; n++) attention.add(candidate(today + day * DAY + HOUR, `later-${day}-${n}`, 8))
      attention.endDay(81)
      expect(raised.length, `${perDay}`).toBeLessThanOrEqual(perDay * 20 + 2 * Math.max(1, perDay))
    }
  })

  it('waits at an hour’s end for what midnight brings, and takes the best of the day', () => {
    const { attention, raised, today } = quiet(1)
    const late = today + 23.9 * HOUR
    attention.add(candidate(today + HOUR, 'better', 2))
    attention.add(candidate(late, 'junk', 1.5))
    // judged at midnight, in the order of their names
    attention.add(candidate(today + DAY, 'after', 1.2))
    attention.add(candidate(today + DAY, 'best', 2.2))
    attention.endDay(61)
    expect(raised.map(([person]) => person)).toEqual(['best'])
  })

  it('tells one story in one alert, and there how it goes on', () => {
    const told: string[] = []
    const attention = new Attention(1, {
      raise: ({ person }) => told.push(`raised ${person}`),
      update: (raised, { score }) => told.push(`${raised.person} went on to ${score}`),
    })
    for (let day = 0; day < 60; day++) attention.add(candidate(day * DAY + HOUR, `person-${day}`, 1))
    told.length = 0
    attention.add(candidate(60 * DAY + HOUR, 'thief', 5))
    for (const score of [5.2, 5.1, 5.4]) attention.add(candidate(61 * DAY + HOUR, 'thief', score))
    attention.endDay(63)
    expect(told.filter((line) => line.includes('thief'))).toEqual([
      'raised thief',
      'thief went on to 5.2',
      'thief went on to 5.4',
    ])
  })
})
