import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { doctorDatabase } from './doctor.ts'
import { readPlace, removePlace } from './embedded/place.ts'
import { openDatabase } from './open.ts'

describe.runIf(process.platform !== 'win32')('the doctor', () => {
  let home: string
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'avouch-doctor-'))
  })
  afterEach(async () => {
    const place = await readPlace(home).catch(() => undefined)
    if (place !== undefined) await removePlace(place)
    await rm(home, { recursive: true, force: true })
  })
  const examine = async (databaseUrl?: string) =>
    Object.fromEntries((await doctorDatabase({ home, databaseUrl })).map((check) => [check.name, check]))

  it('finds a new home well and starts nothing', async () => {
    const checks = await examine()
    expect(Object.values(checks).filter(({ ok, name }) => !ok && name !== 'left-over databases')).toEqual([])
    expect(checks.database!.detail).toContain('none yet')
  })

  it('tells a running server from a stopped one, and lax modes', async () => {
    const db = await openDatabase({ home, databaseUrl: undefined })
    expect((await examine()).server!.detail).toMatch(/^PostgreSQL 18.* for 1 processes$/)
    await db.close()
    expect((await examine()).server!.detail).toContain('not running')
    const { data } = (await readPlace(home))!
    await chmod(data, 0o755)
    expect((await examine()).database).toMatchObject({ ok: false, fix: `chmod 700 ${data}` })
    await chmod(data, 0o700)
    await writeFile(join(data, 'PG_VERSION'), '12\n')
    expect((await examine()).database).toMatchObject({
      ok: false,
      detail: expect.stringContaining('PostgreSQL 12'),
    })
    await expect(openDatabase({ home, databaseUrl: undefined })).rejects.toMatchObject({ code: 'config' })
  })

  it('says what is damaged or in the way', async () => {
    await mkdir(join(home, 'database'))
    await writeFile(join(home, 'database/server.json'), '{"half":')
    expect((await examine()).database).toMatchObject({ ok: false, fix: expect.stringContaining('backup') })
    await rm(join(home, 'database'), { recursive: true })
    await rm(home, { recursive: true })
    await writeFile(home, '')
    expect((await examine()).home).toMatchObject({ ok: false, fix: expect.stringContaining('AVOUCH_HOME') })
  })

  it('says when an own PostgreSQL is not there, without its password', async () => {
    const { 'own PostgreSQL': check } = await examine('postgresql://someone:secret@127.0.0.1:1/avouch')
    expect(check).toMatchObject({ ok: false, fix: expect.stringContaining('AVOUCH_DATABASE_URL') })
    expect(JSON.stringify(check)).not.toContain('secret')
  })

  it.runIf(process.getuid?.() === 0)(
    'finds the database of a home that was removed by hand (needs root)',
    async () => {
      await (await openDatabase({ home, databaseUrl: undefined })).close()
      const place = (await readPlace(home))!
      await rm(join(home, 'database'), { recursive: true })
      try {
        expect((await examine())['left-over databases']).toMatchObject({
          ok: false,
          detail: expect.stringContaining(place.base),
        })
      } finally {
        await removePlace(place)
      }
    },
  )
})
