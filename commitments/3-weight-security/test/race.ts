import type { Installation } from '@avouch/core/installation'
import { sql } from 'kysely'

/**
 * Runs an act twice at once so that both have read before either writes to `table`: writes there wait until both wait, for
 * the table or for one another. Whoever does not keep the two apart lets both through.
 */
export async function raceToWrite<T>(
  { db }: Pick<Installation, 'db'>,
  table: string,
  act: () => Promise<T>,
): Promise<PromiseSettledResult<T>[]> {
  const both: Promise<T>[] = []
  let done = 0
  const count = (): void => void done++
  await db.kysely.transaction().execute(async (tx) => {
    // reading goes on beside it
    await sql`lock table ${sql.table(table)} in exclusive mode`.execute(tx)
    both.push(act(), act())
    for (const one of both) one.then(count, count)
    for (;;) {
      const { rows } = await sql<{ waiting: number }>`select count(*)::int as waiting from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`.execute(db.kysely)
      // one that ended before it came to write waits for nothing
      if (rows[0]!.waiting + done >= both.length) return
    }
  })
  return Promise.allSettled(both)
}
