import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { AvouchError } from '../../errors.ts'

/**
 * Runs `act` while holding the lock kept in the file `path`. The lock is SQLite's, which is the operating system's
 * (fcntl on POSIX, LockFileEx on Windows): it holds between processes and between threads of one process, and it
 * vanishes with its holder however that dies, so there is no stale lock to judge by age or process id.
 *
 * Throws `locked` when the lock was not free within `timeoutMs`, `disk` when the file cannot be used.
 */
export async function exclusively<T>(path: string, act: () => Promise<T>, timeoutMs = 120_000): Promise<T> {
  const lock = openLock(path)
  try {
    for (const deadline = Date.now() + timeoutMs; !tryLock(lock, path); ) {
      if (Date.now() > deadline)
        throw new AvouchError(
          'locked',
          'another process has been starting or stopping the database for too long',
          {
            where: path,
            fix: 'Look for a hanging avouch process on this home and end it; the lock goes with it.',
          },
        )
      await sleep(15 + Math.random() * 15)
    }
    return await act()
  } finally {
    lock.close()
  }
}

function openLock(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout: 0 })
  } catch (cause) {
    throw new AvouchError('disk', 'the lock file of the database cannot be opened', {
      where: path,
      fix: 'Make the folder writable for this user.',
      cause,
    })
  }
}

function tryLock(lock: DatabaseSync, path: string): boolean {
  try {
    lock.exec('BEGIN EXCLUSIVE')
    return true
  } catch (cause) {
    const code = cause instanceof Error && 'errcode' in cause ? Number(cause.errcode) & 0xff : -1
    if (code === 5 || code === 6) return false
    throw new AvouchError('disk', 'the lock file of the database cannot be locked', {
      where: path,
      fix: 'Put AVOUCH_HOME on a local, writable file system that has file locks.',
      cause,
    })
  }
}
