import { type ChildProcess, spawn } from 'node:child_process'
import { open, readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { AvouchError } from '../../errors.ts'
import { withClient } from '../connection.ts'
import { codeOf, databaseError, reasonOf } from '../errors.ts'
import { type Binaries, installBinaries } from './binaries.ts'
import { makeCluster } from './cluster.ts'
import { binaryFolders, databaseFolder, type Place, serverUser } from './place.ts'
import { clearStaleLocks, runningPostmaster } from './postmaster.ts'

export type ServerOptions = {
  /** False only for tests: no fsync, so a power cut loses data. */
  durable?: boolean
  /** Connections at most; default 60. */
  maxConnections?: number
}

const START_TIMEOUT_MS = 90_000
const LOG_BYTES = 8 * 1024 * 1024

/** How to reach `database` on the server of this place. */
export function connectionTo(place: Place, database = 'avouch'): pg.ClientConfig {
  return { host: place.socket, port: 5432, user: place.user, password: place.password, database }
}

/** The same as a connection string, for other processes of this user. */
export function urlTo(place: Place, database = 'avouch'): string {
  const host = encodeURIComponent(place.socket)
  return `postgresql://${place.user}:${place.password}@localhost:5432/${database}?host=${host}`
}

/**
 * Returns when a server accepts connections on this place: adopts a running one, else starts one, after making the
 * cluster where there is none. Call while holding the start lock. Throws `database` with the end of the server's log.
 */
export async function ensureServer(home: string, place: Place, options: ServerOptions = {}): Promise<void> {
  let child: ChildProcess | undefined
  let lastRefusal: unknown
  for (const deadline = Date.now() + START_TIMEOUT_MS; Date.now() < deadline; await sleep(25)) {
    const running = await runningPostmaster(place)
    if (
      running === undefined &&
      (child === undefined || child.exitCode !== null || child.signalCode !== null)
    ) {
      if (child !== undefined && !(await orphansRemain(home)))
        throw new AvouchError('database', `PostgreSQL did not start: ${await logEnd(home)}`, {
          where: join(databaseFolder(home), 'server.log'),
          fix: 'The log says why; "avouch doctor" looks closer.',
        })
      if (child !== undefined) await sleep(250)
      child = await startServer(home, place, options)
    }
    try {
      await withClient(connectionTo(place, 'postgres'), (client) => ensureDatabase(client, place))
      return
    } catch (error) {
      if (error instanceof AvouchError) throw error
      lastRefusal = error
      // 57P03: starting or stopping. The rest: no socket yet, or a server that just went away.
      if (
        !['57P03', '57P01', '57P02', 'ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(
          codeOf(error) ?? '57P03',
        )
      )
        throw databaseError(error, place.data)
    }
  }
  throw new AvouchError('database', `PostgreSQL runs but does not answer: ${reasonOf(lastRefusal)}`, {
    where: place.socket,
    fix: 'If /tmp is not shared between the processes of this home (systemd PrivateTmp), share it or use AVOUCH_DATABASE_URL.',
  })
}

async function ensureDatabase(client: pg.Client, place: Place): Promise<void> {
  const { rows } = await client.query<{ data: string; made: boolean }>(
    `SELECT current_setting('data_directory') AS data, EXISTS (SELECT FROM pg_database WHERE datname = 'avouch') AS made`,
  )
  if (rows[0]?.data !== place.data)
    throw new AvouchError('database', `the server on our socket serves other data (${rows[0]?.data})`, {
      where: place.socket,
      fix: 'Stop that server, or remove its socket folder.',
    })
  if (rows[0]?.made === false) await client.query('CREATE DATABASE avouch')
}

async function startServer(home: string, place: Place, options: ServerOptions): Promise<ChildProcess> {
  const binaries = await installBinaries(binaryFolders(home))
  if (!(await exists(join(place.data, 'PG_VERSION')))) await makeCluster(binaries, place)
  await checkVersion(binaries, place)
  await clearStaleLocks(place)
  const log = await open(await freshLog(home), 'a', 0o600)
  try {
    const settings = Object.entries(settingsOf(place, options)).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ])
    const child = spawn(binaries.postgres, ['-D', place.data, ...settings], {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      cwd: '/',
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', PGTZ: 'UTC' },
      ...serverUser(),
    })
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', (error) => reject(databaseError(error, binaries.postgres)))
    })
    child.unref()
    return child
  } finally {
    await log.close()
  }
}

/** Given on the command line, so that a new release changes them without touching the cluster. */
function settingsOf(
  place: Place,
  { durable = true, maxConnections = 60 }: ServerOptions,
): Record<string, string> {
  return {
    listen_addresses: '',
    unix_socket_directories: place.socket,
    unix_socket_permissions: '0700',
    port: '5432',
    max_connections: String(maxConnections),
    shared_buffers: '128MB',
    jit: 'off',
    fsync: durable ? 'on' : 'off',
    full_page_writes: durable ? 'on' : 'off',
    synchronous_commit: durable ? 'on' : 'off',
    wal_compression: 'on',
    max_wal_size: '1GB',
    password_encryption: 'scram-sha-256',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
  }
}

async function checkVersion(binaries: Binaries, place: Place): Promise<void> {
  const data = (await readFile(join(place.data, 'PG_VERSION'), 'utf8')).trim()
  if (data !== binaries.version.split('.')[0])
    throw new AvouchError(
      'config',
      `the data are PostgreSQL ${data}'s, the programs are ${binaries.version}`,
      {
        where: place.data,
        fix: 'Run "avouch backup" with the release of Avouch that made them, then "avouch restore" with this one.',
      },
    )
}

/** The log, set aside when large; PostgreSQL's own rotation would need one more process. */
async function freshLog(home: string): Promise<string> {
  const path = join(databaseFolder(home), 'server.log')
  const size = (await stat(path).catch(() => undefined))?.size ?? 0
  if (size > LOG_BYTES) await rename(path, `${path}.1`)
  return path
}

/** The last lines of the server's log. */
export async function logEnd(home: string, lines = 6): Promise<string> {
  const text = await readFile(join(databaseFolder(home), 'server.log'), 'utf8').catch(() => '')
  return text.trim().split('\n').slice(-lines).join(' | ') || 'its log is empty'
}

/** After kill -9 of the server, its children may finish a query first; until then PostgreSQL refuses to start anew. */
async function orphansRemain(home: string): Promise<boolean> {
  return /pre-existing shared memory block/.test(await logEnd(home))
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
