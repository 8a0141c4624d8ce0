import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { signingKey } from '../crypto/index.ts'
import type { Database } from '../db/database.ts'
import { evidenceMigrations } from '../evidence/migrations.ts'
import { openRecorder, type Recorder } from '../evidence/recorder.ts'
import { defineEvidence } from '../evidence/type.ts'
import type { Installation } from '../installation.ts'
import { testBlobs, testDatabase } from '../testing/index.ts'
import { auditLog } from './audit.ts'
import { signCheckpoint } from './checkpoint.ts'
import { compareRestored } from './compare.ts'
import { logMigrations } from './migrations.ts'
import { proofBundle } from './prove.ts'
import { publishCheckpoint } from './publish.ts'
import { readOnlyReason, restoredMark } from './restored.ts'
import { startSealer } from './sealer.ts'
import { findCheckpoint, readHead } from './store.ts'

const note = defineEvidence('test/note/v1', { title: 'Note', schema: z.object({ n: z.number() }) })
const newKey = () => signingKey('key', generateKeyPairSync('ed25519').privateKey)

describe('compareRestored', () => {
  const origin = 'example.test/log'
  const keys = { log: newKey(), evidence: newKey() }
  let home: string
  let db: Database
  let blobs: Awaited<ReturnType<typeof testBlobs>>
  let recorder: Recorder
  let installation: Installation
  const seal = () =>
    startSealer({
      db,
      blobs,
      recorder,
      keys: async () => keys,
      origin,
      now: () => new Date(),
      logger: pino({ level: 'silent' }),
    })
  const restored = () => writeFile(restoredMark(home), '{}')

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'avouch-compare-'))
    db = await testDatabase([logMigrations, evidenceMigrations])
    blobs = await testBlobs()
    recorder = openRecorder(db, { origin, now: () => new Date(), writable: () => {} })
    installation = {
      config: { home, origin },
      db,
      blobs,
      evidence: recorder,
      now: () => new Date(),
    } as unknown as Installation
    const sealer = seal()
    for (let n = 0; n < 5; n++) await recorder.append({ type: note, about: {}, fields: { n } })
    await sealer.stop()
  })
  afterAll(async () => {
    await db.close()
    await blobs.close()
    await rm(home, { recursive: true, force: true })
  })

  it('is read-only until compared, and says how to', async () => {
    await restored()
    expect(await readOnlyReason(home)).toMatchObject({
      code: 'locked',
      fix: expect.stringContaining('restore'),
    })
    await expect(
      compareRestored(installation, { checkpoint: undefined, nothingPublished: false }),
    ).rejects.toMatchObject({ code: 'usage' })
    await compareRestored(installation, { checkpoint: undefined, nothingPublished: true })
    expect(await readOnlyReason(home)).toBeUndefined()
  })

  it('must be compared once anything was published', async () => {
    await publishCheckpoint({ db, blobs, now: () => new Date() })
    await restored()
    await expect(
      compareRestored(installation, { checkpoint: undefined, nothingPublished: true }),
    ).rejects.toMatchObject({ code: 'usage' })
  })

  it('goes on where the outside saw a beginning of it', async () => {
    const seen = (await findCheckpoint(db, 'published'))!
    expect(
      await compareRestored(installation, { checkpoint: seen.note, nothingPublished: false }),
    ).toMatchObject({ outcome: 'continued' })
  })

  it('refuses another history, and a checkpoint of another log', async () => {
    await restored()
    const fork = signCheckpoint(origin, 3, Buffer.alloc(32, 1), keys.log)
    await expect(
      compareRestored(installation, { checkpoint: fork, nothingPublished: false }),
    ).rejects.toMatchObject({ code: 'proof' })
    const foreign = signCheckpoint(origin, 3, Buffer.alloc(32, 1), newKey())
    await expect(
      compareRestored(installation, { checkpoint: foreign, nothingPublished: false }),
    ).rejects.toMatchObject({ code: 'proof' })
    await expect(stat(restoredMark(home))).resolves.toBeDefined()
  })

  it('opens a new origin where it is behind; its first leaf commits to the lost head', async () => {
    const lost = signCheckpoint(origin, 50, Buffer.alloc(32, 9), keys.log)
    const outcome = await compareRestored(installation, { checkpoint: lost, nothingPublished: false })
    expect(outcome).toMatchObject({ outcome: 'new-origin', says: expect.stringContaining('44 are lost') })
    const sealer = seal()
    const after = await recorder.append({ type: note, about: {}, fields: { n: 99 } })
    await sealer.stop()
    expect(await readHead(db)).toMatchObject({ epoch: 1, origin: 'example.test/log/2', size: 3 })
    const first = (await recorder.list({})).filter((r) => r.epoch === 1).sort((a, b) => a.index! - b.index!)
    expect(first.map((r) => [r.index, r.predicateType.split('/evidence/')[1]])).toEqual([
      [0, 'core/origin/v1'],
      [1, 'core/key/v1'],
      [2, 'test/note/v1'],
    ])
    expect(first[0]!.fields.previous).toMatchObject({ origin, size: 50 })
    const bundle = await proofBundle({ db, blobs }, [{ id: after.id, pointers: 'all' }])
    expect(bundle.checkpoint).toContain('example.test/log/2\n3\n')
    expect((await auditLog({ db, blobs }, {})).problems).toEqual([])
  })
})
