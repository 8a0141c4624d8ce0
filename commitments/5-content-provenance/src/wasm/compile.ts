/**
 * Makes kernels.wasm of a folder's kernels.as and what that imports, and notes the digests of both in kernels.json, by which a test tells whether
 * they belong together. Fetches the compiler (Apache-2.0) from the npm registry; nothing else needs it.
 *
 *     node commitments/5-content-provenance/src/wasm/compile.ts FOLDER
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { digests, sources } from './digests.ts'

const COMPILER = 'assemblyscript@0.28.20'
const SETTINGS = ['-O3', '--runtime', 'stub', '--noAssert', '--enable', 'simd']

const folder = resolve(process.argv[2] ?? '.')
const dir = mkdtempSync(join(tmpdir(), 'avouch-kernels-'))
try {
  for (const name of sources(folder)) copyFileSync(join(folder, name), join(dir, name.replace(/as$/, 'ts')))
  execFileSync(
    'npm',
    ['exec', '--yes', `--package=${COMPILER}`, '--', 'asc', 'kernels.ts', '-o', 'kernels.wasm', ...SETTINGS],
    { cwd: dir, stdio: 'inherit' },
  )
  copyFileSync(join(dir, 'kernels.wasm'), join(folder, 'kernels.wasm'))
  const noted = { compiler: COMPILER, ...digests(folder) }
  writeFileSync(join(folder, 'kernels.json'), `${JSON.stringify(noted, null, 2)}\n`)
} finally {
  rmSync(dir, { recursive: true })
}
