import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { AGENT_LIMITS, type AgentLimits } from '@avouch/core/campaign'
import { AvouchError } from '@avouch/core/errors'
import { targetSchema } from '@avouch/core/model'
import { z } from 'zod'
import { type AttackPlan, limitsSchema } from './attack/setup.ts'
import { judgeSchema } from './judge/plan.ts'
import { allowingLoopback } from './loopback.ts'
import { readPack, readPacks } from './pack.ts'
import type { Pack } from './probe.ts'
import { readSealedPack, type SealedPackFile } from './sealed/sealed-file.ts'
import { type ListedStrategy, loadStrategies } from './strategies.ts'
import { parseYaml } from './yaml-file.ts'

const sectionSchema = z.strictObject({
  /** Names of packs that come with Avouch, or files beside the plan, sealed ones too; default: all that come with it. */
  packs: z.array(z.string().min(1)).optional(),
  /** Names of strategies, or several joined by `+`; default: those that are part of every plan. */
  strategies: z.array(z.string().min(1)).optional(),
  /** The model that plays the attacker; without it, strategies that need one are not run. */
  attacker: targetSchema.optional(),
  /** The model that translates; without it, strategies that need one are not run. */
  translator: targetSchema.optional(),
  /** The model that judges, over the rules; without it, rules alone judge. */
  judge: judgeSchema.optional(),
  /** How far attacks of several calls may go. */
  limits: limitsSchema.optional(),
  /** How far an agent may go in a world: turns in one question, and tokens it writes in one attempt. */
  agent: z
    .strictObject({
      steps: z.int().min(1).max(128).default(AGENT_LIMITS.steps),
      outputTokens: z.int().min(256).max(4_000_000).default(AGENT_LIMITS.outputTokens),
    })
    .optional(),
  repetitions: z.int().min(1).max(100_000).optional(),
  /** Strategies of the plan that are repeated otherwise, by name. */
  repetitionsBy: z.record(z.string().max(200), z.int().min(1).max(100_000)).optional(),
  /** How often each benign twin is asked; default as often as attacks. */
  benignRepetitions: z.int().min(0).max(100_000).optional(),
  maxTokens: z.int().min(1).max(1_000_000).optional(),
  temperature: z.number().min(0).max(2).optional(),
  /** Hex; decides order and seeds. Default random. */
  seed: z
    .string()
    .regex(/^[0-9a-f]{8,128}$/)
    .optional(),
})

/** The section of a plan that is ours; others are for other commitments. */
const planSchema = z.looseObject({ 'red-teaming': sectionSchema.optional() })

/** What a campaign is to ask: packs read, strategies known. */
export type Selection = {
  packs: Pack[]
  /** Sealed packs, as they were read: signed and whole, and not opened. */
  sealed: SealedPackFile[]
  strategies: string[]
  repetitions: number
  repetitionsBy: Record<string, number>
  benignRepetitions: number
  request: { maxTokens?: number; temperature?: number }
  seed: string | undefined
  /** Absent: as far as core lets one go. */
  agent: AgentLimits | undefined
  attack: AttackPlan
}

/** Behaviours, not repetitions, are what an interval is made of: more of the same question adds little. */
const DEFAULT_REPETITIONS = 1
const DEFAULT_MAX_TOKENS = 1024

/** All domains, the strategies that are part of every plan, every benign twin in plain words. */
export async function defaultSelection(): Promise<Selection> {
  return select({}, 'the default plan', () => 'the default plan', process.cwd())
}

/**
 * Reads the `red-teaming` section of a plan (YAML, JSON, or a TypeScript module whose default export has it); the
 * default where there is none. Throws `input` with `FILE:LINE` for an unknown strategy or pack, an id given twice,
 * and a plan without a probe. Records nothing.
 */
export async function readSelection(file: string): Promise<Selection> {
  const path = resolve(file)
  if (/\.(ts|mts|js|mjs)$/.test(path)) return selectionOfModule(path, file)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw new AvouchError('input', `The plan ${file} cannot be read`, {
      where: file,
      fix: 'Give the path of a file that exists.',
      cause,
    })
  }
  const { value, where } = parseYaml(text, file, planSchema)
  return select(value['red-teaming'] ?? {}, file, (at) => where(['red-teaming', ...at]), dirname(path))
}

async function selectionOfModule(path: string, file: string): Promise<Selection> {
  const module = (await import(pathToFileURL(path).href)) as { default?: unknown }
  const parsed = planSchema.safeParse(module.default)
  if (!parsed.success)
    throw new AvouchError('input', `The plan ${file} has another form: ${z.prettifyError(parsed.error)}`, {
      where: file,
      fix: "Export by default an object with a 'red-teaming' section.",
      cause: parsed.error,
    })
  return select(parsed.data['red-teaming'] ?? {}, file, () => file, dirname(path))
}

