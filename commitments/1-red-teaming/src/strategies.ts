import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type Strategy, sha256Hex } from '@avouch/core/campaign'

const FOLDER = new URL('./strategies/', import.meta.url)

/** Every strategy of the folder, by name, each with the digest of its file: adding one is adding a file. */
export async function loadStrategies(): Promise<Map<string, Strategy>> {
  const files = (await readdir(fileURLToPath(FOLDER)))
    .filter((name) => /^[a-z0-9-]+\.(ts|js)$/.test(name))
    .sort()
  const strategies = new Map<string, Strategy>()
  for (const name of files) {
    const url = new URL(name, FOLDER)
    const module = (await import(url.href)) as { default: Strategy }
    const strategy = { ...module.default, digest: sha256Hex(await readFile(url)) }
    if (strategies.has(strategy.name))
      throw new TypeError(`two files of strategies/ are called ${strategy.name}`)
    strategies.set(strategy.name, strategy)
  }
  return strategies
}
