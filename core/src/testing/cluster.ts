import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exclusively } from '../db/embedded/lock.ts'
import { databaseFolder, readPlace, removePlace } from '../db/embedded/place.ts'
import { stopPostmaster } from '../db/embedded/postmaster.ts'
import type { ShareOptions } from '../db/embedded/share.ts'

/** Names the home of the run's one cluster to every worker thread. */
export const HOME_VARIABLE = 'AVOUCH_TEST_HOME'

const PREFIX = 'avouch-test-'

/** No fsync: the cluster is thrown away. It is left running between tests and stopped by `removeTestHome`. */
export const TEST_SHARE: ShareOptions = { durable: false, maxConnections: 300, keep: true }

/** A home for one test run; its name tells which process it belongs to. The cluster in it starts when first used. */
export function makeTestHome(): Promise<string> {
  return mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`))
}

/**
 * Stops the database of a home that a test or bench made, where one was started, and removes all of it: as root the
 * data stand outside the home.
 */
export async function removeTestHome(home: string): Promise<void> {
  if (existsSync(databaseFolder(home)))
    await exclusively(join(databaseFolder(home), 'lock'), async () => {
      const place = await readPlace(home)
      if (place === undefined) return
      await stopPostmaster(place)
      await removePlace(place)
    })
  await rm(home, { recursive: true, force: true })
}

/** Removes this user's homes of runs that were killed. Several runs may begin at once and do it together. */
export async function removeAbandonedTestHomes(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const home = join(tmpdir(), name)
    const pid = Number(name.match(/^avouch-test-(\d+)-/)?.[1])
    if (!(pid > 0) || isAlive(pid)) continue
    const owner = (await stat(home).catch(() => undefined))?.uid
    if (owner !== process.getuid?.()) continue
    try {
      await removeTestHome(home)
    } catch (error) {
      if (existsSync(home)) throw error
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
