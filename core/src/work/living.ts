import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Logger } from 'pino'
import { reasonOf } from '../db/errors.ts'

/** First half of the two-part advisory lock that says "this worker lives"; the second is its id's hash. */
const LIVING = 4_600_002

/**
 * Two looks without a lock, this far apart, make a worker dead: one could fall between a restart of PostgreSQL and a
 * living worker's new session. So a killed worker's jobs are free within three pauses.
 */
const LOOK_EVERY_MS = 2_500

/** Selects the `id`s of workers that hold jobs or queues without the lock that says they live. */
export const LOCKED_BY_THE_DEAD = `
  WITH holder AS (
    SELECT DISTINCT locked_by AS id FROM graphile_worker._private_jobs WHERE locked_by IS NOT NULL
    UNION SELECT locked_by FROM graphile_worker._private_job_queues WHERE locked_by IS NOT NULL)
  SELECT id FROM holder WHERE NOT EXISTS (
    SELECT FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND classid::bigint = ${LIVING}
      AND objid::bigint = hashtext(id)::bigint & 4294967295
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`

/**
 * Holds the lock that says this worker lives, and frees the jobs of workers that no longer do, until aborted. Where
 * its session breaks it takes a new one.
 */
export async function keepLiving(
  url: string,
  workerId: string,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const client = new pg.Client({ connectionString: url, application_name: 'avouch worker' })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.query('SELECT pg_advisory_lock($1, hashtext($2))', [LIVING, workerId])
      await watch(client, log, signal)
    } catch (error) {
      if (!signal.aborted) log.warn(`the worker's session broke and is taken anew: ${reasonOf(error)}`)
      await sleep(250, undefined, { signal }).catch(() => undefined)
    } finally {
      await client.end().catch(() => undefined)
    }
  }
}

async function watch(client: pg.Client, log: Logger, signal: AbortSignal): Promise<void> {
  let suspected = new Set<string>()
  while (!signal.aborted) {
    const { rows } = await client.query<{ id: string }>(LOCKED_BY_THE_DEAD)
    const dead = rows.map((row) => row.id).filter((id) => suspected.has(id))
    if (dead.length > 0) {
      await client.query('SELECT graphile_worker.force_unlock_workers($1::text[])', [dead])
      log.warn({ workers: dead }, 'freed the jobs of workers that died')
    }
    suspected = new Set(rows.map((row) => row.id))
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined)
  }
}
