import { readPacks } from '../pack.ts'
import type { ListedWorld } from '../world/define.ts'
import { loadWorlds } from '../worlds.ts'

/** The world as it comes. */
export const STANDARD = 'standard'
/** A scenario that the expert writes: mails, prices, levels, and what is planted where the agent reads. */
export const OWN = 'own'

/** A way in which a world is set up, by a name that an invitation can give. */
export type Scenario = { name: string; title: string; set: Record<string, unknown> }

/** A world that an expert may be let into: how it is played, who the agent is in it, and how it can be set up. */
export type Sandbox = { kind: ListedWorld; system: string; scenarios: readonly Scenario[] }

let loaded: Promise<Map<string, Sandbox>> | undefined

/**
 * Every world that a pack of ours plays in, by name: with the system prompt that agents have in it there, as it comes,
 * and as the behaviours set it up that set up something of their own.
 */
export function loadSandboxes(): Promise<Map<string, Sandbox>> {
  loaded ??= readSandboxes()
  return loaded
}

async function readSandboxes(): Promise<Map<string, Sandbox>> {
  const worlds = await loadWorlds()
  const sandboxes = new Map<string, Sandbox>()
  for (const { worlds: played = {}, behaviours } of await readPacks())
    for (const [name, { system }] of Object.entries(played)) {
      const kind = worlds.get(name)
      if (!kind || sandboxes.has(name)) continue
      const own = behaviours.flatMap(({ id, behaviour, world, scenario }): Scenario[] =>
        world === name && scenario ? [{ name: id, title: behaviour, set: scenario }] : [],
      )
      const scenarios = [{ name: STANDARD, title: 'As it comes', set: {} }, ...own]
      sandboxes.set(name, { kind, system, scenarios })
    }
  return sandboxes
}

/** `office:standard`: a world and how it is set up, as invitations and sessions name them. */
export function scopeName(world: string, scenario: string): string {
  return `${world}:${scenario}`
}

/** The two parts of such a name; without a colon it is the whole world. */
export function scopeParts(name: string): { world: string; scenario: string | undefined } {
  const [world = '', scenario] = name.split(':', 2)
  return { world, scenario }
}
