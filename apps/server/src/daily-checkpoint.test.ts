import { findCheckpoint } from '@avouch/core/log'
import type { OpenInstallation } from '@avouch/core/open'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PUBLISHING_HOUR, publishEachDay } from './daily-checkpoint.ts'
import { openTestInstallation, signedIn } from './testing.ts'

let installation: OpenInstallation
beforeAll(async () => {
  installation = await openTestInstallation()
})
afterAll(() => installation.close())

it('publishes when the clock passes the hour, and not before', async () => {
  await signedIn(installation, ['reader'])
  await expect.poll(() => findCheckpoint(installation.db, 'signed'), { timeout: 10_000 }).toBeDefined()
  const hour = Date.UTC(2030, 0, 1, PUBLISHING_HOUR)
  const from = (moment: number) => {
    const began = performance.now()
    return { ...installation, now: () => new Date(moment + performance.now() - began) }
  }
  const early = publishEachDay(from(hour + 1))
  expect(await findCheckpoint(installation.db, 'published')).toBeUndefined()
  early()
  const stop = publishEachDay(from(hour - 100))
  await expect.poll(() => findCheckpoint(installation.db, 'published'), { timeout: 10_000 }).toBeDefined()
  stop()
})