async function select(
  section: z.infer<typeof sectionSchema>,
  file: string,
  where: (path: readonly PropertyKey[]) => string,
  folder: string,
): Promise<Selection> {
  const known = await loadStrategies()
  const strategies = section.strategies ?? defaultsOf(known)
  for (const [n, name] of strategies.entries()) {
    checkStrategy(known, name, where(['strategies', n]))
    if (strategies.indexOf(name) !== n)
      throw new AvouchError('input', `The strategy "${name}" stands twice`, {
        where: where(['strategies', n]),
        fix: 'Name it once; use repetitions to ask more often.',
      })
  }
  for (const name of Object.keys(section.repetitionsBy ?? {}))
    if (!strategies.includes(name))
      throw new AvouchError('input', `The plan repeats the strategy "${name}", which it does not have`, {
        where: where(['repetitionsBy', name]),
        fix: `It has ${strategies.join(', ')}.`,
      })
  if (strategies.length === 0)
    throw new AvouchError('input', 'The plan names no strategy', {
      where: where(['strategies']),
      fix: 'Name at least one, such as plain.',
    })

  const { packs, sealed } = section.packs
    ? await packsNamed(section.packs, where, folder)
    : { packs: await readPacks(), sealed: [] }
  const seen = new Map<string, string>()
  for (const pack of packs)
    for (const { id } of pack.behaviours) {
      const cluster = `${pack.domain}/${id}`
      const other = seen.get(cluster)
      if (other !== undefined)
        throw new AvouchError(
          'input',
          `The behaviour "${cluster}" stands in the packs ${other} and ${pack.pack}`,
          {
            where: where(['packs']),
            fix: 'Rename one of them.',
          },
        )
      seen.set(cluster, pack.pack)
    }
  if (seen.size === 0 && sealed.length === 0)
    throw new AvouchError('input', `The plan ${file} holds no probe`, {
      where: where(['packs']),
      fix: 'Name at least one pack, or leave out `packs` for all of them.',
    })
  const repetitions = section.repetitions ?? DEFAULT_REPETITIONS
  return {
    packs,
    sealed,
    strategies,
    repetitions,
    repetitionsBy: section.repetitionsBy ?? {},
    benignRepetitions: section.benignRepetitions ?? repetitions,
    request: {
      maxTokens: section.maxTokens ?? DEFAULT_MAX_TOKENS,
      ...(section.temperature !== undefined && { temperature: section.temperature }),
    },
    seed: section.seed,
    agent: section.agent,
    attack: {
      ...(section.attacker && { attacker: allowingLoopback(section.attacker) }),
      ...(section.translator && { translator: allowingLoopback(section.translator) }),
      ...(section.judge && { judge: allowingLoopback(section.judge) }),
      limits: section.limits ?? limitsSchema.parse({}),
    },
  }
}

/** Throws `input` for a strategy that is not known, and for one that cannot be put before another. */
function checkStrategy(known: ReadonlyMap<string, ListedStrategy>, name: string, where: string): void {
  const parts = name.split('+')
  const unknown = parts.find((part) => !known.has(part))
  if (unknown !== undefined)
    throw new AvouchError('input', `There is no strategy "${unknown}"`, {
      where,
      fix: `Known are ${[...known.keys()].join(', ')}.`,
    })
  const stuck = parts.slice(0, -1).find((part) => !known.get(part)?.transform)
  if (stuck !== undefined)
    throw new AvouchError('input', `The strategy "${stuck}" rewrites no message, so nothing can follow it`, {
      where,
      fix: `Put it last, after "+", or choose a rewriting such as base64 to go before.`,
    })
}

/** A longer list of strategies must not make a plan that names none longer by itself. */
function defaultsOf(known: ReadonlyMap<string, ListedStrategy>): string[] {
  return [...known.values()].filter(({ byDefault }) => byDefault).map(({ name }) => name)
}

async function packsNamed(
  names: string[],
  where: (path: readonly PropertyKey[]) => string,
  folder: string,
): Promise<Pick<Selection, 'packs' | 'sealed'>> {
  const own = await readPacks()
  const packs: Pack[] = []
  const sealed: SealedPackFile[] = []
  for (const [n, name] of names.entries()) {
    if (/\.sealed$/.test(name)) {
      const read = await readSealedPack(resolve(folder, name))
      if (sealed.some(({ digest }) => digest === read.digest))
        throw new AvouchError('input', `The sealed pack "${name}" stands twice`, {
          where: where(['packs', n]),
          fix: 'Name it once.',
        })
      sealed.push(read)
      continue
    }
    const isFile = /\.ya?ml$/.test(name)
    const pack = isFile
      ? await readPack(resolve(folder, name))
      : own.find((candidate) => candidate.pack === name)
    if (!pack)
      throw new AvouchError('input', `There is no pack "${name}"`, {
        where: where(['packs', n]),
        fix: `Known are ${own.map((known) => known.pack).join(', ')}; a file is named with its .yaml or .sealed.`,
      })
    packs.push(pack)
  }
  return { packs, sealed }
}
