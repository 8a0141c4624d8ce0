import { randomBytes } from 'node:crypto'
import { openPool, withClient } from '../db/connection.ts'
import type { Database, Migrations } from '../db/database.ts'
import { connectionTo, urlTo } from '../db/embedded/server.ts'
import { type Share, takeShare } from '../db/embedded/share.ts'
import { overPool } from '../db/open.ts'
import { HOME_VARIABLE, makeTestHome, removeTestHome, TEST_SHARE } from './cluster.ts'

type Cluster = { home: string; share: Share }

let cluster: Promise<Cluster> | undefined
let users = 0

/**
 * A fresh, empty database on the test run's one cluster, with the steps of `modules` applied. `close` drops it. Under
 * Vitest the global set-up owns the cluster; elsewhere the last `close` of the process stops and removes it.
 */
export async function testDatabase(modules: Migrations[] = []): Promise<Database> {
  users++
  cluster ??= startCluster()
  const { place } = (await cluster).share
  const name = `test_${randomBytes(8).toString('hex')}`
  await withClient(connectionTo(place, 'postgres'), (client) => client.query(`CREATE DATABASE ${name}`))
  const url = urlTo(place, name)
  const database = overPool(openPool(url, 10), url, async () => {
    await withClient(connectionTo(place, 'postgres'), (client) =>
      client.query(`DROP DATABASE ${name} WITH (FORCE)`),
    )
    if (--users === 0) await stopOwnCluster()
  })
  try {
    await database.migrate(modules)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

async function startCluster(): Promise<Cluster> {
  const home = process.env[HOME_VARIABLE] ?? (await makeTestHome())
  return { home, share: await takeShare(home, TEST_SHARE) }
}

async function stopOwnCluster(): Promise<void> {
  if (process.env[HOME_VARIABLE] !== undefined || cluster === undefined) return
  const { home, share } = await cluster
  cluster = undefined
  await share.release()
  await removeTestHome(home)
}
