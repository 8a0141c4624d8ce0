import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { testDatabase } from '@avouch/core/testing'
import { describe, expect, it } from 'vitest'
import { lackingForTokens, makeToken } from '../src/kek/softhsm.fixture.ts'

const lacking = lackingForTokens()

describe.skipIf(lacking !== undefined)(`weights under a token${lacking ? ` (needs ${lacking})` : ''}`, () => {
  it('that is gone in the middle of a read: what is open goes on, nothing more is opened, nothing is left', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'avouch-token-'))
    const database = await testDatabase()
    try {
      for (const name of ['tokens', 'away']) await mkdir(join(dir, name))
      const { uri, env } = await makeToken(dir)
      const fixture = join(import.meta.dirname, 'token-read.fixture.ts')
      const { stdout } = await promisify(execFile)(process.execPath, [fixture, dir, uri, database.url], {
        env,
      })
      expect(JSON.parse(stdout)).toEqual({
        ...{ whole: true, wentOn: true, gone: 'unavailable', left: [], recorded: 0, back: 'done' },
        written: true,
      })
    } finally {
      await database.close()
      await rm(dir, { recursive: true, force: true })
    }
  })
})
