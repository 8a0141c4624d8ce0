import { randomBytes } from 'node:crypto'
import { link, lstat, mkdir, open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Config } from '../config.ts'
import { AvouchError } from '../errors.ts'

/** The folder of key files, `<home>/keys`. */
export function keyFolder(config: Pick<Config, 'home'>): string {
  return join(config.home, 'keys')
}

/**
 * Reads a key file, making it first where there is none: folder 0700, file 0600, whole or not at all, never over
 * another. Throws `config` where modes or owner are laxer than that, because a key others may have read is no key.
 */
export async function loadOrCreateKeyFile(
  path: string,
  create: () => Uint8Array,
  maxBytes = 4096,
): Promise<Buffer> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await checkPrivate(dirname(path), 'folder')
  return (await readKeyFile(path, maxBytes)) ?? (await createKeyFile(path, create(), maxBytes))
}

/** The bytes of a key file, or undefined where there is none. Throws as `loadOrCreateKeyFile`. */
export async function readKeyFile(path: string, maxBytes = 4096): Promise<Buffer | undefined> {
  if (!(await checkPrivate(path, 'file'))) return undefined
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    if (size > maxBytes)
      throw new AvouchError('config', `a key file of ${size} bytes is no key`, {
        where: path,
        fix: 'Restore it.',
      })
    return await file.readFile()
  } finally {
    await file.close()
  }
}

/** Writes a key where none is; returns what stands there, which is another process's where that was quicker. */
async function createKeyFile(path: string, bytes: Uint8Array, maxBytes: number): Promise<Buffer> {
  const fresh = `${path}.${randomBytes(6).toString('hex')}.new`
  try {
    const file = await open(fresh, 'wx', 0o600)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await link(fresh, path).catch((error) => {
      if (error.code !== 'EEXIST') throw error
    })
  } catch (cause) {
    throw new AvouchError('disk', 'a key cannot be written', {
      where: path,
      fix: 'Check space and permissions.',
      cause,
    })
  } finally {
    await rm(fresh, { force: true })
  }
  if (process.platform !== 'win32') {
    const folder = await open(dirname(path))
    await folder.sync().finally(() => folder.close())
  }
  return (await readKeyFile(path, maxBytes))!
}

/** False where nothing is. Windows has no modes; there the profile's own protection must do. */
async function checkPrivate(path: string, kind: 'file' | 'folder'): Promise<boolean> {
  const found = await lstat(path).catch((error) => {
    if (error.code === 'ENOENT') return undefined
    throw new AvouchError('config', 'a key cannot be reached', {
      where: path,
      fix: 'Check permissions.',
      cause: error,
    })
  })
  if (found === undefined) return false
  const refuse = (what: string, fix: string): never => {
    throw new AvouchError('config', `the key ${kind} ${what}`, { where: path, fix })
  }
  if (kind === 'file' ? !found.isFile() : !found.isDirectory())
    refuse(`is no ${kind}`, 'Links are not followed here.')
  if (process.getuid === undefined) return true
  const mode = kind === 'file' ? '600' : '700'
  if (found.uid !== process.getuid())
    refuse(`belongs to user ${found.uid}`, `Run as that user, or: chown ${process.getuid()} ${path}`)
  if ((found.mode & 0o077) !== 0)
    refuse(
      `may be used by others (mode ${(found.mode & 0o777).toString(8)})`,
      `chmod ${mode} ${path} — and make a new key if others could have read this one.`,
    )
  return true
}
