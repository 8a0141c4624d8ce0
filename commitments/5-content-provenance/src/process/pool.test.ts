import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { reload, unload } from './parcels.ts'
import { openPool, type PoolOptions } from './pool.ts'
import { sharedRoom } from './shared-room.ts'

const open = (given: Partial<PoolOptions> = {}) =>
  openPool({
    module: new URL('./misbehaving.fixture.ts', import.meta.url),
    processes: 1,
    waiting: 8,
    seconds: 30,
    heapMib: 64,
    memoryMib: 1_024,
    roomBytes: 100,
    ...given,
  })

/** Whether this system can take the network from a process, and bind it to another. */
const canBeHeld =
  spawnSync('/bin/sh', [
    '-c',
    '{ unshare --net true || unshare --user --map-current-user --net true; } && setpriv --pdeathsig KILL true',
  ]).status === 0

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries === 500) throw new Error('it does not come')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('processes for bytes of strangers', () => {
  it('what a job throws is thrown, and whatever ends a process ends its own job alone', async () => {
    const pool = open()
    const asked = ['throws', 'fills', 'leaves', 'crashes', 'hoards', 'kills'].map((job) =>
      pool.ask(job, []).catch((error: unknown) => error),
    )
    const after = pool.ask('echo', [new Uint8Array([7])])
    const [thrown, filled, ...ended] = await Promise.all(asked)
    expect(thrown).toMatchObject({ code: 'input', message: 'it is none', where: 'here' })
    expect(filled).toMatchObject({ code: 'limit', message: expect.stringContaining('more memory') })
    for (const one of ended)
      expect(one).toMatchObject({ code: 'limit', message: expect.stringContaining('ended the process') })
    expect(await after).toEqual(new Uint8Array([7]))
  })

  it('bytes come and go beside messages, whole and in order, however many', async () => {
    const pool = open({ processes: 2 })
    const bytes = (count: number, seed: number) =>
      Uint8Array.from({ length: count }, (_, at) => (at * seed) >> 3)
    const nested = { short: bytes(7, 3), long: [bytes(4_096, 9), null, bytes(200_001, 7)] }
    const given = [bytes(900_000, 5), nested]
    const answers = await Promise.all([1, 2, 3].map(() => pool.ask('echo', [given])))
    for (const answer of answers) expect(isDeepStrictEqual(answer, given)).toBe(true)
    expect(isDeepStrictEqual(await pool.ask('echo', [bytes(70_000, 3)]), bytes(70_000, 3))).toBe(true)
  })

  it('an answer whose bytes are announced for no place of it, or for too large a one, is none', async () => {
    const pool = open()
    for (const job of ['misplaces', 'announces'])
      await expect(pool.ask(job, [])).rejects.toMatchObject({
        code: 'limit',
        message: expect.stringContaining('no answer'),
      })
    expect(await pool.ask('echo', ['next'])).toBe('next')
  })

  it('a job may ask for room several times at once', async () => {
    await expect(open({ seconds: 5 }).ask('grabs', [10, 20, 30])).resolves.toBe(3)
  })

  it('where no process can be started it says so each time, and goes on when one can', async () => {
    const pool = open()
    vi.stubEnv('TMPDIR', '/nowhere/at/all')
    try {
      for (let tries = 0; tries < 3; tries++)
        await expect(pool.ask('echo', [tries])).rejects.toMatchObject({
          code: 'unavailable',
          message: expect.stringContaining('no process can be started'),
        })
    } finally {
      vi.unstubAllEnvs()
    }
    expect(await pool.ask('echo', ['next'])).toBe('next')
  })

  it('a job that does not end is ended', async () => {
    const pool = open({ seconds: 1 })
    await expect(pool.ask('spins', [])).rejects.toMatchObject({
      code: 'limit',
      message: expect.stringContaining('longer than 1 s'),
    })
    expect(await pool.ask('echo', ['next'])).toBe('next')
  })

  it('one that was taken over has no network and no secrets, and is neither kept alive nor given more than one signature', async () => {
    const server = createServer(() => {}).listen(0, '127.0.0.1')
    await once(server, 'listening')
    process.env.EXAMPLE_SECRET = 'example'
    try {
      const pool = open()
      if (canBeHeld)
        expect(await pool.ask('reaches', [(server.address() as { port: number }).port])).toBe('not reached')
      expect(await pool.ask('knows', [])).not.toContain('EXAMPLE_SECRET')
      const calls = { sign: async (text: string) => `signed ${text}` }
      expect(await pool.ask('asks', ['sign'], { calls })).toEqual([
        'signed one',
        expect.stringContaining('asked for sign'),
      ])
      await expect(pool.ask('asks', ['hasOwnProperty'], { calls })).rejects.toThrow(
        'asked for hasOwnProperty',
      )
      await expect(pool.ask('stalls', [], { seconds: 1 })).rejects.toMatchObject({ code: 'limit' })
      await expect(pool.ask('lies', [])).rejects.toMatchObject({ code: 'limit' })
      const folders: unknown[] = []
      const told = async (_pid: number, folder: string) => folders.push(folder)
      await expect(pool.ask('litters', [], { calls: { told }, seconds: 2 })).rejects.toMatchObject({
        code: 'limit',
      })
      await until(() => folders.length === 1 && !existsSync(String(folders[0])))
    } finally {
      delete process.env.EXAMPLE_SECRET
      server.close()
    }
  })

  it.runIf(canBeHeld)('whatever it is busy with, it ends with the program that started it', async () => {
    const program = spawn(
      process.execPath,
      [fileURLToPath(new URL('./orphaned.fixture.ts', import.meta.url))],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    const [said] = await once(program.stdout, 'data')
    const pid = Number(said)
    expect(isAlive(pid)).toBe(true)
    program.kill('SIGKILL')
    await until(() => !isAlive(pid))
  })

  it('a job that is stopped, or waits when it is, ends; the next is done', async () => {
    const pool = open()
    const stop = new AbortController()
    const stopped = ['takes', 'echo'].map((job) =>
      pool.ask(job, [0, 60_000], { signal: stop.signal }).catch((error: unknown) => error),
    )
    stop.abort()
    for (const one of await Promise.all(stopped))
      expect(one).toMatchObject({ code: 'unavailable', message: expect.stringContaining('stopped') })
    expect(await pool.ask('echo', ['next'])).toBe('next')
  })

  it('more than may wait are refused, and those that wait are not', async () => {
    const pool = open({ waiting: 2 })
    const answers = await Promise.allSettled([1, 2, 3, 4].map((one) => pool.ask('echo', [one])))
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected'])
    expect(answers[3]).toMatchObject({ reason: { code: 'unavailable' } })
  })

  it('jobs wait for room that others have, and it does not count as their time', async () => {
    const pool = open({ processes: 2, seconds: 3 })
    const [first, second] = (await Promise.all([
      pool.ask('takes', [60, 1_700]),
      pool.ask('takes', [60, 1_700]),
    ])) as [number[], number[]]
    const [earlier, later] = first[0]! < second[0]! ? [first, second] : [second, first]
    expect(later[0]!).toBeGreaterThanOrEqual(earlier[1]!)
  })
})

describe('parcels', () => {
  it('are taken out of a value that is left as it was, and go back only where it was left empty', () => {
    const long = new Uint8Array(5_000)
    const value = { kept: 'text', list: [long, 1], date: new Date(7) }
    const { rest, parcels, loads } = unload(value)
    expect(rest).toEqual({ kept: 'text', list: [null, 1], date: new Date(7) })
    expect(value.list[0]).toBe(long)
    expect(loads).toEqual([long])
    expect(reload(rest, parcels, loads)).toEqual({ value })
    for (const at of [['kept'], ['list', '7'], ['__proto__', 'polluted'], ['constructor']])
      expect(reload({ kept: 'text', list: [1] }, [{ at, bytes: 5_000 }], loads)).toBeUndefined()
    expect(unload(long)).toEqual({ rest: null, parcels: [{ at: [], bytes: 5_000 }], loads: [long] })
    expect(reload(null, [{ at: [], bytes: 5_000 }], [long])).toEqual({ value: long })
  })
})

describe('room', () => {
  it('is given in turn, to the large when they are alone, and comes back with whoever leaves', () => {
    const room = sharedRoom(100)
    const told: string[] = []
    const enter = (name: string, bytes: number) => {
      const guest = room.guest()
      guest.enter(bytes, () => told.push(name))
      return guest
    }
    const one = enter('one', 60)
    const large = enter('large', 500)
    const small = enter('small', 10)
    expect(told).toEqual(['one'])
    // who has some is not kept waiting
    one.enter(70, () => told.push('one again'))
    expect(told).toEqual(['one', 'one again'])
    one.leave()
    expect(told.at(-1)).toBe('large')
    const gone = enter('gone', 10)
    gone.leave()
    large.leave()
    expect(told.at(-1)).toBe('small')
    small.leave()
    enter('last', 100)
    expect(told.at(-1)).toBe('last')
    expect(told).not.toContain('gone')
  })
})
