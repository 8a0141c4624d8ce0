import type { Database } from '@avouch/core/db'
import { AvouchError } from '@avouch/core/errors'

/**
 * Works on a run while no other process does: a session lock of PostgreSQL, which ends with the process however that
 * ends. Throws `locked` where another has it.
 */
export async function alone<T>(db: Database, plan: string, work: () => Promise<T>): Promise<T> {
  const client = await db.pool.connect()
  const key = JSON.stringify(['robustness', plan])
  try {
    const { rows } = await client.query<{ held: boolean }>(
      'select pg_try_advisory_lock(hashtextextended($1, 5)) as held',
      [key],
    )
    if (rows[0]?.held !== true)
      throw new AvouchError('locked', 'another process is at this run', {
        where: plan,
        fix: 'Wait until it has ended, or stop it first.',
      })
    try {
      return await work()
    } finally {
      await client.query('select pg_advisory_unlock(hashtextextended($1, 5))', [key])
    }
  } finally {
    client.release()
  }
}
