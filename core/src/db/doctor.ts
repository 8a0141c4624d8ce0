import { constants } from 'node:fs'
import { access, lstat, readFile, stat, statfs } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import type { Config } from '../config.ts'
import { AvouchError } from '../errors.ts'
import { withClient } from './connection.ts'
import { binaryPackage } from './embedded/binaries.ts'
import { knownUser } from './embedded/cluster.ts'
import { exclusively } from './embedded/lock.ts'
import {
  databaseFolder,
  leftOverBases,
  type Place,
  readPlace,
  runsAsRoot,
  serverUser,
} from './embedded/place.ts'
import { runningPostmaster } from './embedded/postmaster.ts'
import { connectionTo, logEnd } from './embedded/server.ts'
import { databaseError } from './errors.ts'
import { openDatabase, placeOf } from './open.ts'

/** One thing looked at: what it is, whether it is well, what was seen, and what to do. */
export type Check = { name: string; ok: boolean; detail: string; fix?: string }

/** Below this PostgreSQL may run out in the middle of a campaign. */
const ENOUGH_BYTES = 512 * 1024 * 1024

/**
 * Looks at everything the database needs and says what is wrong. Starts nothing and changes nothing; never throws:
 * a look that fails is a check that is not ok.
 */
export async function doctorDatabase(config: Pick<Config, 'home' | 'databaseUrl'>): Promise<Check[]> {
  if (config.databaseUrl !== undefined) return [await look('own PostgreSQL', () => lookAtOwn(config))]
  const { home } = config
  const checks = [
    await look('PostgreSQL programs', lookAtPrograms),
    await look('user', lookAtUser),
    await look('home', () => lookAtHome(home)),
  ]
  let place: Place | undefined
  checks.push(
    await look('database', async () => {
      place = await readPlace(home)
      return place === undefined ? 'none yet; the first start makes it' : lookAtData(place)
    }),
  )
  checks.push(await look('disk space', () => lookAtSpace(place?.base ?? home)))
  if (runsAsRoot()) checks.push(await look('left-over databases', lookAtLeftOvers))
  if (place === undefined) return checks
  const made = place
  checks.push(await look('socket folder', () => lookAtSocket(made)))
  checks.push(await look('start lock', () => lookAtLock(home)))
  checks.push(await look('server', () => lookAtServer(home, made)))
  return checks
}

async function look(name: string, at: () => Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, detail: await at() }
  } catch (error) {
    const { message, where, fix } = databaseError(error)
    return { name, ok: false, detail: where === undefined ? message : `${message} (${where})`, fix }
  }
}

function wrong(message: string, where: string, fix: string): never {
  throw new AvouchError('database', message, { where, fix })
}

async function lookAtOwn(config: Pick<Config, 'home' | 'databaseUrl'>): Promise<string> {
  const db = await openDatabase(config, { poolSize: 1 })
  try {
    const { rows } = await db.pool.query<{ version: string; used: number; most: number }>(
      `SELECT current_setting('server_version') AS version, (SELECT count(*) FROM pg_stat_activity) AS used,
              current_setting('max_connections')::int AS most`,
    )
    const { version, used, most } = rows[0]!
    const where = placeOf(config.databaseUrl!)
    if (used > most * 0.9)
      wrong(
        `${used} of ${most} connections are in use`,
        where,
        'Raise max_connections or run fewer processes.',
      )
    return `PostgreSQL ${version} at ${where}, ${used} of ${most} connections in use`
  } finally {
    await db.close()
  }
}

async function lookAtPrograms(): Promise<string> {
  const { name, version } = await binaryPackage()
  return `${version} from ${name}`
}

async function lookAtUser(): Promise<string> {
  if (runsAsRoot()) {
    await knownUser()
    return `root; PostgreSQL runs as user ${serverUser()!.uid}`
  }
  try {
    return userInfo().username
  } catch {
    return wrong(
      `user ${process.getuid?.()} has no name`,
      '/etc/passwd',
      'Add a line for it; initdb needs one.',
    )
  }
}

