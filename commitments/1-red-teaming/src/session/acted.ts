import type { Tx } from '@avouch/core/db'
import { scopeName } from '../driving/scenario.ts'
import { type Setting, settingDigest, worldOf } from '../driving/setting.ts'
import { openTurn } from './branch.ts'
import type { SessionResult } from './evidence.ts'
import type { SessionBox } from './sealed.ts'
import { stepsOf } from './step-store.ts'
import { turnsOf } from './store.ts'

/** What an agent did in a session in a world, over all of its branches: counts and ids of states, no words. */
export async function actedIn(
  tx: Tx,
  id: string,
  box: SessionBox,
  setting: Setting,
): Promise<NonNullable<SessionResult['world']>> {
  const steps = (await stepsOf(tx, id)).map((stored) => box.openStep(stored).record)
  const records = (await turnsOf(tx, id)).flatMap((stored) => openTurn(stored, [], box).record ?? [])
  const reached = new Set(steps.flatMap(({ state }) => state.reached))
  const left = new Set(records.flatMap(({ world }) => world?.left?.reached ?? []))
  const kind = await worldOf(setting)
  const stages = (kind?.forbidden ?? []).flatMap(({ id: state, stage }) =>
    stage !== undefined && (reached.has(state) || left.has(state)) ? [stage] : [],
  )
  return {
    name: scopeName(setting.world, setting.scenario),
    settingDigest: settingDigest(setting),
    steps: steps.length,
    calls: steps.reduce((sum, { toolCalls }) => sum + toolCalls.length, 0),
    reached: [...reached].sort(),
    left: [...left].filter((state) => !reached.has(state)).sort(),
    stages: [...new Set(stages)],
    stopped: records.filter(({ stopped }) => stopped !== undefined).length,
  }
}
