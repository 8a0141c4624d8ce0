import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { verifierKey } from './checkpoint.ts'

const folder = (config: Pick<Config, 'home'>): string => join(config.home, 'trust')

/** Keeps the installation's own verifier key among the trusted ones: `<home>/trust/own-<origin>.vkey`. */
export async function keepTrust(
  config: Pick<Config, 'home'>,
  origin: string,
  publicKey: Uint8Array,
): Promise<void> {
  await mkdir(folder(config), { recursive: true, mode: 0o755 })
  const name = `own-${origin.replaceAll(/[^a-zA-Z0-9.-]+/g, '_')}.vkey`
  await writeFile(join(folder(config), name), `${verifierKey(origin, publicKey)}\n`)
}

/** The verifier keys in `<home>/trust/*.vkey`, one a file; the reader put them there from a source of their own. */
export async function trustedKeys(config: Pick<Config, 'home'>): Promise<string[]> {
  let names: string[]
  try {
    names = await readdir(folder(config))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  const files = names.filter((name) => name.endsWith('.vkey')).sort()
  return Promise.all(files.map(async (name) => (await readFile(join(folder(config), name), 'utf8')).trim()))
}