async function lookAtHome(home: string): Promise<string> {
  const exists = await stat(home).catch(() => undefined)
  if (exists === undefined) {
    await access(await existingParent(home), constants.W_OK)
    return `${home} does not exist yet and can be made`
  }
  if (!exists.isDirectory()) wrong('the home is no folder', home, 'Move the file away, or set AVOUCH_HOME.')
  await access(home, constants.R_OK | constants.W_OK | constants.X_OK)
  const folder = await stat(databaseFolder(home)).catch(() => undefined)
  if (folder !== undefined) await access(databaseFolder(home), constants.W_OK)
  return `${home} is writable`
}

async function existingParent(path: string): Promise<string> {
  for (let folder = dirname(path); ; folder = dirname(folder))
    if (folder === dirname(folder) || (await stat(folder).catch(() => undefined)) !== undefined) return folder
}

async function lookAtData(place: Place): Promise<string> {
  const found = await lstat(place.data).catch(() => undefined)
  if (found === undefined)
    return wrong(
      'the data folder is gone',
      place.data,
      'Restore a backup; a start would make an empty database.',
    )
  const owner = serverUser()?.uid ?? process.getuid?.()
  if (owner !== undefined && found.uid !== owner)
    wrong(`the data belong to user ${found.uid}, not ${owner}`, place.data, `chown -R ${owner} ${place.data}`)
  if ((found.mode & 0o077) !== 0 && process.platform !== 'win32')
    wrong('others may enter the data folder', place.data, `chmod 700 ${place.data}`)
  const data = (await readFile(join(place.data, 'PG_VERSION'), 'utf8')).trim()
  const { version } = await binaryPackage()
  if (data !== version.split('.')[0])
    wrong(
      `the data are PostgreSQL ${data}'s, the programs are ${version}`,
      place.data,
      'Back up with the old release.',
    )
  return `${place.data}, of PostgreSQL ${data}`
}

async function lookAtSpace(path: string): Promise<string> {
  const folder = (await stat(path).catch(() => undefined)) === undefined ? await existingParent(path) : path
  const { bavail, bsize } = await statfs(folder)
  const free = `${Math.round((bavail * bsize) / 1024 / 1024)} MB free`
  if (bavail * bsize < ENOUGH_BYTES)
    wrong(free, folder, `Free space: at least ${ENOUGH_BYTES / 1024 / 1024} MB.`)
  return `${free} on ${folder}`
}

async function lookAtLeftOvers(): Promise<string> {
  const found = await leftOverBases()
  if (found.length > 0)
    wrong(
      `no home points to ${found.length} database folders any more`,
      found.join(', '),
      'Remove those you know are old.',
    )
  return 'none'
}

async function lookAtSocket(place: Place): Promise<string> {
  const found = await lstat(place.socket).catch(() => undefined)
  if (found === undefined) return `${place.socket} is made at the next start`
  const owner = serverUser()?.uid ?? process.getuid?.()
  if (!found.isDirectory() || (owner !== undefined && found.uid !== owner))
    wrong(
      'the socket folder is not ours; the next start takes another',
      place.socket,
      'Start again; if a server runs meanwhile, stop it first.',
    )
  return place.socket
}

async function lookAtLock(home: string): Promise<string> {
  await exclusively(join(databaseFolder(home), 'lock'), async () => {}, 0)
  return 'free'
}

async function lookAtServer(home: string, place: Place): Promise<string> {
  const pid = await runningPostmaster(place)
  if (pid === undefined) {
    const stale = await stat(join(place.data, 'postmaster.pid')).catch(() => undefined)
    return stale === undefined
      ? 'not running; the next start runs it'
      : 'was killed; the next start recovers it'
  }
  try {
    return await withClient(connectionTo(place, 'postgres'), async (client) => {
      const { rows } = await client.query<{ version: string; shares: number }>(
        `SELECT current_setting('server_version') AS version,
                (SELECT count(*) FROM pg_stat_activity WHERE application_name = 'avouch share') AS shares`,
      )
      return `PostgreSQL ${rows[0]!.version} runs as process ${pid} for ${rows[0]!.shares} processes`
    })
  } catch (error) {
    const { message, fix } = databaseError(error)
    return wrong(
      `process ${pid} runs but does not answer: ${message}; ${await logEnd(home)}`,
      place.socket,
      fix!,
    )
  }
}
