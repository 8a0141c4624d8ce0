import { execFile } from 'node:child_process'
import { createHmac, hash, pbkdf2Sync, randomBytes } from 'node:crypto'
import { chown, lchown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { AvouchError } from '../../errors.ts'
import { databaseError } from '../errors.ts'
import type { Binaries } from './binaries.ts'
import { type Place, runsAsRoot, serverUser } from './place.ts'

const run = promisify(execFile)

type User = { uid: number; gid: number }

/**
 * Makes the cluster beside its place and renames it there last, so that one that was interrupted half-way is never
 * taken for whole. Checksums are on; the only way in is a password over the socket (scram-sha-256).
 *
 * initdb insists on a user that /etc/passwd knows; as root it therefore runs as such a one, sees no password but
 * only its SCRAM verifier, and what it made is then given to the server's own user.
 */
export async function makeCluster(binaries: Binaries, place: Place): Promise<void> {
  const workshop = join(dirname(place.base), `.making-${place.id}`)
  const fresh = join(workshop, 'data')
  const verifier = join(workshop, 'verifier')
  const user = runsAsRoot() ? await knownUser() : undefined
  try {
    await rm(workshop, { recursive: true, force: true })
    await mkdir(workshop, { mode: 0o700 })
    await writeFile(verifier, `${scramVerifier(place.password)}\n`, { mode: 0o600 })
    if (user !== undefined) for (const path of [verifier, workshop]) await chown(path, user.uid, user.gid)
    await run(
      binaries.initdb,
      [
        ...['-D', fresh, `--username=${place.user}`, `--pwfile=${verifier}`, '--auth=scram-sha-256'],
        ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
        ...['--data-checksums', '--no-instructions'],
      ],
      { env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' }, cwd: '/', timeout: 120_000, ...user },
    )
    // From here on that user cannot reach what root is about to write and give away.
    if (user !== undefined) await chown(workshop, 0, 0)
    await rm(join(fresh, 'pg_hba.conf'))
    await writeFile(join(fresh, 'pg_hba.conf'), 'local all all scram-sha-256\n', { mode: 0o600, flag: 'wx' })
    const owner = serverUser()
    if (owner !== undefined) await giveTo(fresh, owner)
    await rename(fresh, place.data)
  } catch (error) {
    throw clusterError(error, place)
  } finally {
    await rm(workshop, { recursive: true, force: true })
  }
}

function clusterError(cause: unknown, place: Place): AvouchError {
  const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim().slice(-600) : ''
  if (/No space left|ENOSPC/.test(said || String(cause)))
    return new AvouchError('disk', 'the disk is too full for a new database', {
      where: place.base,
      fix: 'It needs about 100 MB; free some space.',
      cause,
    })
  if (/could not look up effective user/.test(said))
    return new AvouchError(
      'config',
      `initdb does not run as user ${process.getuid?.()}, which has no name here`,
      {
        where: '/etc/passwd',
        fix: 'Add a line for this user to /etc/passwd, run as root, or set AVOUCH_DATABASE_URL.',
        cause,
      },
    )
  if (said === '') return databaseError(cause, place.base)
  return new AvouchError('database', `a new database could not be made: ${said}`, {
    where: place.base,
    fix: 'Run "avouch doctor", or set AVOUCH_DATABASE_URL to a PostgreSQL of your own.',
    cause,
  })
}

/** Known on most systems, and least likely to run anything else at this moment. */
const CANDIDATES = ['postgres', 'daemon', 'bin', 'nobody']

/** A user that initdb may run as. Throws `unavailable` where the system knows none but root. */
export async function knownUser(): Promise<User> {
  const users = new Map<string, User>()
  for (const line of (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n')) {
    const [name, , uid, gid] = line.split(':')
    if (name !== undefined && Number(uid) > 0 && Number(gid) > 0)
      users.set(name, { uid: Number(uid), gid: Number(gid) })
  }
  const found = [...CANDIDATES, ...users.keys()].find((name) => users.has(name))
  if (found === undefined)
    throw new AvouchError(
      'unavailable',
      'PostgreSQL does not run as root, and /etc/passwd knows no other user',
      {
        where: '/etc/passwd',
        fix: 'Run avouch as an ordinary user, add a user, or set AVOUCH_DATABASE_URL.',
      },
    )
  return users.get(found)!
}

async function giveTo(folder: string, { uid, gid }: User): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    await lchown(join(entry.parentPath, entry.name), uid, gid)
  await lchown(folder, uid, gid)
}

/** RFC 5803 in PostgreSQL's form: what the server keeps of a password, from which it cannot be told. */
export function scramVerifier(
  password: string,
  salt: Uint8Array = randomBytes(16),
  iterations = 4096,
): string {
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const key = (label: string): Buffer => createHmac('sha256', salted).update(label).digest()
  const stored = hash('sha256', key('Client Key'), 'base64')
  const server = key('Server Key').toString('base64')
  return `SCRAM-SHA-256$${iterations}:${Buffer.from(salt).toString('base64')}$${stored}:${server}`
}
