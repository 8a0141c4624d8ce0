import { defineCommitment } from '@avouch/core/commitment'
import { defineEvidence } from '@avouch/core/evidence'
import type { OpenInstallation } from '@avouch/core/open'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { react, reactionMigrations, reactionsOf } from './reactions.ts'
import { startServer } from './server.ts'
import { openTestInstallation } from './testing.ts'

const bell = defineEvidence('rooms/bell/v1', { title: 'Bell', schema: z.object({ tone: z.string() }) })
let heard: unknown[] = []
let installation: OpenInstallation

const rooms = (reacts: Record<string, string>) =>
  defineCommitment({
    number: 99,
    name: 'rooms',
    title: 'Rooms',
    promise: 'x',
    obligations: [],
    jobs: async () => ({ 'rooms/hear': async (_installation, payload) => void heard.push(payload) }),
    reacts,
  })

beforeAll(async () => {
  installation = await openTestInstallation()
  await installation.db.migrate([reactionMigrations])
})
afterAll(() => installation.close())

it('runs a job once for each evidence of its type, before and after the start', async () => {
  const ring = (tone: string) => installation.evidence.append({ type: bell, fields: { tone }, about: {} })
  const before = await ring('a')
  const server = await startServer(installation, {
    only: ['worker'],
    commitments: [rooms({ [bell.predicateType]: 'rooms/hear' })],
  })
  await expect.poll(() => heard, { timeout: 10_000 }).toEqual([{ evidence: before.id }])
  const after = await ring('b')
  await expect
    .poll(() => heard, { timeout: 10_000 })
    .toEqual([{ evidence: before.id }, { evidence: after.id }])
  await server.close()
})

it('queues for two who look at once exactly what is new', async () => {
  heard = []
  for (let i = 0; i < 5; i++)
    await installation.evidence.append({ type: bell, fields: { tone: `${i}` }, about: {} })
  const reactions = [{ type: bell.predicateType, job: 'rooms/hear' }]
  const counts = await Promise.all([react(installation, reactions), react(installation, reactions)])
  expect(counts[0] + counts[1]).toBe(5)
  expect(await react(installation, reactions)).toBe(0)
})

it('refuses a reaction with a job that the commitment does not have', async () => {
  await expect(reactionsOf([rooms({ x: 'others/job' })])).rejects.toMatchObject({ code: 'internal' })
})
