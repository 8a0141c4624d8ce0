import { canonicalJson } from '@avouch/core/campaign'
import { AvouchError } from '@avouch/core/errors'
import { leftAlone } from '../driving/replay.ts'
import { type Setting, worldOf } from '../driving/setting.ts'
import { branchOf, type OpenedTurn, openTurn } from './branch.ts'
import type { SessionBox } from './sealed.ts'
import type { StoredStep } from './step-store.ts'
import type { StoredTurn } from './store.ts'

/**
 * Plays the branch of every turn again, from seed and scenario, and lets its time pass: what tools answered, and how far
 * the world came, must be what was recorded. `note`, where the world is played by other code now.
 */
export async function playedAgain(
  setting: Setting,
  turns: readonly StoredTurn[],
  steps: readonly StoredStep[],
  box: SessionBox,
): Promise<{ problems: string[]; note?: string }> {
  const kind = await worldOf(setting)
  if (!kind)
    return {
      problems: [],
      note: `The world "${setting.world}" is played by other code than when the session began: its branches were not played again.`,
    }
  const problems: string[] = []
  const records = steps.map((stored) => box.openStep(stored).record)
  const opened = new Map<number, OpenedTurn>()
  for (const stored of turns) {
    const own = records.filter(({ turn }) => turn === stored.turn)
    opened.set(stored.turn, openTurn(stored, own, box))
    const { world } = opened.get(stored.turn)?.record ?? {}
    if (!world) continue
    const { steps: along } = branchOf(threadTo(opened, stored.turn))
    try {
      const left = leftAlone(kind, setting, along)
      const state = along.at(-1)?.state ?? world.state
      if (canonicalJson([state, left]) !== canonicalJson([world.state, world.left]))
        problems.push(`turn ${stored.turn}: its world came to something else than its record says`)
    } catch (error) {
      if (!(error instanceof AvouchError) || error.code !== 'proof') throw error
      problems.push(`turn ${stored.turn}: ${error.message}`)
    }
  }
  return { problems }
}

function threadTo(opened: ReadonlyMap<number, OpenedTurn>, turn: number): OpenedTurn[] {
  const thread: OpenedTurn[] = []
  for (let at: number | undefined = turn; at !== undefined; at = thread[0]?.stored.parent) {
    const one = opened.get(at)
    if (!one) break
    thread.unshift(one)
  }
  return thread
}
