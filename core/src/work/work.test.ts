import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../db/database.ts'
import { readPlace, removePlace } from '../db/embedded/place.ts'
import { runningPostmaster } from '../db/embedded/postmaster.ts'
import { openDatabase } from '../db/open.ts'
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

describe.runIf(process.platform !== 'win32')('a worker whose PostgreSQL is killed with -9', () => {
  it('goes on with the next server, and runs the job it had begun again', async () => {
    const home = await mkdtemp(join(tmpdir(), 'avouch-worker-'))
    const db = await openDatabase({ home, databaseUrl: undefined })
    const place = (await readPlace(home))!
    try {
      await db.migrate([{ schema: 'w', steps: { '0001-start': 'CREATE TABLE w.done (n int8 PRIMARY KEY)' } }])
      const work = await openQueue(db)
      const log = pino({ level: 'silent' })
      let tries = 0
      const worker = await startWorker({ db, work, log } as Partial<Installation> as Installation, {
        shard: async ({ db }, payload) => {
          if (tries++ === 0) process.kill((await runningPostmaster(place))!, 'SIGKILL')
          await db.pool.query('INSERT INTO w.done VALUES ($1) ON CONFLICT DO NOTHING', [
            (payload as { n: number }).n,
          ])
        },
      })
      try {
        await work.add('shard', { n: 1 }, { queue: 'serial' })
        const done = async (): Promise<boolean> => {
          try {
            const { rows } = await db.pool.query<{ done: number; left: number }>(
              'SELECT (SELECT count(*) FROM w.done) AS done, (SELECT count(*) FROM graphile_worker.jobs) AS left',
            )
            return rows[0]!.done === 1 && rows[0]!.left === 0
          } catch {
            return false
          }
        }
        while (!(await done())) await sleep(50)
        expect(tries).toBeGreaterThan(0)
      } finally {
        await worker.stop()
      }
    } finally {
      await db.close()
      await removePlace(place)
      await rm(home, { recursive: true, force: true })
    }
  })
})
