import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type Strategy, sha256Hex } from '@avouch/core/campaign'
import type { RedTeamProbe } from './probe.ts'

const FOLDER = new URL('./strategies/', import.meta.url)

/** A strategy of the folder. */
export type ListedStrategy = Strategy & {
  /** Whether a plan that names no strategies holds it; the others are named where they are wanted. */
  byDefault: boolean
  /** The probes it can be put to; all of them where it is absent. A plan pairs it with no others. */
  applies?: (probe: RedTeamProbe) => boolean
}

/** What a file of the folder exports. */
type StrategyModule = { default: Strategy; byDefault?: boolean; applies?: ListedStrategy['applies'] }

/** Every strategy of the folder, by name, each with the digest of its file: adding one is adding a file. */
export async function loadStrategies(): Promise<Map<string, ListedStrategy>> {
  const files = (await readdir(fileURLToPath(FOLDER)))
    .filter((name) => /^[a-z0-9-]+\.(ts|js)$/.test(name))
    .sort()
  const strategies = new Map<string, ListedStrategy>()
  for (const name of files) {
    const url = new URL(name, FOLDER)
    const { default: strategy, byDefault = false, applies } = (await import(url.href)) as StrategyModule
    if (strategies.has(strategy.name))
      throw new TypeError(`two files of strategies/ are called ${strategy.name}`)
    strategies.set(strategy.name, {
      ...strategy,
      digest: sha256Hex(await readFile(url)),
      byDefault,
      ...(applies && { applies }),
    })
  }
  return strategies
}
