import pg from 'pg'
import { AvouchError } from '../errors.ts'

const INT8 = 20
const INT8_ARRAY = 1016

/** int8 as a number. Throws `database` beyond ±(2^53 − 1), where a number would silently be another one. */
export function safeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value))
    throw new AvouchError('database', `${text} is beyond the whole numbers that are exact here`, {
      where: 'an int8 column',
      fix: 'Select it as text: column::text.',
    })
  return value
}

const int8Array = pg.types.getTypeParser(INT8_ARRAY as never) as (text: string) => unknown

/** Column types as Avouch reads them: int8 as safe integers, the rest as `pg` does (bytea Buffer, timestamptz Date). */
export const columnTypes = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    if (oid === INT8 && format !== 'binary') return safeInteger
    if (oid === INT8_ARRAY && format !== 'binary') return (text: string) => numbers(int8Array(text))
    return pg.types.getTypeParser(oid as never, format as never)
  },
} as pg.CustomTypesConfig

function numbers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(numbers)
  return typeof value === 'string' ? safeInteger(value) : value
}

/**
 * A pool with Avouch's column types. A connection that breaks fails its query and is dropped; the next query gets a
 * new one. Without listeners, Node would end the process instead.
 */
export function openPool(url: string, max: number, options: pg.PoolConfig = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    types: columnTypes,
    application_name: 'avouch',
    connectionTimeoutMillis: 30_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    ...options,
  })
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** Runs `act` with one connection of its own, outside any pool. */
export async function withClient<T>(
  config: pg.ClientConfig,
  act: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionTimeoutMillis: 10_000, types: columnTypes, ...config })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await act(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}
