import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../testing/index.ts'
import type { Database } from './database.ts'

describe('migrate', () => {
  let db: Database
  beforeAll(async () => {
    db = await testDatabase()
  })
  afterAll(() => db.close())

  const start = 'CREATE TABLE m.one (id int8 PRIMARY KEY); INSERT INTO m.one VALUES (1)'

  it('applies each step once, however many processes ask', async () => {
    const modules = [{ schema: 'm', steps: { '0001-start': start } }]
    await Promise.all([db.migrate(modules), db.migrate(modules), db.migrate(modules)])
    expect((await db.pool.query('SELECT id FROM m.one')).rows).toEqual([{ id: 1 }])
  })

  it('refuses an edited, an unknown and a late step', async () => {
    await db.migrate([{ schema: 'm', steps: { '0001-start': start, '0003-more': 'SELECT 1' } }])
    const edited = { '0001-start': `${start} `, '0003-more': 'SELECT 1' }
    await expect(db.migrate([{ schema: 'm', steps: edited }])).rejects.toMatchObject({
      code: 'conflict',
      where: 'm/0001-start',
    })
    await expect(db.migrate([{ schema: 'm', steps: { '0001-start': start } }])).rejects.toMatchObject({
      code: 'conflict',
      where: 'm/0003-more',
    })
    const late = { '0001-start': start, '0002-late': 'SELECT 1', '0003-more': 'SELECT 1' }
    await expect(db.migrate([{ schema: 'm', steps: late }])).rejects.toMatchObject({
      code: 'conflict',
      where: 'm/0002-late',
    })
  })

  it('leaves nothing of a step that fails', async () => {
    const steps = { '0001-half': 'CREATE TABLE n.half (id int); SELECT nonsense' }
    await expect(db.migrate([{ schema: 'n', steps }])).rejects.toMatchObject({
      code: 'database',
      where: 'n/0001-half',
    })
    expect((await db.pool.query(`SELECT to_regclass('n.half') AS found`)).rows).toEqual([{ found: null }])
    await db.migrate([{ schema: 'n', steps: { '0001-half': 'CREATE TABLE n.half (id int)' } }])
  })

  it('refuses schemas that are not a module’s own', async () => {
    for (const schema of ['public', 'pg_x', 'graphile_worker', 'x"; DROP', ''])
      await expect(db.migrate([{ schema, steps: {} }])).rejects.toMatchObject({ code: 'internal' })
  })
})

describe('columns', () => {
  it('reads int8 as exact numbers, or not at all', async () => {
    const db = await testDatabase()
    try {
      const { rows } = await db.pool.query(
        `SELECT 9007199254740991::int8 AS n, ARRAY[1, NULL]::int8[] AS a, '\\x00ff'::bytea AS b, now() AS t`,
      )
      expect(rows[0]).toMatchObject({ n: Number.MAX_SAFE_INTEGER, a: [1, null], b: Buffer.from([0, 255]) })
      expect(rows[0].t).toBeInstanceOf(Date)
      await expect(db.pool.query('SELECT 9007199254740992::int8 AS n')).rejects.toMatchObject({
        code: 'database',
      })
    } finally {
      await db.close()
    }
  })
})
