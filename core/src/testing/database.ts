import { randomBytes } from 'node:crypto'
import type { Commitment } from '../commitment.ts'
import { openPool, withClient } from '../db/connection.ts'
import type { Database, Migrations } from '../db/database.ts'
import { connectionTo, urlTo } from '../db/embedded/server.ts'
import { type Share, takeShare } from '../db/embedded/share.ts'
import { overPool } from '../db/open.ts'
import { installationMigrations } from '../open.ts'
import { HOME_VARIABLE, makeTestHome, removeTestHome, TEST_SHARE } from './cluster.ts'
import { type Contents, createDatabase, templateOf } from './template.ts'

type Cluster = { home: string; share: Share }

let cluster: Promise<Cluster> | undefined
let users = 0

/**
 * A fresh database on the test run's one cluster, with the steps of `modules` applied and nothing else. `close` drops
 * it. Under Vitest the global set-up owns the cluster; elsewhere the last `close` of the process stops and removes it.
 */
export function testDatabase(modules: Migrations[] = []): Promise<Database> {
  return newDatabase({ modules, queue: false })
}

/** The same with all tables of an installation of these commitments, which then finds nothing left to make. */
export async function installationDatabase(commitments: Commitment[]): Promise<Database> {
  return newDatabase({ modules: await installationMigrations(commitments), queue: true })
}

async function newDatabase(contents: Contents): Promise<Database> {
  users++
  cluster ??= startCluster()
  const { share } = await cluster
  const { place } = share
  const name = `test_${randomBytes(8).toString('hex')}`
  const empty = contents.modules.length === 0 && !contents.queue
  const template = empty ? undefined : await templateOf(share, contents)
  await withClient(connectionTo(place, 'postgres'), (client) => createDatabase(client, name, template))
  const url = urlTo(place, name)
  return overPool(openPool(url, 10), url, async () => {
    await withClient(connectionTo(place, 'postgres'), (client) =>
      client.query(`DROP DATABASE ${name} WITH (FORCE)`),
    )
    if (--users === 0) await stopOwnCluster()
  })
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
