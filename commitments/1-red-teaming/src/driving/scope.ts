import { AvouchError } from '@avouch/core/errors'
import { z } from 'zod'
import { loadSandboxes, OWN, type Sandbox, scopeName, scopeParts } from './scenario.ts'

/** A world, or one way to set it up: `office`, `office:standard`, `office:own`. */
export const scopeSchema = z.string().regex(/^[a-z0-9-]{1,50}(:[a-z0-9-]{1,60})?$/, 'is no name of a world')

/**
 * What an invitation lets an expert into, one name for each world and scenario, sorted. A world alone stands for every
 * scenario that comes with Avouch, never for one of the expert's own: that is named. Nothing named is nothing allowed.
 * Throws `input` for what there is not.
 */
export async function readScope(names: readonly string[]): Promise<string[]> {
  const sandboxes = await loadSandboxes()
  const scope = new Set<string>()
  for (const name of names) {
    const { world, scenario } = scopeParts(name)
    const sandbox = sandboxes.get(world)
    if (!sandbox) throw unknown(`There is no world "${world}"`, [...sandboxes.keys()])
    const all = [...sandbox.scenarios.map((one) => one.name), OWN]
    if (scenario !== undefined && !all.includes(scenario))
      throw unknown(`The world "${world}" has no scenario "${scenario}"`, all)
    const wanted = scenario === undefined ? sandbox.scenarios.map((one) => one.name) : [scenario]
    for (const one of wanted) scope.add(scopeName(world, one))
  }
  return [...scope].sort()
}

/** A world of a scope as people read it. */
export type WorldInScope = {
  name: string
  title: string
  about: string
  scenarios: { name: string; title: string }[]
}

/** What a scope holds, by world; names that this version does not know any more are left out. */
export async function viewScope(scope: readonly string[]): Promise<WorldInScope[]> {
  return [...(await loadSandboxes()).values()].flatMap((sandbox) => {
    const scenarios = titled(sandbox).filter(({ name }) => scope.includes(scopeName(sandbox.kind.name, name)))
    const { name, title, about } = sandbox.kind
    return scenarios.length === 0 ? [] : [{ name, title, about, scenarios }]
  })
}

/** Everything that an invitation can name. */
export async function viewSandboxes(): Promise<WorldInScope[]> {
  return [...(await loadSandboxes()).values()].map((sandbox) => ({
    name: sandbox.kind.name,
    title: sandbox.kind.title,
    about: sandbox.kind.about,
    scenarios: titled(sandbox),
  }))
}

function titled({ scenarios }: Sandbox): { name: string; title: string }[] {
  return [
    ...scenarios.map(({ name, title }) => ({ name, title })),
    { name: OWN, title: 'A scenario of the expert’s own' },
  ]
}

function unknown(message: string, known: readonly string[]): AvouchError {
  return new AvouchError('input', message, { where: 'worlds', fix: `Known are ${known.join(', ')}.` })
}
