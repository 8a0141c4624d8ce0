import { AvouchError } from '../errors.ts'
import type { Database } from './database.ts'

/**
 * Works while no other process works under the same key: a session lock of PostgreSQL, which ends with the process however
 * that ends, and holds one connection meanwhile. `busy` says what the other does. Throws `locked` where another has it,
 * and what `work` throws.
 */
export async function alone<T>(
  db: Database,
  { key, busy, where, fix }: { key: readonly string[]; busy: string; where: string; fix: string },
  work: () => Promise<T>,
): Promise<T> {
  const client = await db.pool.connect()
  const name = JSON.stringify(key)
  try {
    const { rows } = await client.query<{ held: boolean }>(
      'select pg_try_advisory_lock(hashtextextended($1, 3)) as held',
      [name],
    )
    if (rows[0]?.held !== true) throw new AvouchError('locked', busy, { where, fix })
    try {
      return await work()
    } finally {
      await client.query('select pg_advisory_unlock(hashtextextended($1, 3))', [name])
    }
  } finally {
    client.release()
  }
}
