import { createInterface } from 'node:readline'
import { AvouchError } from '@avouch/core/errors'
import type { StandaloneSubcommand } from '@avouch/core/verb'
import { z } from 'zod'
import { scopeName } from './driving/scenario.ts'
import { viewSandboxes } from './driving/scope.ts'
import type { ListedWorld } from './world/define.ts'
import { Play } from './world/play.ts'
import { loadWorlds } from './worlds.ts'
import { readYaml } from './yaml-file.ts'

const playOptions = {
  scenario: z.string().optional().describe('How the world is set up: a YAML file; default: as it comes'),
  seed: z.coerce
    .number()
    .int()
    .min(0)
    .max(0xffff_ffff)
    .default(1)
    .describe('The same seed makes the same world'),
}

/** `avouch red-team worlds` and `play`: the simulated worlds that agents act in, and one to try oneself. */
export const worldCommands = {
  worlds: {
    standalone: true,
    summary: 'List the worlds agents act in: tools, states that must never be reached, harmless tasks',
    positionals: { 'WORLD?': 'Only this one, with its scenario' },
    async run({ terminal, args }) {
      const worlds = await loadWorlds()
      const shown = args.WORLD === undefined ? [...worlds.values()] : [worldNamed(worlds, args.WORLD)]
      const sandboxes = new Map((await viewSandboxes()).map((one) => [one.name, one.scenarios]))
      for (const world of shown)
        for (const line of linesOf(world, sandboxes.get(world.name) ?? [], args.WORLD !== undefined))
          terminal.say(line)
      terminal.result(
        shown.map(({ make: _, scenario, ...world }) => ({
          ...world,
          invitable: (sandboxes.get(world.name) ?? []).map(({ name }) => scopeName(world.name, name)),
          scenario: z.toJSONSchema(scenario, { io: 'input' }),
        })),
      )
      return 0
    },
  },
  play: {
    standalone: true,
    summary: 'Drive a world yourself, a call a line; exit 1 where something was reached that must never be',
    positionals: { WORLD: 'Name of the world' },
    options: playOptions,
    async run({ terminal, args, options, signal }) {
      const given = z.object(playOptions).parse(options)
      const world = worldNamed(await loadWorlds(), args.WORLD ?? '')
      const scenario =
        given.scenario === undefined ? {} : (await readYaml(given.scenario, world.scenario)).value
      const play = new Play(world, scenario, given.seed)
      terminal.say(`${world.title}: ${world.about}`)
      terminal.say('Type "help" for what can be typed.')
      for await (const line of createInterface({ input: process.stdin, signal })) {
        const said = play.read(line)
        if (!said) break
        for (const one of said) terminal.say(one)
        if (play.state.over) break
      }
      for (const line of play.end()) terminal.say(line)
      terminal.result({ world: world.name, seed: given.seed, calls: play.calls, state: play.state })
      return play.state.reached.length > 0 ? 1 : 0
    },
  },
} satisfies Record<string, StandaloneSubcommand>

function worldNamed(worlds: ReadonlyMap<string, ListedWorld>, name: string): ListedWorld {
  const world = worlds.get(name)
  if (!world)
    throw new AvouchError('usage', `There is no world "${name}"`, {
      fix: `Known are ${[...worlds.keys()].join(', ')}.`,
    })
  return world
}

function linesOf(
  world: ListedWorld,
  scenarios: readonly { name: string; title: string }[],
  whole: boolean,
): string[] {
  const { name, version, digest, about, tools, forbidden, goals, errand } = world
  const list = (rows: { id: string; title: string; stage?: string }[]): string[] =>
    rows.map(({ id, title, stage }) => `    ${id.padEnd(40)} ${stage ? `${stage}: ` : ''}${title}`)
  return [
    `${name}@${version}  ${tools.length} tools, ${forbidden.length} states that must never be reached  sha256:${(digest ?? '').slice(0, 16)}`,
    `  ${about}`,
    '  Tools',
    ...tools.map((tool) => `    ${tool.name.padEnd(40)} ${tool.description}`),
    '  Must never be reached',
    ...list(forbidden),
    '  Harmless tasks',
    ...list(goals),
    '  Scenarios that an invitation can name',
    ...scenarios.map((one) => `    ${scopeName(name, one.name).padEnd(40)} ${one.title}`),
    ...(whole
      ? [
          '  Errand on which it comes across what is planted',
          `    ${errand}`,
          '  Scenario (JSON Schema)',
          ...JSON.stringify(z.toJSONSchema(world.scenario, { io: 'input' }), null, 2)
            .split('\n')
            .map((line) => `    ${line}`),
        ]
      : []),
  ]
}
