import { Kysely, PostgresDialect } from 'kysely'
import type { Pool } from 'pg'
import type { Config } from '../config.ts'
import { AvouchError } from '../errors.ts'
import { openPool } from './connection.ts'
import type { Database, Tables } from './database.ts'
import { type ShareOptions, takeShare } from './embedded/share.ts'
import { databaseError } from './errors.ts'
import { migrate } from './migrate.ts'

/** The oldest own PostgreSQL that is accepted. */
export const OLDEST_MAJOR = 14

export type OpenOptions = ShareOptions & {
  /** Connections of this process at most; default 10. */
  poolSize?: number
}

/**
 * Opens the installation's PostgreSQL: the company's own where `databaseUrl` is set, else the embedded one under
 * `home`, started or adopted. Several processes may open the same home at once. Throws `database`, `config` or
 * `disk` with what to do about it.
 */
export async function openDatabase(
  config: Pick<Config, 'home' | 'databaseUrl'>,
  options: OpenOptions = {},
): Promise<Database> {
  if (config.databaseUrl !== undefined) {
    const database = overPool(
      openPool(config.databaseUrl, options.poolSize ?? 10),
      config.databaseUrl,
      async () => {},
    )
    try {
      await checkServer(database.pool, placeOf(config.databaseUrl))
      return database
    } catch (error) {
      await database.close()
      throw error
    }
  }
  const share = await takeShare(config.home, options)
  return overPool(openPool(share.url, options.poolSize ?? 10), share.url, () => share.release())
}

/** A Database over a pool that stands already; `afterClose` runs once, when the pool has ended. */
export function overPool(pool: Pool, url: string, afterClose: () => Promise<void>): Database {
  let closing: Promise<void> | undefined
  return {
    kysely: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }),
    pool,
    url,
    migrate: (modules) => migrate(pool, modules),
    close: () => (closing ??= pool.end().then(afterClose)),
  }
}

async function checkServer(pool: Pool, where: string): Promise<void> {
  const { rows } = await pool
    .query<{ version: number; encoding: string; may: boolean; standby: boolean }>(
      `SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding,
              has_database_privilege(current_database(), 'CREATE') AS may, pg_is_in_recovery() AS standby`,
    )
    .catch((error) => {
      throw databaseError(error, where)
    })
  const { version, encoding, may, standby } = rows[0]!
  const refuse = (message: string, fix: string): never => {
    throw new AvouchError('config', message, { where, fix })
  }
  if (version < OLDEST_MAJOR * 10_000)
    refuse(`this PostgreSQL is ${Math.floor(version / 10_000)}`, `Use PostgreSQL ${OLDEST_MAJOR} or newer.`)
  if (encoding !== 'UTF8') refuse(`this database is in ${encoding}`, 'Create it with ENCODING UTF8.')
  if (standby) refuse('this PostgreSQL is a standby', 'Point AVOUCH_DATABASE_URL at the primary server.')
  if (!may) refuse('the user may not create schemas', 'GRANT CREATE ON DATABASE … TO the user.')
}

/** Host and database of a connection string, without user and password. */
export function placeOf(url: string): string {
  try {
    const { hostname, port, pathname, searchParams } = new URL(url)
    return `${searchParams.get('host') ?? hostname}${port && `:${port}`}${pathname}`
  } catch {
    return 'AVOUCH_DATABASE_URL'
  }
}
