import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chown, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openQueue } from '../work/queue.ts'
import { doctorDatabase } from './doctor.ts'
import { knownUser } from './embedded/cluster.ts'
import { databaseError } from './errors.ts'
import { openDatabase } from './open.ts'

const run = promisify(execFile)
/** Debian's place for each major version. */
const debian = '/usr/lib/postgresql'
const version = existsSync(debian)
  ? (await readdir(debian)).filter((name) => Number(name) >= 14).sort()[0]
  : undefined

describe.runIf(version !== undefined)(`an own PostgreSQL ${version} (needs ${debian})`, () => {
  let dir: string
  let stop: () => Promise<void>
  const url = (database: string, user = 'owner') =>
    `postgresql://${user}:secret@localhost/${database}?host=${dir}`

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'avouch-own-'))
    const user = process.getuid?.() === 0 ? await knownUser() : undefined
    await writeFile(join(dir, 'password'), 'secret')
    if (user !== undefined)
      for (const path of [join(dir, 'password'), dir]) await chown(path, user.uid, user.gid)
    const bin = join(debian, version!, 'bin')
    const data = join(dir, 'data')
    await run(
      join(bin, 'initdb'),
      [
        '-D',
        data,
        '-U',
        'owner',
        `--pwfile=${join(dir, 'password')}`,
        '-A',
        'scram-sha-256',
        '-E',
        'UTF8',
        '--locale=C',
        '-N',
      ],
      { cwd: '/', ...user },
    )
    const args = [
      '-D',
      data,
      '-k',
      dir,
      '-c',
      'listen_addresses=',
      '-c',
      'fsync=off',
      '-c',
      'max_connections=12',
    ]
    const child = spawn(join(bin, 'postgres'), args, { cwd: '/', stdio: 'ignore', ...user })
    stop = () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve())
        child.kill('SIGQUIT')
      })
    for (;;) {
      const client = new pg.Client(url('postgres'))
      try {
        await client.connect()
        await client.query('CREATE DATABASE good')
        await client.query(`CREATE DATABASE latin ENCODING 'SQL_ASCII' TEMPLATE template0`)
        await client.query(`CREATE ROLE guest LOGIN PASSWORD 'secret'`)
        await client.end()
        return
      } catch {
        await client.end().catch(() => undefined)
        await sleep(50)
      }
    }
  })
  afterAll(async () => {
    await stop()
    await rm(dir, { recursive: true, force: true })
  })

  it('carries modules and the queue', async () => {
    const db = await openDatabase({ home: '/nonexistent', databaseUrl: url('good') })
    try {
      await db.migrate([{ schema: 'm', steps: { '0001-start': 'CREATE TABLE m.t (n int8)' } }])
      await (await openQueue(db)).add('job', { n: 1 }, { key: 'k' })
      expect((await db.pool.query('SELECT count(*) AS n FROM graphile_worker.jobs')).rows).toEqual([{ n: 1 }])
    } finally {
      await db.close()
    }
    expect(existsSync('/nonexistent')).toBe(false)
    const [check] = await doctorDatabase({ home: '/nonexistent', databaseUrl: url('good') })
    expect(check).toMatchObject({ ok: true, detail: expect.stringContaining(`PostgreSQL ${version}`) })
  })

  it.each([
    ['latin', 'owner', /SQL_ASCII/],
    ['good', 'guest', /may not create schemas/],
    ['absent', 'owner', /no such database/],
    ['good', 'stranger', /refused the password/],
  ])('refuses the database %s as %s, saying why', async (database, user, why) => {
    const opening = openDatabase({ home: '/nonexistent', databaseUrl: url(database, user) })
    await expect(opening).rejects.toMatchObject({ code: 'config', message: expect.stringMatching(why) })
  })

  it('says when all connections are taken', async () => {
    const clients = Array.from({ length: 12 }, () => new pg.Client(url('good')))
    try {
      const outcomes = await Promise.allSettled(clients.map((client) => client.connect()))
      expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true)
      await expect(
        openDatabase({ home: '/nonexistent', databaseUrl: url('good', 'guest') }),
      ).rejects.toMatchObject({
        code: 'database',
        message: expect.stringContaining('no connection left'),
      })
    } finally {
      await Promise.allSettled(clients.map((client) => client.end()))
    }
  })

  it('says when it is read-only', async () => {
    const db = await openDatabase({ home: '/nonexistent', databaseUrl: url('good') })
    try {
      const refused = db.pool.query('BEGIN READ ONLY; CREATE TABLE t (n int)')
      const error = databaseError(await refused.catch((reason: unknown) => reason))
      expect(error).toMatchObject({ code: 'database', message: expect.stringContaining('read-only') })
    } finally {
      await db.close()
    }
  })

  it.runIf(process.getuid?.() === 0)('says when its disk is full (needs root and mount)', async (test) => {
    const tiny = join(dir, 'tiny')
    await mkdir(tiny)
    const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', tiny]).catch(
      () => undefined,
    )
    if (mounted === undefined) return test.skip('mount is not allowed here')
    const db = await openDatabase({ home: '/nonexistent', databaseUrl: url('good') })
    try {
      const { uid, gid } = await knownUser()
      await chown(tiny, uid, gid)
      await db.pool.query(`CREATE TABLESPACE tiny LOCATION '${tiny}'`)
      await db.pool.query('CREATE TABLE filled (text text) TABLESPACE tiny')
      const filling = db.pool.query(
        `INSERT INTO filled SELECT repeat('x', 1000) FROM generate_series(1, 10000)`,
      )
      const error = databaseError(await filling.catch((reason: unknown) => reason))
      expect(error).toMatchObject({ code: 'disk', fix: expect.stringContaining('Free space') })
      expect((await db.pool.query('SELECT count(*) AS n FROM filled')).rows).toEqual([{ n: 0 }])
      await db.pool.query('DROP TABLE filled')
      await db.pool.query('DROP TABLESPACE tiny')
    } finally {
      await db.close()
      await run('umount', ['-l', tiny])
    }
  })
})
