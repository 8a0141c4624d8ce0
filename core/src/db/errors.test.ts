import { readFile } from 'node:fs/promises'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { AvouchError } from '../errors.ts'
import { testDatabase } from '../testing/index.ts'
import { databaseError, mayPass } from './errors.ts'

const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('database errors', () => {
  it('pass an AvouchError unchanged', () => {
    const error = new AvouchError('input', 'as it was')
    expect(databaseError(error)).toBe(error)
  })

  it('tell a missing server from a missing file', async () => {
    const server = await caught(new pg.Client({ host: '/nonexistent' }).connect())
    expect(databaseError(server)).toMatchObject({
      code: 'database',
      message: expect.stringContaining('cannot be reached'),
    })
    expect(mayPass(server)).toBe(true)
    const file = await caught(readFile('/nonexistent/file'))
    expect(databaseError(file)).toMatchObject({ code: 'disk', message: expect.stringContaining('missing') })
    expect(mayPass(file)).toBe(false)
  })

  it('know what a retry may cure', async () => {
    const db = await testDatabase()
    try {
      const wrong = await caught(db.pool.query('SELECT nonsense'))
      expect(mayPass(wrong)).toBe(false)
      expect(databaseError(wrong)).toMatchObject({ code: 'database' })
      const ended = await caught(db.pool.query('SELECT pg_terminate_backend(pg_backend_pid())'))
      expect(mayPass(ended)).toBe(true)
      expect(mayPass(databaseError(ended))).toBe(true)
      expect((await db.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    } finally {
      await db.close()
    }
    expect(mayPass(new TypeError('a defect'))).toBe(false)
  })
})
