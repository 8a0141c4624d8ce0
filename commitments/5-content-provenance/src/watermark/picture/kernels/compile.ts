/**
 * Makes kernels.wasm of kernels.as and what it takes in, and notes the digest of both in kernels.json, by which a test tells whether they
 * belong together. Fetches the compiler (Apache-2.0) from the npm registry; nothing else needs it.
 *
 *     node commitments/5-content-provenance/src/watermark/picture/kernels/compile.ts
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digests, sources } from './kernels.ts'

const COMPILER = 'assemblyscript@0.28.20'
const here = import.meta.dirname
const dir = mkdtempSync(join(tmpdir(), 'avouch-kernels-'))
try {
  for (const name of sources()) copyFileSync(join(here, name), join(dir, name.replace(/as$/, 'ts')))
  execFileSync(
    'npm',
    [
      'exec',
      '--yes',
      `--package=${COMPILER}`,
      '--',
      'asc',
      'kernels.ts',
      '-o',
      'kernels.wasm',
      '-O3',
      '--runtime',
      'stub',
      '--noAssert',
      '--enable',
      'simd',
    ],
    { cwd: dir, stdio: 'inherit' },
  )
  writeFileSync(join(here, 'kernels.wasm'), readFileSync(join(dir, 'kernels.wasm')))
  writeFileSync(
    join(here, 'kernels.json'),
    `${JSON.stringify({ compiler: COMPILER, ...digests() }, null, 2)}\n`,
  )
} finally {
  rmSync(dir, { recursive: true })
}
