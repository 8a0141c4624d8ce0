import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { AvouchError } from '../../errors.ts'
import { databaseError } from '../errors.ts'
import { type Place, serverUser } from './place.ts'

/** The port is only part of the socket's file name; there is no TCP. */
export const SOCKET_NAME = '.s.PGSQL.5432'

/** PostgreSQL reads a process id with atoi and asks kill(2) about it; this one is above every system's limit. */
const NOBODYS_PID = 2_147_483_647

const run = promisify(execFile)

/** The process id of the server that runs on this data folder, or undefined: a file left by a dead one does not count. */
export async function runningPostmaster(place: Place): Promise<number | undefined> {
  const pid = await pidIn(join(place.data, 'postmaster.pid'))
  return pid !== undefined && (await isOurs(pid, place.data)) ? pid : undefined
}

async function pidIn(path: string): Promise<number | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '')
  const pid = Math.abs(Number.parseInt(text, 10))
  return Number.isSafeInteger(pid) && pid > 1 && pid !== NOBODYS_PID ? pid : undefined
}

/** True where the process lives and its command line names our data folder; a zombie has none. */
async function isOurs(pid: number, data: string): Promise<boolean> {
  if (process.platform === 'linux') {
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0')
    return words.includes(data)
  }
  const { stdout } = await run('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(() => ({
    stdout: '',
  }))
  return stdout.includes(data)
}

/**
 * Lets a new server start after one that was killed. PostgreSQL trusts the process id in its lock files and refuses
 * to start when that number now belongs to another program of the same user. The data folder's file keeps its other
 * lines, because the shared memory named there is how PostgreSQL notices orphans that still write; only call when
 * `runningPostmaster` found none and while holding the start lock.
 */
export async function clearStaleLocks(place: Place): Promise<void> {
  const path = join(place.data, 'postmaster.pid')
  const text = await readOwn(path)
  if (text !== undefined) {
    const lines = text.split('\n')
    await rm(path)
    if (lines.length > 1 && /^-?\d+$/.test(lines[0]!))
      await writeOwn(path, [NOBODYS_PID, ...lines.slice(1)].join('\n'))
  }
  await rm(join(place.socket, SOCKET_NAME), { force: true })
  await rm(join(place.socket, `${SOCKET_NAME}.lock`), { force: true })
}

/** As root these files lie in another user's folder: a link there is not followed, and a new file is given away. */
async function readOwn(path: string): Promise<string | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error) => {
    if (error.code === 'ENOENT') return undefined
    throw databaseError(error, path)
  })
  return file?.readFile('utf8').finally(() => file.close())
}

async function writeOwn(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    const user = serverUser()
    if (user !== undefined) await file.chown(user.uid, user.gid)
  } finally {
    await file.close()
  }
}

/** Fast shutdown (SIGINT): open transactions roll back, the rest is written. Returns when the process has gone. */
export async function stopPostmaster(place: Place, timeoutMs = 60_000): Promise<void> {
  const pid = await runningPostmaster(place)
  if (pid === undefined) return
  process.kill(pid, 'SIGINT')
  for (const deadline = Date.now() + timeoutMs; await isOurs(pid, place.data); await sleep(10))
    if (Date.now() > deadline)
      throw new AvouchError('database', `PostgreSQL (process ${pid}) does not stop`, {
        where: place.data,
        fix: 'Look at server.log in the database folder of the home.',
      })
}
