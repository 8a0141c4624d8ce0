import { generateKeyPairSync } from 'node:crypto'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { signingKey } from '../crypto/index.ts'
import type { Database } from '../db/database.ts'
import { evidenceMigrations } from '../evidence/migrations.ts'
import { openRecorder, type Recorder } from '../evidence/recorder.ts'
import { defineEvidence } from '../evidence/type.ts'
import { testBlobs, testDatabase } from '../testing/index.ts'
import { verifierKey } from './checkpoint.ts'
import { logMigrations } from './migrations.ts'
import { proofBundle } from './prove.ts'
import { publishCheckpoint } from './publish.ts'
import { type SealerParts, startSealer } from './sealer.ts'
import { findCheckpoint, readEntries } from './store.ts'
import { openTree } from './tile-store.ts'
import { leafHash, merkleRoot } from './tree.ts'

const note = defineEvidence('test/note/v1', {
  title: 'Note',
  schema: z.object({ n: z.number(), secret: z.string(), parts: z.record(z.string(), z.number()) }),
  open: ['n'],
  each: ['parts'],
})

const draft = (n: number) => ({
  type: note,
  about: { release: 'm@1' },
  fields: { n, secret: `s${n}`, parts: { a: n, b: 2 * n } },
})

describe('the log', () => {
  const logKey = signingKey('log', generateKeyPairSync('ed25519').privateKey)
  const evidenceKey = signingKey('evidence', generateKeyPairSync('ed25519').privateKey)
  const origin = 'example.test/log'
  let db: Database
  let blobs: Awaited<ReturnType<typeof testBlobs>>
  let recorder: Recorder
  let parts: SealerParts

  beforeAll(async () => {
    db = await testDatabase([logMigrations, evidenceMigrations])
    blobs = await testBlobs()
    recorder = openRecorder(db, { origin, now: () => new Date(), writable: () => {} })
    parts = {
      db,
      blobs,
      recorder,
      keys: async () => ({ log: logKey, evidence: evidenceKey }),
      origin,
      now: () => new Date(),
      logger: pino({ level: 'silent' }),
    }
  })
  afterAll(async () => {
    await db.close()
    await blobs.close()
  })

  it('certifies its evidence key first, then logs what is accepted', async () => {
    await db.kysely.transaction().execute((tx) => recorder.accept(tx, draft(1)))
    const sealer = startSealer(parts)
    const logged = await recorder.append(draft(2))
    await sealer.stop()
    expect(logged.index).toBe(2)
    const key = (await recorder.list({})).find((r) => r.index === 0)
    expect(key?.predicateType).toContain('core/key/v1')
  })

  it('keeps one order with two sealers competing and many writers', async () => {
    const before = (await findCheckpoint(db, 'signed'))!.size
    const sealers = [startSealer(parts), startSealer(parts)]
    const ids = (
      await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          db.kysely.transaction().execute((tx) =>
            recorder.acceptAll(
              tx,
              Array.from({ length: 30 }, (_, j) => draft(i * 100 + j)),
            ),
          ),
        ),
      )
    ).flat()
    const logged = await recorder.logged(ids.map((a) => a.id))
    await Promise.all(sealers.map((s) => s.stop()))
    expect(new Set(logged.map((l) => l.index)).size).toBe(600)
    const checkpoint = (await findCheckpoint(db, 'signed'))!
    expect(checkpoint.size).toBe(before + 600)
    const entries = await readEntries(db, 0, 0, 10_000)
    expect(merkleRoot(entries.map(leafHash)).equals(checkpoint.root)).toBe(true)
    expect((await openTree(db, blobs, 0).root(checkpoint.size)).equals(checkpoint.root)).toBe(true)
  })

  it('leaves nothing behind when the act that records it is rolled back', async () => {
    const before = (await recorder.list({})).length
    await expect(
      db.kysely.transaction().execute(async (tx) => {
        await recorder.accept(tx, draft(7))
        throw new Error('the act failed')
      }),
    ).rejects.toThrow('the act failed')
    expect((await recorder.list({})).length).toBe(before)
  })

  it('gives proof bundles that disclose only what is asked for', async () => {
    const record = (await recorder.list({ type: note }))[0]!
    const bundle = await proofBundle({ db, blobs }, [{ id: record.id, pointers: ['/parts/a'] }])
    expect(bundle.log).toBe(verifierKey(origin, logKey.publicKey))
    expect(bundle.evidence[0]!.disclosures.map((d) => [d.pointer, d.value])).toEqual([['/parts/a', 1]])
    expect(bundle.keys).toHaveLength(1)
  })

  it('refuses fields that do not fit their type', async () => {
    await expect(recorder.append({ ...draft(1), fields: { n: 'x' } as never })).rejects.toMatchObject({
      code: 'input',
    })
  })

  it('refuses a retraction by one', async () => {
    const record = (await recorder.list({ type: note }))[0]!
    await expect(recorder.append({ ...draft(1), retracts: record.id })).rejects.toMatchObject({
      code: 'forbidden',
    })
  })

  it('publishes a head whose every tile is readable', async () => {
    const published = await publishCheckpoint({ db, blobs, now: () => new Date() })
    const keys: string[] = []
    for await (const key of blobs.list('log/0/')) keys.push(key)
    expect(published.size).toBe(603)
    expect(keys.filter((k) => !k.includes('entries')).sort()).toEqual(
      ['log/0/tile/0/000', 'log/0/tile/0/001', 'log/0/tile/0/002.p/91', 'log/0/tile/1/000.p/2'].sort(),
    )
  })
})
