import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The digests by which source and binary of a folder's kernels are known to belong together. */
export function digests(folder: string): { source: string; wasm: string } {
  const digest = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex')
  return { source: digest('kernels.as'), wasm: digest('kernels.wasm') }
}
