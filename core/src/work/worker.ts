import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Job, type Runner, run, type TaskList, type WorkerEvents } from 'graphile-worker'
import type pg from 'pg'
import { openPool } from '../db/connection.ts'
import { databaseError, reasonOf } from '../db/errors.ts'
import type { Installation } from '../installation.ts'
import type { Jobs } from './job.ts'
import { keepLiving } from './living.ts'
import { bridge } from './logger.ts'

export type WorkerOptions = {
  /** Jobs at once; default 4. */
  concurrency?: number
  /** Aborted to stop: running jobs get it as their signal, and what they leave undone is run again elsewhere. */
  signal?: AbortSignal
}

/** A worker that runs in this process until stopped. */
export type RunningWorker = {
  /** Stops taking jobs, aborts those running and waits for them. */
  stop(): Promise<void>
  /** Settles once it has stopped, however that came. */
  stopped: Promise<void>
}

/**
 * Takes jobs of the installation's queue and runs them by `jobs`. Names without a handler are left to other workers.
 * It outlives restarts of PostgreSQL. A handler that ends early because of its signal must throw; its job is then
 * given back as if never begun.
 */
export async function startWorker(
  installation: Installation,
  jobs: Jobs,
  { concurrency = 4, signal }: WorkerOptions = {},
): Promise<RunningWorker> {
  const ending = new AbortController()
  const stopSignal = signal === undefined ? ending.signal : AbortSignal.any([signal, ending.signal])
  const pool = openPool(installation.db.url, 4, { types: undefined, application_name: 'avouch worker' })
  const first = await runPool(installation, jobs, concurrency, pool, stopSignal).catch(async (error) => {
    await pool.end()
    throw databaseError(error, 'worker')
  })
  const stopped = supervise(
    first,
    () => runPool(installation, jobs, concurrency, pool, stopSignal),
    installation,
    stopSignal,
  ).finally(() => pool.end())
  return {
    async stop() {
      ending.abort()
      await stopped
    },
    stopped,
  }
}

/** graphile-worker gives up after some failed queries; begin again until asked to stop. */
async function supervise(
  first: () => Promise<void>,
  again: () => Promise<() => Promise<void>>,
  { log }: Installation,
  signal: AbortSignal,
): Promise<void> {
  let ended: (() => Promise<void>) | undefined = first
  for (let pause = 250; ; pause = Math.min(pause * 2, 5_000)) {
    try {
      ended ??= await again()
      pause = 250
      await ended()
    } catch (error) {
      if (!signal.aborted) log.error(`the worker stopped and is started again: ${reasonOf(error)}`)
    }
    if (signal.aborted) return
    ended = undefined
    await sleep(pause, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
  }
}

/**
 * Unbatched, graphile-worker 0.18 leaves the promise of "this job is done" to nobody, and a database that is away at
 * that moment ends the whole process; batched, it stops its pool in order, and we start another.
 */
const BATCHED = { completeJobBatchDelay: 0, failJobBatchDelay: 0 }

/** Starts graphile-worker once; what it returns waits for its end. */
async function runPool(
  installation: Installation,
  jobs: Jobs,
  concurrency: number,
  pool: pg.Pool,
  signal: AbortSignal,
): Promise<() => Promise<void>> {
  const gone = new AbortController()
  const events: WorkerEvents = new EventEmitter()
  let living: Promise<void> = Promise.resolve()
  events.on('pool:create', ({ workerPool }) => {
    living = keepLiving(installation.db.url, workerPool.id, installation.log, gone.signal)
  })
  const undone: Job[] = []
  let runner: Runner
  try {
    runner = await run({
      pgPool: pool,
      events,
      concurrency,
      taskList: taskList(installation, jobs, signal, undone),
      parsedCronItems: [],
      preset: { worker: BATCHED },
      noHandleSignals: true,
      pollInterval: 1_000,
      logger: bridge(installation.log),
    })
  } catch (error) {
    gone.abort()
    await living
    throw error
  }
  const stop = (): void => void runner.stop().catch(() => undefined)
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  return async () => {
    try {
      await runner.promise
    } finally {
      signal.removeEventListener('abort', stop)
      await giveBack(pool, undone).catch((error) =>
        installation.log.warn(`jobs cut short wait for their next try: ${reasonOf(error)}`),
      )
      gone.abort()
      await living
    }
  }
}

function taskList(installation: Installation, jobs: Jobs, signal: AbortSignal, undone: Job[]): TaskList {
  return Object.fromEntries(
    Object.entries(jobs).map(([name, handle]) => [
      name,
      async (payload, { job, abortSignal }) => {
        try {
          await handle(
            installation,
            payload,
            abortSignal === undefined ? signal : AbortSignal.any([signal, abortSignal]),
          )
        } catch (error) {
          if (signal.aborted) undone.push(job)
          throw error
        }
      },
    ]),
  )
}

/** A job cut short by our own stopping counts no attempt and waits for nothing. */
async function giveBack(pool: pg.Pool, undone: Job[]): Promise<void> {
  for (const job of undone)
    await pool.query(
      'SELECT graphile_worker.reschedule_jobs(ARRAY[$1]::bigint[], run_at := now(), attempts := $2)',
      [job.id, Math.max(0, job.attempts - 1)],
    )
}
