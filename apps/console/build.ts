import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const DIST = join(HERE, 'dist')
/** What the console is made of, relative to this folder. */
const SOURCES = [
  'src',
  'index.html',
  'vite.config.ts',
  'package.json',
  '../../ui/src',
  '../../ui/package.json',
  '../../verify/src',
]
/** Beside the files: the digest of the sources that they were built from. */
const MARK = 'built-from.txt'

let building: Promise<string> | undefined

/**
 * Builds the console into `dist/` unless what stands there was built from the very sources that are here. Built aside
 * and put in place whole, so that several processes may do it at once. Answers where it stands; throws what Vite throws.
 */
export function buildConsole(): Promise<string> {
  building ??= buildIfStale().finally(() => {
    building = undefined
  })
  return building
}

async function buildIfStale(): Promise<string> {
  const digest = await sourcesDigest()
  const built = await readFile(join(DIST, MARK), 'utf8').catch(() => undefined)
  if (built === digest) return DIST
  const { build } = await import('vite')
  const aside = join(HERE, `.dist-${randomUUID()}`)
  const old = `${aside}.old`
  try {
    await build({
      root: HERE,
      configFile: join(HERE, 'vite.config.ts'),
      logLevel: 'error',
      mode: 'production',
      build: { outDir: aside, emptyOutDir: true },
    })
    await writeFile(join(aside, MARK), digest)
    await rename(DIST, old).catch(ignoreAbsent)
    await rename(aside, DIST).catch(async (error: unknown) => {
      // Another process was quicker; what it put there was built from the same sources.
      if ((await readFile(join(DIST, MARK), 'utf8').catch(() => undefined)) !== digest) throw error
    })
    return DIST
  } finally {
    await rm(aside, { recursive: true, force: true })
    await rm(old, { recursive: true, force: true })
  }
}

async function sourcesDigest(): Promise<string> {
  const hash = createHash('sha256')
  for (const source of SOURCES)
    for (const path of await filesUnder(join(HERE, source)))
      if (!path.includes('.test.')) hash.update(`${path.slice(HERE.length)}\0`).update(await readFile(path))
  return hash.digest('hex')
}

async function filesUnder(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return undefined
    throw error
  })
  if (!entries) return [path]
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

function ignoreAbsent(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
}
