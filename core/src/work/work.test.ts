import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../db/database.ts'
import type { Installation } from '../installation.ts'
import { testDatabase } from '../testing/index.ts'
import type { Queue } from './job.ts'
import { LOCKED_BY_THE_DEAD } from './living.ts'
import { openQueue } from './queue.ts'
import { startWorker } from './worker.ts'

const BODY = fileURLToPath(new URL('./killed-worker.fixture.ts', import.meta.url))

describe('work', () => {
  let db: Database
  let queue: Queue
  let installation: Installation

  beforeAll(async () => {
    db = await testDatabase([
      { schema: 'w', steps: { '0001-start': 'CREATE TABLE w.done (n int8, by text)' } },
    ])
    queue = await openQueue(db)
    installation = {
      db,
      work: queue,
      log: pino({ level: 'silent' }),
    } as Partial<Installation> as Installation
  })
  afterAll(() => db.close())

  const until = async (count: number, what = 'w.done'): Promise<void> => {
    for (;;) {
      const { rows } = await db.pool.query<{ n: number }>(`SELECT count(*) AS n FROM ${what}`)
      if (rows[0]!.n === count) return
      await sleep(20)
    }
  }
  const left = async (): Promise<number> =>
    (await db.pool.query<{ n: number }>('SELECT count(*) AS n FROM graphile_worker.jobs')).rows[0]!.n

  it('adds a job with the transaction or not at all, and a key once', async () => {
    await expect(
      db.kysely.transaction().execute(async (tx) => {
        await queue.add('count', { n: 1 }, { tx })
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect(await left()).toBe(0)
    await db.kysely.transaction().execute((tx) => queue.add('count', { n: 2 }, { tx, key: 'two' }))
    await queue.add('count', { n: 3 }, { key: 'two' })
    const { rows } = await db.pool.query('SELECT payload FROM graphile_worker._private_jobs')
    expect(rows).toEqual([{ payload: { n: 2 } }])
  })

  it('runs jobs, tries failed ones again, and stops', async () => {
    let failures = 0
    const worker = await startWorker(installation, {
      count: async ({ db }, payload) => {
        if (failures++ === 0) throw new Error('the first try fails')
        await db.pool.query('INSERT INTO w.done VALUES ($1)', [(payload as { n: number }).n])
      },
    })
    try {
      await until(1)
      expect((await db.pool.query('SELECT n FROM w.done')).rows).toEqual([{ n: 2 }])
    } finally {
      await worker.stop()
    }
    expect(await left()).toBe(0)
  })

  it('gives a job back untouched when the worker is told to stop', async () => {
    const stop = new AbortController()
    let begun = () => {}
    const running = new Promise<void>((resolve) => {
      begun = resolve
    })
    const worker = await startWorker(
      installation,
      {
        long: async (_, __, signal) => {
          begun()
          await sleep(60_000, undefined, { signal })
        },
      },
      { signal: stop.signal },
    )
    await queue.add('long', {})
    await running
    while ((await db.pool.query(LOCKED_BY_THE_DEAD)).rows.length > 0) await sleep(10)
    stop.abort()
    await worker.stopped
    const { rows } = await db.pool.query(
      'SELECT attempts, locked_by, run_at <= now() AS ready FROM graphile_worker._private_jobs',
    )
    expect(rows).toEqual([{ attempts: 0, locked_by: null, ready: true }])
    await db.pool.query('DELETE FROM graphile_worker._private_jobs')
  })

  it('frees the job of a worker killed with -9, also in a serial queue', async () => {
    await db.pool.query('DELETE FROM w.done')
    await queue.add('shard', { n: 1 }, { queue: 'serial' })
    await queue.add('shard', { n: 2 }, { queue: 'serial' })
    const child = fork(BODY, [db.url], { stdio: 'inherit', execArgv: [] })
    try {
      expect((await once(child, 'message'))[0]).toBe('begun')
    } finally {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    const began = Date.now()
    const worker = await startWorker(installation, {
      shard: async ({ db }, payload) => {
        await db.pool.query('INSERT INTO w.done VALUES ($1)', [(payload as { n: number }).n])
      },
    })
    try {
      await until(2)
      expect(Date.now() - began).toBeLessThan(10_000)
    } finally {
      await worker.stop()
    }
  })
})
