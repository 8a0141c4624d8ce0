import { AvouchError } from '@avouch/core/errors'
import { uuidv7 } from '@avouch/core/evidence'
import type { Installation } from '@avouch/core/installation'
import type { Change, NotRun } from '../attack/attack.ts'
import type { QualityRow, RobustnessPlan, RobustnessResult, Row, SchemeRow } from './evidence.ts'
import { type Caller, execute } from './execute.ts'
import { attacksOf, type Intent, intend, type PlannedScheme, plannedSchemes } from './intent.ts'
import { beginJournal, type Journal, openJournal } from './journal.ts'
import { whileTrying } from './lock.ts'
import { type Medium, wordsOf } from './medium.ts'
import { ownSystem, type System } from './system.ts'
import { qualityRows, rowsOf, schemeRows } from './tally.ts'

export type RobustnessOptions = {
  medium: Medium
  /** Where the files are. */
  folder: string
  /** Files without a mark; the same ones, before they are marked, where none are given. */
  unmarked: string | undefined
  limit: number
  /** Names; undefined for all. */
  attacks: readonly string[] | undefined
  seed: string
  rival: System | undefined
}

export type RobustnessRun = RobustnessPlan & {
  /** Ids of the evidence of plan and result; a run that was stopped has no result yet. */
  plan: string
  result: string | undefined
  state: RobustnessResult['state'] | 'stopped'
  rows: Row[]
  quality: QualityRow[]
  schemesTried: SchemeRow[]
}

/**
 * Logs the plan, marks every file under a key drawn for it, changes it in every way and looks for the mark, does the same
 * to unmarked files, tries to forge and to remove, and records what came of it. Stopped by `signal`, or killed, it can be
 * resumed: what was executed stands. Throws `input` or `usage` before anything is logged.
 */
export async function tryRobustness(
  installation: Installation,
  options: RobustnessOptions,
  caller: Caller & { onPlan?(plan: string): void },
): Promise<RobustnessRun> {
  const { limit, rival, ...asked } = options
  const systems: RobustnessPlan['systems'] = rival ? ['ours', 'rival'] : ['ours']
  const limits = { given: limit, unmarked: limit }
  const intent = await intend({ ...asked, limits, systems }, caller.signal)
  const journal = await beginJournal(installation, {
    exercise: uuidv7(installation.now()),
    ...intent.plan,
  })
  caller.onPlan?.(journal.id)
  return whileTrying(installation.db, journal.id, () =>
    goOn(installation, intent, { journal, rival, caller }),
  )
}

/**
 * Goes on with a run that was stopped, by the id of its plan: on the same files, with the same rules. Throws `not-found`
 * where there is none, `conflict` where files, rules or systems are not those that were planned, `locked` where another
 * process is at it.
 */
export function resumeRobustness(
  installation: Installation,
  id: string,
  options: ResumeOptions,
  caller: Caller,
): Promise<RobustnessRun> {
  return whileTrying(installation.db, id, () => resume(installation, id, options, caller))
}

type ResumeOptions = Pick<RobustnessOptions, 'medium' | 'folder' | 'unmarked' | 'rival'>

async function resume(
  installation: Installation,
  id: string,
  options: ResumeOptions,
  caller: Caller,
): Promise<RobustnessRun> {
  const journal = await openJournal(installation, id)
  const { exercise: _, ...planned } = journal.plan
  const { rival, ...asked } = options
  const medium = planned.medium ?? 'picture'
  if (medium !== asked.medium)
    throw new AvouchError('conflict', `this run is of ${wordsOf(medium).many}`, {
      where: id,
      fix: `Name the folder with its ${wordsOf(medium).many}.`,
    })
  const intent = await intend(
    {
      ...asked,
      limits: { given: sum(planned.sizes), unmarked: sum(planned.unmarkedSizes) },
      attacks: [...planned.changes, ...planned.schemes],
      seed: planned.seed,
      systems: rival ? ['ours', 'rival'] : ['ours'],
    },
    caller.signal,
  )
  for (const [name, what] of Object.entries(SAME) as [keyof typeof SAME, string][])
    if (JSON.stringify(intent.plan[name]) !== JSON.stringify(planned[name]))
      throw new AvouchError('conflict', `${what} are not those that were planned`, {
        where: name,
        fix: 'Resume it with what it was begun with, or record what was executed with --abandon.',
      })
  return goOn(installation, intent, { journal, rival, caller })
}

/** What has to be as it was planned, and what to call it. */
const SAME = {
  algorithm: 'the rules of the watermark',
  attacks: 'the rules of the attacks',
  systems: 'the markers',
  pictures: 'the files',
  unmarked: 'the unmarked files',
} as const satisfies Partial<Record<keyof RobustnessPlan, string>>

/** Ends a run that was stopped: records what was executed, as abandoned. Throws `not-found`, `locked`. */
export function abandonRobustness(installation: Installation, id: string): Promise<RobustnessRun> {
  return whileTrying(installation.db, id, () => abandon(installation, id))
}

async function abandon(installation: Installation, id: string): Promise<RobustnessRun> {
  const journal = await openJournal(installation, id)
  const { medium = 'picture', changes, schemes, sizes } = journal.plan
  const attacks = await attacksOf(medium, [...changes, ...schemes])
  const planned = plannedSchemes(medium, attacks.schemes, sum(sizes))
  return finished(journal, 'abandoned', { changes: attacks.changes, schemes: planned })
}

async function goOn(
  installation: Installation,
  intent: Intent,
  given: { journal: Journal; rival: System | undefined; caller: Caller },
): Promise<RobustnessRun> {
  const { journal, rival, caller } = given
  const systems = [ownSystem(journal.key, intent.plan.medium ?? 'picture'), ...(rival ? [rival] : [])]
  await execute(installation, intent, { journal, systems, caller })
  return finished(journal, caller.signal.aborted ? 'stopped' : 'completed', intent)
}

async function finished(
  journal: Journal,
  state: RobustnessRun['state'],
  { changes, schemes }: { changes: readonly (Change | NotRun)[]; schemes: readonly PlannedScheme[] },
): Promise<RobustnessRun> {
  const { id, plan, outcomes, judged, attempts } = journal
  const shape = { ...plan, medium: plan.medium ?? 'picture', changes }
  const tables = {
    rows: rowsOf(outcomes, shape),
    quality: qualityRows(judged, shape),
    schemesTried: schemeRows(attempts, schemes),
  }
  const result = state === 'stopped' ? undefined : await journal.finish({ state, ...tables })
  return { ...plan, ...tables, state, plan: id, result }
}

function sum(sizes: RobustnessPlan['sizes']): number {
  return Object.values(sizes).reduce((total, number) => total + number, 0)
}
