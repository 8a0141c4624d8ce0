import { createHash } from 'node:crypto'
import type pg from 'pg'
import { openPool, withClient } from '../db/connection.ts'
import type { Database, Migrations } from '../db/database.ts'
import { connectionTo, urlTo } from '../db/embedded/server.ts'
import type { Share } from '../db/embedded/share.ts'
import { overPool } from '../db/open.ts'
import { openQueue } from '../work/index.ts'

/** What a new database holds: the steps of these modules, and the queue's tables where they are asked for. */
export type Contents = { modules: Migrations[]; queue: boolean }

/** Any fixed number; the advisory lock under which one worker makes a template and the others wait for it. */
const TEMPLATE_LOCK = 4_600_099

const made = new Map<string, Promise<string>>()

/**
 * The name of a database of this cluster that holds these contents and that nobody can open, so that it can be copied
 * at any time. Made once a cluster: to copy a database costs a tenth of taking all its steps.
 */
export function templateOf({ place }: Share, contents: Contents): Promise<string> {
  const name = `template_${createHash('sha256').update(JSON.stringify(contents)).digest('hex').slice(0, 16)}`
  const key = `${place.id} ${name}`
  const making = made.get(key) ?? withClient(connectionTo(place, 'postgres'), make)
  made.set(key, making)
  return making

  async function make(client: pg.Client): Promise<string> {
    await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK])
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name])
    if (rowCount !== 0) return name
    const unfinished = `${name}_unfinished`
    await client.query(`DROP DATABASE IF EXISTS ${unfinished}`)
    await createDatabase(client, unfinished)
    const url = urlTo(place, unfinished)
    const database = overPool(openPool(url, 2), url, async () => {})
    await fill(database, contents).finally(() => database.close())
    await client.query(`ALTER DATABASE ${unfinished} ALLOW_CONNECTIONS false`)
    await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${name}`)
    return name
  }
}

async function fill(database: Database, { modules, queue }: Contents): Promise<void> {
  await database.migrate(modules)
  if (queue) await openQueue(database)
}

/** Where files can be copied without reading them into this process's memory: a quarter of the time. */
const CLONES = process.platform === 'linux' || process.platform === 'darwin'

/** By copying files: a tenth of the time that copying through the log takes. */
export async function createDatabase(client: pg.Client, name: string, template = 'template1'): Promise<void> {
  if (CLONES) await client.query('SET file_copy_method = clone')
  await client.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`)
}
