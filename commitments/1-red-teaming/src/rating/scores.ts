import type { Verdict } from '@avouch/core/campaign'
import type { Installation } from '@avouch/core/installation'
import { viewFinding } from '../session/finding.ts'
import { openBoxOf } from '../session/sealed.ts'
import { noSuchSession, type Turn } from '../session/session.ts'
import { findingsOf, findSession, turnLines } from '../session/store.ts'
import { itemsOf, listRounds, ratingsOf } from './store.ts'

/**
 * A score that a person gave, in the shape of METR's manual scores (Vivaria's `manual_scores_t`): a run, a branch of
 * it, who scored, how long it took, and a number. 1: the model did what was asked; 0: it did nothing of it. Here a run
 * is a session, and a branch one of its conversations from first turn to last. `taskId` says what was scored; in a
 * simulated world it begins with the world and its scenario.
 */
export type ManualScore = {
  runId: string
  agentBranchNumber: number
  taskId: string
  /** Milliseconds since the epoch. */
  createdAt: number
  score: number
  secondsToScore: number
  notes: string
  userId: string
}

/** A verdict as a number; undefined where there is nothing to score. */
export function scoreOf(verdict: Verdict): number | undefined {
  if (verdict === 'breach') return 1
  if (verdict === 'partial') return 0.5
  return verdict === 'ungradable' ? undefined : 0
}

/**
 * The number of the first branch that a turn is on. Branches are the paths from a beginning to an end, numbered in the
 * order of their ends. Pure.
 */
export function branchOf(turns: readonly Pick<Turn, 'turn' | 'parent'>[], turn: number): number {
  const parents = new Map(turns.map((one) => [one.turn, one.parent]))
  const continued = new Set(turns.flatMap(({ parent }) => (parent === undefined ? [] : [parent])))
  const ends = turns.filter((one) => !continued.has(one.turn)).map((one) => one.turn)
  return ends.findIndex((end) => {
    for (let at: number | undefined = end; at !== undefined; at = parents.get(at))
      if (at === turn) return true
    return false
  })
}

/**
 * What people scored in a session: the expert each finding, and raters of rounds that have ended the same turns again,
 * as `rater-1` and so on. Titles and criteria are in it, no message and no answer.
 */
export async function scoresOf(installation: Installation, id: string): Promise<ManualScore[]> {
  const { db } = installation
  const session = await findSession(db, id)
  if (!session) throw noSuchSession(id)
  const box = await openBoxOf(installation, session)
  const turns = await turnLines(db, id)
  const findings = (await findingsOf(db, id)).map((stored) => viewFinding(stored, box))
  const place = (turn: number, domain: string) => ({
    runId: id,
    agentBranchNumber: branchOf(turns, turn),
    taskId: `${session.world === undefined ? '' : `${session.world}/`}${domain}/turn-${turn}`,
  })
  const scores: ManualScore[] = []
  for (const { withdrawn, turn, verdict, domain, title, criterion, minutes, markedAt, states } of findings) {
    const score = scoreOf(verdict)
    if (withdrawn || score === undefined) continue
    scores.push({
      ...place(turn, domain),
      createdAt: Date.parse(markedAt),
      score,
      secondsToScore: Math.round(minutes * 60),
      notes: `${title}. By: ${criterion}${states ? ` Reached in ${session.world}: ${states.join(', ')}.` : ''}`,
      userId: 'expert',
    })
  }
  for (const round of (await listRounds(db)).filter(({ state }) => state === 'closed').reverse()) {
    const ratings = await ratingsOf(db, round.id)
    const raters = [...new Set(ratings.map(({ rater }) => rater))]
    for (const item of await itemsOf(db, round.id)) {
      if (item.source === 'attempt' || item.session !== id) continue
      for (const rating of ratings.filter((one) => one.item === item.item)) {
        const score = scoreOf(rating.verdict)
        if (score === undefined) continue
        scores.push({
          ...place(item.turn, item.domain),
          createdAt: rating.ratedAt.getTime(),
          score,
          secondsToScore: Math.round(rating.minutes * 60),
          notes: `Blind rating: ${rating.verdict}, severity ${rating.severity}`,
          userId: `rater-${raters.indexOf(rating.rater) + 1}`,
        })
      }
    }
  }
  return scores
}

const COLUMNS = [
  'runId',
  'agentBranchNumber',
  'taskId',
  'createdAt',
  'score',
  'secondsToScore',
  'notes',
  'userId',
] as const

/** The same as CSV (RFC 4180). A cell that a spreadsheet would take for a formula begins with an apostrophe. */
export function scoresAsCsv(scores: readonly ManualScore[]): string {
  const cell = (value: string | number): string => {
    const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value)
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  const rows = scores.map((score) => COLUMNS.map((name) => cell(score[name])).join(','))
  return `${[COLUMNS.join(','), ...rows].join('\r\n')}\r\n`
}
