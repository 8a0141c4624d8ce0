import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import {
  access,
  chmod,
  chown,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AvouchError } from '../../errors.ts'
import { databaseError, reasonOf } from '../errors.ts'
import { cacheFolder } from './binaries.ts'

/**
 * PostgreSQL refuses to run as root. As root it runs under this number, which no distribution assigns and that
 * needs no entry in /etc/passwd.
 */
export const SERVER_UID = 64_600

/** Where the embedded database of one home lives, as `<home>/database/server.json` says. Secret: it has the password. */
export type Place = {
  /** Random; names the folders outside the home, so that a home made anew never meets an old one's data. */
  id: string
  /** Parent of `data`; this user's. */
  base: string
  data: string
  /** Private folder of the Unix socket, short enough for a socket address (107 bytes on Linux, 103 on macOS). */
  socket: string
  user: string
  password: string
}

const placeSchema = z.object({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  base: z.string().min(1),
  data: z.string().min(1),
  socket: z.string().min(1).max(80),
  user: z.string().min(1),
  password: z.string().min(20),
})

/** The folder of a home that holds pointer, lock and log of its database. */
export function databaseFolder(home: string): string {
  return join(home, 'database')
}

/** True where the server must run under another user than this process. */
export function runsAsRoot(): boolean {
  return process.getuid?.() === 0
}

/** Folders for the copied programs, best first. */
export function binaryFolders(home: string): string[] {
  return runsAsRoot() ? ROOT_BASES : [cacheFolder(), databaseFolder(home)]
}

/** A home under 0700 cannot be entered by the server's own user, so as root its data stand here. */
const ROOT_BASES = ['/var/lib/avouch', '/var/tmp/avouch']

/** What the home says about its database; undefined where none was made yet. Throws `input` on a damaged file. */
export async function readPlace(home: string): Promise<Place | undefined> {
  const path = join(databaseFolder(home), 'server.json')
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw databaseError(error, path)
  }
  try {
    return placeSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new AvouchError('input', 'the file that says where the database lives is damaged', {
      where: path,
      fix: 'Restore it from a backup of the home; without it the data cannot be found.',
      cause,
    })
  }
}

/** Makes the place on first use, and the private folders again where a reboot or a cleaner removed them. Call locked. */
export async function preparePlace(home: string, base?: string): Promise<Place> {
  const place = (await readPlace(home)) ?? (await newPlace(home, base))
  await makeBase(home, place)
  try {
    await privateFolder(place.socket, serverUser())
    return place
  } catch {
    // Someone else took the name while it was free; any other will do.
    const moved = { ...place, socket: socketFolder() }
    await privateFolder(moved.socket, serverUser())
    await writePlace(home, moved)
    return moved
  }
}

/** As root the parent of the data stays root's: what the server's user could swap there, root would follow. */
async function makeBase(home: string, place: Place): Promise<void> {
  await privateFolder(place.base, undefined, runsAsRoot() ? 0o711 : 0o700)
  if (runsAsRoot()) await writeFile(join(place.base, 'home'), home, { mode: 0o600 })
}

/** Databases of root whose home no longer points to them, as when a home was removed by hand. */
export async function leftOverBases(): Promise<string[]> {
  const found: string[] = []
  for (const folder of runsAsRoot() ? ROOT_BASES : [])
    for (const id of (await readdir(folder).catch(() => [])).filter((name) => /^[0-9a-f]{16}$/.test(name))) {
      const base = join(folder, id)
      const home = await readFile(join(base, 'home'), 'utf8').catch(() => undefined)
      const place = home === undefined ? undefined : await readPlace(home).catch(() => undefined)
      if (place?.id !== id) found.push(base)
    }
  return found
}

async function newPlace(home: string, base: string | undefined): Promise<Place> {
  const id = randomBytes(8).toString('hex')
  const parent = base ?? (runsAsRoot() ? join(await firstWritable(ROOT_BASES), id) : databaseFolder(home))
  const place = {
    id,
    base: parent,
    data: join(parent, 'data'),
    socket: socketFolder(),
    user: 'avouch',
    password: randomBytes(24).toString('base64url'),
  }
  await writePlace(home, place)
  return place
}

function socketFolder(): string {
  return `/tmp/avouch-${process.getuid?.() ?? 0}-${randomBytes(8).toString('hex')}`
}

async function firstWritable(folders: string[]): Promise<string> {
  const refusals: string[] = []
  for (const folder of folders)
    try {
      await mkdir(folder, { recursive: true, mode: 0o755 })
      await access(folder, constants.W_OK)
      return folder
    } catch (error) {
      refusals.push(`${folder}: ${reasonOf(error)}`)
    }
  throw new AvouchError('disk', `no folder for the database can be written: ${refusals.join('; ')}`, {
    where: folders.join(', '),
    fix: 'Make one of them writable, run as another user than root, or set AVOUCH_DATABASE_URL.',
  })
}

async function writePlace(home: string, place: Place): Promise<void> {
  const path = join(databaseFolder(home), 'server.json')
  const fresh = `${path}.new`
  await writeFile(fresh, `${JSON.stringify(place, undefined, 2)}\n`, { mode: 0o600, flush: true })
  await rename(fresh, path)
  const folder = await open(databaseFolder(home))
  await folder.sync().finally(() => folder.close())
}

/** The user the server runs as: this one, or the dedicated one when this is root. */
export function serverUser(): { uid: number; gid: number } | undefined {
  return runsAsRoot() ? { uid: SERVER_UID, gid: SERVER_UID } : undefined
}

/** Makes a folder of this or the given user, or checks that it is one: never follows a link or takes another's. */
async function privateFolder(
  path: string,
  user: { uid: number; gid: number } | undefined,
  mode = 0o700,
): Promise<void> {
  const made = await mkdir(path, { mode: 0o700 }).then(
    () => true,
    (error) => {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
      throw databaseError(error, path)
    },
  )
  if (made && user !== undefined) await chown(path, user.uid, user.gid)
  const found = await lstat(path)
  const owner = user?.uid ?? process.getuid?.()
  if (!found.isDirectory() || (owner !== undefined && found.uid !== owner))
    throw new AvouchError('config', `${path} is not a folder of the user the database runs as`, {
      where: path,
      fix: 'Remove it, or give it back to that user.',
    })
  if ((found.mode & 0o777) !== mode) await chmod(path, mode)
}

/** Removes what stands outside the home and the data. The server must be stopped; used by tests and by restore. */
export async function removePlace(place: Place): Promise<void> {
  await rm(place.socket, { recursive: true, force: true })
  await rm(place.data, { recursive: true, force: true })
  if (runsAsRoot()) await rm(place.base, { recursive: true, force: true })
}
