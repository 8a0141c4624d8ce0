import type { Group } from './signal.ts'

/** Something a person should look at, with its reasons in words and figures. Moments are RFC 3339, UTC. */
export type Alert = {
  time: string
  person: string
  /** Everybody it is about, `person` first. */
  people: string[]
  model: string | null
  /**
   * How rare it is that anybody's acts are so unusual, in powers of ten: 2 is about once a day in this company, 3 once in
   * ten days, 4 once in a hundred.
   */
  score: number
  reasons: string[]
  window: { from: string; to: string }
}

/** What was judged: acts of an hour, a day and what it adds to, people together, a change of somebody's place, bait. */
export const KINDS = ['acts', 'growth', 'together', 'status', 'certain'] as const
export type Kind = (typeof KINDS)[number]

/** An alert that may be raised, before anyone's attention is spent on it. */
export type Candidate = {
  kind: Kind
  at: number
  from: number
  person: string
  people: string[]
  model: string | undefined
  /** Fused surprise; comparable only within a kind. */
  score: number
  reasons: { group: Group; surprise: number; why: () => string }[]
  /** Bait that was touched. */
  touched?: string[]
}

/** Reasons told at most: nobody reads more. */
const MOST_REASONS = 6

/** An alert as it is told; `rarity` 0 is once a day. */
export function alertOf({ at, from, person, people, model, reasons }: Candidate, rarity: number): Alert {
  return {
    time: new Date(at).toISOString(),
    person,
    people: [person, ...people.filter((other) => other !== person)],
    model: model ?? null,
    score: Math.round(Math.max(0, 2 + rarity) * 100) / 100,
    reasons: reasons.slice(0, MOST_REASONS).map(({ why }) => why()),
    window: { from: new Date(from).toISOString(), to: new Date(at).toISOString() },
  }
}

/** Tells in an alert, whose time stays, how its story went on: what is rarer by now, and why. */
export function updateAlert(alert: Alert, candidate: Candidate, rarity: number): void {
  const { people, score, reasons, window } = alertOf(candidate, rarity)
  alert.people = [...new Set([...alert.people, ...people])]
  alert.score = Math.max(alert.score, score)
  alert.reasons = reasons
  alert.window = { from: alert.window.from, to: window.to }
}
