import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { canonicalJson, compose, type Strategy, sha256Hex } from '@avouch/core/campaign'
import { type AttackSetup, BARE_SETUP } from './attack/setup.ts'
import type { RedTeamProbe } from './probe.ts'

const FOLDER = new URL('./strategies/', import.meta.url)
/** What attacks of several calls share; part of what they go by. */
const SHARED = new URL('./attack/', import.meta.url)

/** A strategy of the folder. */
export type ListedStrategy = Strategy & {
  /** Whether a plan that names no strategies holds it; the others are named where they are wanted. */
  byDefault: boolean
  /** The probes it can be put to; all of them where it is absent. A plan pairs it with no others. */
  applies?: (probe: RedTeamProbe) => boolean
}

/** What a file of the folder exports. */
type StrategyModule = {
  /** A strategy, or what makes one of a plan's helpers and limits. */
  default: Strategy | ((setup: AttackSetup) => Strategy)
  byDefault?: boolean
  applies?: ListedStrategy['applies']
}

/**
 * Every strategy of the folder, by name: adding one is adding a file. Each has the digest of its file; where it goes
 * by helpers and limits, of those and of what such attacks share, too.
 */
export async function loadStrategies(setup: AttackSetup = BARE_SETUP): Promise<Map<string, ListedStrategy>> {
  const around = sha256Hex(canonicalJson({ ...(await sharedDigests()), ...whatCounts(setup) }))
  const strategies = new Map<string, ListedStrategy>()
  for (const name of await filesOf(FOLDER)) {
    const url = new URL(name, FOLDER)
    const module = (await import(url.href)) as StrategyModule
    const isMade = typeof module.default === 'function'
    const strategy = typeof module.default === 'function' ? module.default(setup) : module.default
    if (strategies.has(strategy.name))
      throw new TypeError(`two files of strategies/ are called ${strategy.name}`)
    const own = sha256Hex(await readFile(url))
    strategies.set(strategy.name, {
      ...strategy,
      digest: isMade ? sha256Hex(`${own}${around}`) : own,
      byDefault: module.byDefault ?? false,
      ...(module.applies && { applies: module.applies }),
    })
  }
  return strategies
}

/**
 * The strategy a plan names: one of the folder, or several joined by `+`, of which each rewrites what the next one
 * sends (`base64+crescendo`). Undefined where one of them is not known. Throws TypeError where one that is put before
 * another rewrites nothing.
 */
export function strategyNamed(
  known: ReadonlyMap<string, ListedStrategy>,
  name: string,
): ListedStrategy | undefined {
  const parts: ListedStrategy[] = []
  for (const part of name.split('+')) {
    const strategy = known.get(part)
    if (!strategy) return undefined
    parts.push(strategy)
  }
  return parts.reduceRight((inner, outer) => ({
    ...compose(outer, inner),
    byDefault: false,
    applies: (probe) => (inner.applies?.(probe) ?? true) && (outer.applies?.(probe) ?? true),
  }))
}

async function filesOf(folder: URL): Promise<string[]> {
  return (await readdir(fileURLToPath(folder))).filter((name) => /^[a-z0-9-]+\.(ts|js)$/.test(name)).sort()
}

async function sharedDigests(): Promise<Record<string, string>> {
  const digests: Record<string, string> = {}
  for (const name of await filesOf(SHARED)) digests[name] = sha256Hex(await readFile(new URL(name, SHARED)))
  return digests
}

/** Which model helps counts; the address it is reached at does not. */
function whatCounts({ attacker, translator, limits }: AttackSetup) {
  const named = (helper: AttackSetup['attacker']) =>
    helper ? { adapter: helper.spec.adapter, model: helper.spec.model } : null
  return { attacker: named(attacker), translator: named(translator), limits }
}
