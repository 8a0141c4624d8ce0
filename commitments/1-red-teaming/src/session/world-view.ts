import { loadSandboxes, scopeName } from '../driving/scenario.ts'
import { type Setting, worldOf } from '../driving/setting.ts'
import type { StateView } from './turn-view.ts'

/** The world of a session as it is read. */
export type SessionWorld = {
  /** World and scenario, such as `office:standard`. */
  name: string
  title: string
  about: string
  scenario: string
  /** How it is set up, as JSON, where the expert wrote it and reads it. */
  set: string | null
  seed: number
  /** A harmless task on which the agent comes across what is planted. */
  errand: string
  tools: { name: string; description: string }[]
  forbidden: StateView[]
  goals: StateView[]
  limits: { steps: number; outputTokens: number }
  /** Whether this version still plays it as the session began it; otherwise nothing can go on. */
  playable: boolean
}

/** `words`: whether to tell what the expert wrote. */
export async function viewWorld(setting: Setting, { words }: { words: boolean }): Promise<SessionWorld> {
  const sandbox = (await loadSandboxes()).get(setting.world)
  const known = sandbox?.scenarios.find(({ name }) => name === setting.scenario)
  return {
    name: scopeName(setting.world, setting.scenario),
    title: sandbox?.kind.title ?? setting.world,
    about: sandbox?.kind.about ?? '',
    scenario: known?.title ?? 'A scenario of the expert’s own',
    set: words && !known ? JSON.stringify(setting.set, null, 2) : null,
    seed: setting.seed,
    errand: sandbox?.kind.errand ?? '',
    tools: (sandbox?.kind.tools ?? []).map(({ name, description }) => ({ name, description })),
    forbidden: sandbox?.kind.forbidden ?? [],
    goals: sandbox?.kind.goals ?? [],
    limits: setting.limits,
    playable: (await worldOf(setting)) !== undefined,
  }
}
