import { EPISODE } from '../detection/recurrence.ts'
import type { RaisedAlert } from './alert.ts'
import type { Held } from './store.ts'

const DAY = 86_400_000
/** How much rarer an alert has to be than one about the same person that somebody has already, in powers of ten. */
const RISE = 0.5
/** What scores so high is news though a day has had its alerts, as often again at most: once in a hundred days. */
const FAR = 4

/**
 * Which alerts of a run over a record that goes on are news. Everything is judged again each time, and what came late
 * may shift what was decided long ago: so only what was raised from `since` on counts, whoever stands in an alert of the
 * last 14 days comes up again only where it is rarer, and no day gets more than `perDay`, or twice that of what is far beyond the rest. Bait always is news.
 */
export function newsIn(
  alerts: readonly RaisedAlert[],
  held: readonly Held[],
  { since, perDay }: { since: number; perDay: number },
): RaisedAlert[] {
  const told = held.map(({ person, at, score, groups }) => ({ person, at: at.getTime(), score, groups }))
  const news: RaisedAlert[] = []
  const sorted = [...alerts].sort((a, b) => Date.parse(a.time) - Date.parse(b.time) || b.score - a.score)
  for (const alert of sorted) {
    const at = Date.parse(alert.time)
    const { person, score, groups } = alert
    if (!groups.includes('bait')) {
      if (at < since) continue
      const ofDay = told.filter((one) => dayOf(one.at) === dayOf(at) && !one.groups.includes('bait')).length
      if (ofDay >= Math.max(1, perDay) * (score >= FAR ? 2 : 1)) continue
      const isOld = told.some(
        (one) => one.person === person && Math.abs(at - one.at) <= EPISODE * DAY && score < one.score + RISE,
      )
      if (isOld) continue
    }
    news.push(alert)
    told.push({ person, at, score, groups })
  }
  return news
}

function dayOf(at: number): number {
  return Math.floor(at / DAY)
}
