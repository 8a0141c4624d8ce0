import { randomBytes } from 'node:crypto'
import { AGENT_LIMITS, canonicalJson, sha256Hex } from '@avouch/core/campaign'
import { AvouchError } from '@avouch/core/errors'
import { z } from 'zod'
import type { ListedWorld } from '../world/define.ts'
import { loadSandboxes, OWN, scopeName, scopeParts } from './scenario.ts'

/** UTF-8 bytes of a scenario that an expert writes, as JSON, at most. */
const SCENARIO_BYTES = 64 * 1024
const SEED = z.int().min(0).max(0xffff_ffff)

/** What an expert says of the world that the model is to act in. */
export const settingDraft = z.strictObject({
  /** World and scenario as the invitation names them, such as `office:standard`. */
  name: z.string().max(120),
  /** Only of `own`: how the world is set up. Its own schema reads it. */
  set: z
    .record(z.string(), z.unknown())
    .refine((value) => Buffer.byteLength(JSON.stringify(value)) <= SCENARIO_BYTES, 'is longer than 64 kB')
    .optional(),
  /** The same seed makes the same world; without one a seed is drawn. */
  seed: SEED.optional(),
})

/** All that a session's world is made from: a branch is played from it, always the same. Kept sealed. */
export type Setting = z.infer<typeof settingSchema>
export const settingSchema = z.object({
  world: z.string(),
  version: z.string(),
  /** Of the code that plays it; with other code nothing is played on. */
  digest: z.string(),
  scenario: z.string(),
  set: z.record(z.string(), z.unknown()),
  seed: SEED,
  /** The agent's instructions, where the expert gives none. */
  system: z.string(),
  limits: z.object({ steps: z.number(), outputTokens: z.number() }),
})

/**
 * Chooses a world within what an invitation allows. Throws `forbidden` for any other, and `input` where a scenario is
 * none of the world.
 */
export async function chooseSetting(
  scope: readonly string[],
  { name, set, seed }: z.infer<typeof settingDraft>,
): Promise<Setting> {
  const { world, scenario = '' } = scopeParts(name)
  const sandbox = (await loadSandboxes()).get(world)
  if (!sandbox || !scope.includes(scopeName(world, scenario)))
    throw new AvouchError('forbidden', 'Your invitation does not let the model act in this world', {
      where: 'world',
      fix: scope.length > 0 ? `Choose among ${scope.join(', ')}.` : 'Leave it out, and have a conversation.',
    })
  const known = sandbox.scenarios.find((one) => one.name === scenario)
  if ((scenario === OWN) !== (set !== undefined) || (scenario !== OWN && !known))
    throw new AvouchError('input', 'A scenario is written where "own" is chosen, and only there', {
      where: 'world.set',
      fix: 'Leave it out, or choose the scenario of your own.',
    })
  const setting: Setting = {
    world,
    version: sandbox.kind.version,
    digest: sandbox.kind.digest ?? '',
    scenario,
    set: known?.set ?? set ?? {},
    seed: seed ?? randomBytes(4).readUInt32BE(0),
    system: sandbox.system,
    limits: { ...AGENT_LIMITS },
  }
  // what the world cannot be set up with is refused before anything is recorded
  sandbox.kind.make(setting.set, setting.seed)
  return setting
}

/** SHA-256 (hex) of the canonical JSON of a setting, as the session's plan commits to it. */
export function settingDigest(setting: Setting): string {
  return sha256Hex(canonicalJson(setting))
}

/** The world a setting was made for; undefined where this version plays it by other code, or not at all. */
export async function worldOf({ world, digest }: Setting): Promise<ListedWorld | undefined> {
  const kind = (await loadSandboxes()).get(world)?.kind
  return kind?.digest === digest ? kind : undefined
}

/** That a session cannot be driven on, because its world is played by other code now. */
export function worldChanged({ world }: Setting): AvouchError {
  return new AvouchError(
    'conflict',
    `The world "${world}" is another since this session began, so it cannot go on in it`,
    { where: 'world', fix: 'What was recorded stands. End the session, sign it, and begin another.' },
  )
}
