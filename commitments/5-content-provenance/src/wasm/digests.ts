import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The files that a folder's kernels are made of. */
export function sources(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.as'))
    .sort()
}

/** The digests by which sources and binary of a folder's kernels are known to belong together. */
export function digests(folder: string): { source: string; wasm: string } {
  const digest = (...names: string[]) => {
    const hash = createHash('sha256')
    for (const name of names) hash.update(readFileSync(join(folder, name)))
    return hash.digest('hex')
  }
  return { source: digest(...sources(folder)), wasm: digest('kernels.wasm') }
}
