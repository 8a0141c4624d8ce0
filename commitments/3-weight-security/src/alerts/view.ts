import type { Installation } from '@avouch/core/installation'
import { unlinkedOf } from '../identity/store.ts'
import type { AlertAct, KeptAlert } from './alert.ts'
import { type Outcomes, outcomesOf, type Precision, precisionOf } from './precision.ts'
import { judgedAlerts, listActs } from './store.ts'
import type { Step } from './timeline.ts'

/** An alert in a list, as routes and `--json` tell it; moments are RFC 3339. */
export type AlertView = Omit<
  KeptAlert,
  'acknowledgedAt' | 'closedAt' | 'keptAt' | 'outcome' | 'evidence' | 'timeline'
> & {
  outcome: KeptAlert['outcome'] | null
  acknowledgedAt: string | null
  closedAt: string | null
  keptAt: string
  evidence: string | null
}

/** One alert with what was done about it, and what the people it is about did around it. */
export type AlertPage = AlertView & {
  acts: { act: AlertAct['act']; by: string; words: string | null; at: string }[]
  timeline: (Step & { when: 'before' | 'within' | 'after' })[]
  /** Of the people it is about, those whom nobody linked to anybody enrolled here: whoever reads this may be one. */
  unlinked: string[]
}

export function viewAlert({ timeline: _, ...alert }: KeptAlert): AlertView {
  return {
    ...alert,
    outcome: alert.outcome ?? null,
    acknowledgedAt: alert.acknowledgedAt?.toISOString() ?? null,
    closedAt: alert.closedAt?.toISOString() ?? null,
    keptAt: alert.keptAt.toISOString(),
    evidence: alert.evidence ?? null,
  }
}

export async function pageOf({ db }: Installation, alert: KeptAlert): Promise<AlertPage> {
  const acts = await listActs(db, alert.id)
  const from = Date.parse(alert.window.from)
  const to = Date.parse(alert.time)
  return {
    ...viewAlert(alert),
    unlinked: await unlinkedOf(db, alert.people),
    acts: acts.map(({ act, by, words, at }) => ({ act, by, words: words ?? null, at: at.toISOString() })),
    timeline: alert.timeline.map((step) => ({
      ...step,
      when: Date.parse(step.to) < from ? 'before' : Date.parse(step.from) > to ? 'after' : 'within',
    })),
  }
}

/** What came of all kept alerts so far. */
export async function outcomesSoFar({ db }: Installation): Promise<{
  outcomes: Outcomes
  precision: Precision | null
}> {
  const { judged, unclosed } = await judgedAlerts(db.kysely)
  return { outcomes: outcomesOf(judged, unclosed), precision: precisionOf(judged).precision }
}
