import { describe, expect, it } from 'vitest'
import type { RaisedAlert } from './alert.ts'
import { newsIn } from './news.ts'

const alert = (hour: number, person: string, score: number): RaisedAlert => ({
  time: new Date(Date.UTC(2026, 2, 2, hour)).toISOString(),
  ...{ person, people: [person], model: 'example-model@1', score, reasons: ['more than usual'] },
  window: { from: '2026-03-02T00:00:00.000Z', to: '2026-03-02T23:00:00.000Z' },
  ...{ groups: ['volume'], timeline: [] },
})
const news = (alerts: RaisedAlert[], perDay: number): string[] =>
  newsIn(alerts, [], { since: 0, perDay }).map(({ person }) => person)

describe('news of a day that had its alerts', () => {
  it('is only what is far beyond them, as often again at most', () => {
    const decoys = [alert(1, 'decoy-1', 3.5), alert(2, 'decoy-2', 3.6)]
    expect(news([...decoys, alert(3, 'unusual', 3.9), alert(4, 'thief', 5)], 2)).toEqual([
      ...['decoy-1', 'decoy-2', 'thief'],
    ])
    const many = Array.from({ length: 12 }, (_, n) => alert(5 + n, `many-${n}`, 6))
    expect(news([...decoys, ...many], 2)).toHaveLength(4)
    expect(news([alert(1, 'decoy-1', 3), alert(2, 'thief', 6)], 0.5)).toEqual(['decoy-1', 'thief'])
  })
})
