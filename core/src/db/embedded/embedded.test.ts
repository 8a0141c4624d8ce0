import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../open.ts'
import { knownUser } from './cluster.ts'
import { readPlace, removePlace } from './place.ts'
import { runningPostmaster, stopPostmaster } from './postmaster.ts'
import { urlTo } from './server.ts'

const HOLDER = fileURLToPath(new URL('./holder.fixture.ts', import.meta.url))
const root = process.getuid?.() === 0
/** A number without a line in /etc/passwd. */
const NAMELESS = 64_990

describe.runIf(process.platform !== 'win32')('the embedded PostgreSQL', () => {
  let home: string
  let top: string
  const children: ChildProcess[] = []

  const newHome = async () => {
    top = await mkdtemp(join(tmpdir(), 'avouch-home-'))
    home = join(top, 'home')
  }
  const stop = async () => {
    for (const child of children.splice(0))
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL')
        await once(child, 'exit')
      }
    const place = await readPlace(home)
    if (place !== undefined) await stopPostmaster(place)
  }
  const removeHome = async () => {
    const place = await readPlace(home)
    if (place !== undefined) await removePlace(place)
    await rm(top, { recursive: true, force: true })
  }

  const open = () => openDatabase({ home, databaseUrl: undefined })
  const marks = async (): Promise<string[]> => {
    const db = await open()
    try {
      const { rows } = await db.pool.query<{ text: string }>('SELECT text FROM held.mark ORDER BY text')
      return rows.map((row) => row.text)
    } finally {
      await db.close()
    }
  }
  const hold = (
    marker: string,
    user: { uid?: number; gid?: number } = {},
    stderr: 'inherit' | 'pipe' = 'inherit',
  ) => {
    const child = fork(HOLDER, [home, marker], {
      execArgv: [],
      stdio: ['ignore', 'inherit', stderr, 'ipc'],
      ...user,
    })
    children.push(child)
    const said = child.stderr?.toArray()
    const errors = async () => Buffer.concat((await said) ?? []).toString()
    const ready = Promise.race([
      once(child, 'message').then(([message]) => message as { url: string }),
      once(child, 'exit').then(([code]): never => {
        throw new Error(`the holder ended with ${code}`)
      }),
    ])
    ready.catch(() => undefined)
    const close = async () => {
      child.send('close')
      await once(child, 'exit')
    }
    return { child, ready, close, errors }
  }
  const postmaster = async () => runningPostmaster((await readPlace(home))!)
  const kill = async (signal: NodeJS.Signals) => {
    const pid = (await postmaster())!
    process.kill(pid, signal)
    while ((await postmaster()) === pid) await sleep(5)
  }

  // One home for all of these: to make a database takes longer than what most of them look at.
  describe('of one home', () => {
    beforeAll(newHome)
    afterEach(stop)
    afterAll(removeHome)

    it('is made once by processes that open at the same moment, and stops with the last', async () => {
      const holders = ['a', 'b', 'c'].map((marker) => hold(marker))
      const urls = await Promise.all(holders.map(({ ready }) => ready))
      expect(new Set(urls.map(({ url }) => url)).size).toBe(1)
      await holders[0]!.close()
      await holders[1]!.close()
      expect(await postmaster()).toBeGreaterThan(1)
      await holders[2]!.close()
      expect(await postmaster()).toBeUndefined()
      expect(await marks()).toEqual(['a', 'b', 'c'])
    })

    it('keeps a committed row through kill -9 of the server, under a holder that goes on', async () => {
      const db = await open()
      try {
        await db.pool.query('CREATE TABLE kept (n int8); INSERT INTO kept VALUES (1)')
        const first = await postmaster()
        await kill('SIGKILL')
        const answer = async (): Promise<unknown[]> => {
          for (;;)
            try {
              return (await db.pool.query('SELECT n FROM kept')).rows
            } catch {
              await sleep(20)
            }
        }
        expect(await answer()).toEqual([{ n: 1 }])
        expect(await postmaster()).not.toBe(first)
      } finally {
        await db.close()
      }
      expect(await postmaster()).toBeUndefined()
    })

    it('adopts the server of a holder killed with -9, and stops it though that one never closed', async () => {
      const { child, ready } = hold('killed')
      await ready
      const first = await postmaster()
      child.kill('SIGKILL')
      await once(child, 'exit')
      expect(await postmaster()).toBe(first)
      expect(await marks()).toContain('killed')
      // PostgreSQL may take a moment to notice that the dead one's session is gone; whoever leaves after that stops it.
      while ((await postmaster()) !== undefined) await marks()
      expect(await postmaster()).toBeUndefined()
    })

    it('starts though the process id of a killed server belongs to another program now', async () => {
      const { child, ready } = hold('before')
      await ready
      const place = (await readPlace(home))!
      child.kill('SIGKILL')
      await once(child, 'exit')
      await kill('SIGKILL')
      const user = root ? { uid: (await stat(place.data)).uid, gid: (await stat(place.data)).gid } : {}
      const other = spawn('sleep', ['60'], { ...user, stdio: 'ignore' })
      children.push(other)
      await once(other, 'spawn')
      for (const path of [join(place.data, 'postmaster.pid'), join(place.socket, '.s.PGSQL.5432.lock')])
        await writeFile(path, (await readFile(path, 'utf8')).replace(/^\d+/, String(other.pid)))
      expect(await marks()).toContain('before')
      expect(other.exitCode).toBeNull()
    })

    it('does initdb again when it was interrupted, and makes its socket folder again after a cleaner', async () => {
      const { close, ready } = hold('kept')
      await ready
      await close()
      const place = (await readPlace(home))!
      await rm(place.data, { recursive: true })
      await rm(place.socket, { recursive: true })
      const workshop = join(place.base, '..', `.making-${place.id}`)
      await mkdir(join(workshop, 'data'), { recursive: true })
      await writeFile(join(workshop, 'data/PG_VERSION'), '18\n')
      const db = await open()
      expect((await db.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
      await db.close()
      expect(existsSync(workshop)).toBe(false)
    })

    it('lets nobody in without the password, and listens on its private socket only', async () => {
      const db = await open()
      try {
        const place = (await readPlace(home))!
        const wrong = new pg.Client(urlTo({ ...place, password: 'guess' }))
        await expect(wrong.connect()).rejects.toMatchObject({ code: '28P01' })
        const { rows } = await db.pool.query(
          `SELECT current_setting('listen_addresses') AS tcp, current_setting('fsync') AS fsync,
                  current_setting('synchronous_commit') AS commit, current_setting('data_checksums') AS sums,
                  (SELECT count(*) FROM pg_hba_file_rules WHERE auth_method <> 'scram-sha-256') AS other`,
        )
        expect(rows).toEqual([{ tcp: '', fsync: 'on', commit: 'on', sums: 'on', other: 0 }])
        expect((await stat(place.socket)).mode & 0o777).toBe(0o700)
        expect((await stat(place.data)).mode & 0o777).toBe(0o700)
        expect((await stat(join(home, 'database/server.json'))).mode & 0o777).toBe(0o600)
      } finally {
        await db.close()
      }
    })

    it('does not follow a socket folder that someone else put in its place', async () => {
      await (await open()).close()
      const place = (await readPlace(home))!
      await rm(place.socket, { recursive: true })
      await mkdir(join(top, 'elsewhere'))
      execFileSync('ln', ['-s', join(top, 'elsewhere'), place.socket])
      const db = await open()
      try {
        expect((await readPlace(home))!.socket).not.toBe(place.socket)
      } finally {
        await db.close()
        await rm(place.socket)
      }
    })
  })

  describe('of homes of other kinds', () => {
    beforeEach(newHome)
    afterEach(async () => {
      await stop()
      await removeHome()
    })

    it('works in a home with a very long path', async () => {
      home = join(top, 'a'.repeat(120), 'b'.repeat(120), 'ein Ordner mit “Zeichen”')
      const db = await open()
      expect((await db.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
      await db.close()
    })

    it.runIf(root)('works as an ordinary user', async () => {
      const user = await knownUser()
      await chmod(top, 0o755)
      await mkdir(home)
      await chown(home, user.uid, user.gid)
      const { close, ready } = hold('ordinary', user)
      await ready
      const place = (await readPlace(home))!
      expect(place.data.startsWith(home)).toBe(true)
      expect((await stat(place.data)).uid).toBe(user.uid)
      await close()
      expect(await postmaster()).toBeUndefined()
    })

    it.runIf(root)('tells a user without a name what initdb wants', async () => {
      await chmod(top, 0o755)
      await mkdir(home)
      await chown(home, NAMELESS, NAMELESS)
      const { child, errors } = hold('nameless', { uid: NAMELESS, gid: NAMELESS }, 'pipe')
      await once(child, 'exit')
      expect(await errors()).toContain('Add a line for this user to /etc/passwd')
    })

    it('says which folder when the home cannot be written', async () => {
      await mkdir(home)
      await writeFile(join(home, 'database'), 'in the way')
      await expect(open()).rejects.toMatchObject({ name: 'AvouchError', where: join(home, 'database') })
      await rm(join(home, 'database'))
    })

    it.runIf(root)('says when there is no space for a new database (needs root and mount)', async (test) => {
      const tiny = join(top, 'tiny')
      await mkdir(tiny)
      await chmod(top, 0o755)
      try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', tiny], { stdio: 'ignore' })
      } catch {
        return test.skip('mount is not allowed here')
      }
      try {
        const base = join(tiny, 'base')
        await expect(openDatabase({ home, databaseUrl: undefined }, { base })).rejects.toMatchObject({
          code: 'disk',
        })
        expect(await readdir(tiny)).toEqual(['base'])
        expect(await readdir(base)).toEqual(['home'])
      } finally {
        execFileSync('umount', ['-l', tiny])
      }
    })
  })
})
