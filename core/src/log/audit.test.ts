import { createHash, generateKeyPairSync } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { signingKey } from '../crypto/index.ts'
import type { Database } from '../db/database.ts'
import { eraseEvidence, legalHoldEvidence } from '../evidence/erase.ts'
import { evidenceMigrations } from '../evidence/migrations.ts'
import { openRecorder, type Recorder } from '../evidence/recorder.ts'
import { defineEvidence } from '../evidence/type.ts'
import { testBlobs, testDatabase } from '../testing/index.ts'
import { auditLog } from './audit.ts'
import { logMigrations } from './migrations.ts'
import { publishCheckpoint } from './publish.ts'
import { startSealer } from './sealer.ts'

const note = defineEvidence('test/note/v1', {
  title: 'Note',
  schema: z.object({ n: z.number(), text: z.string(), name: z.string().optional() }),
  open: ['n'],
})

/** The record at a leaf, as a condition on evidence.record. */
const at = (leaf: number): string => `id = (select evidence from log.leaf where index = ${leaf})`

describe('auditLog', () => {
  let db: Database
  let blobs: Awaited<ReturnType<typeof testBlobs>>
  let recorder: Recorder
  let sealer: ReturnType<typeof startSealer>
  const bulk = { root: 'ab'.repeat(32), leaves: 3 }
  let bulkAnswer: { root: string; problems: string[] } = { root: bulk.root, problems: [] }
  const audit = () => auditLog({ db, blobs }, { things: async () => bulkAnswer })
  let attached: string

  beforeAll(async () => {
    db = await testDatabase([logMigrations, evidenceMigrations])
    blobs = await testBlobs()
    recorder = openRecorder(db, { origin: 'example.test/log', now: () => new Date(), writable: () => {} })
    // a sealer that has to begin again asks for its keys again, and must get the same ones
    const keys = {
      log: signingKey('log', generateKeyPairSync('ed25519').privateKey),
      evidence: signingKey('evidence', generateKeyPairSync('ed25519').privateKey),
    }
    sealer = startSealer({
      db,
      blobs,
      recorder,
      keys: async () => keys,
      origin: 'example.test/log',
      now: () => new Date(),
      logger: pino({ level: 'silent' }),
    })
    const attachment = Buffer.from('an attachment')
    await blobs.put('attachments/one', attachment)
    const accepted = await db.kysely.transaction().execute(async (tx) => [
      ...(await recorder.acceptAll(
        tx,
        Array.from({ length: 300 }, (_, n) => ({
          type: note,
          about: { release: 'm@1' },
          fields: { n, text: `text ${n}`, name: 'a name' },
        })),
      )),
      await recorder.accept(tx, {
        type: note,
        about: {},
        fields: { n: 1, text: 'bulk' },
        bulk: { ...bulk, records: 'things/1' },
      }),
      await recorder.accept(tx, {
        type: note,
        about: {},
        fields: { n: 2, text: 'attached' },
        attachments: [
          {
            name: 'one',
            mediaType: 'text/plain',
            size: attachment.length,
            sha256: createHash('sha256').update(attachment).digest('hex'),
            blob: 'attachments/one',
          },
        ],
      }),
    ])
    attached = accepted.at(-1)!.id
    await recorder.logged(accepted.map((a) => a.id))
    await publishCheckpoint({ db, blobs, now: () => new Date() })
  })
  afterAll(async () => {
    await sealer.stop()
    await db.close()
    await blobs.close()
  })

  it('finds nothing wrong in a log that is right', async () => {
    const result = await audit()
    expect(result.problems).toEqual([])
    expect(result.checked).toMatchObject({ leaves: 303, evidence: 303, attachments: 1, bulk: 1, waiting: 0 })
    expect(result.checked.checkpoints).toBeGreaterThan(0)
  })

  const columns: [string, string, string][] = [
    ['evidence.record', 'statement', at(7)],
    ['log.leaf', 'leaf_key', 'index = 8'],
    ['evidence.record', 'digest', at(9)],
    ['log.leaf', 'entry', 'index = 10'],
    ['log.node', 'hash', 'level = 1 and index = 0'],
    ['log.checkpoint', 'root', 'size = (select max(size) from log.checkpoint)'],
  ]
  it.each(columns)('finds one flipped bit in %s.%s', async (table, column, where) => {
    const flip = sql.raw(
      `update ${table} set ${column} = set_bit(${column}, 5, 1 - get_bit(${column}, 5)) where ${where}`,
    )
    await flip.execute(db.kysely)
    const broken = await audit()
    await flip.execute(db.kysely)
    expect(broken.ok).toBe(false)
    expect((await audit()).ok).toBe(true)
  })

  it.each([
    ['fields', "replace(fields, 'text 11', 'text 12')", at(12)],
    ['release', "'other@1'", at(13)],
    ['recorded_at', "recorded_at + interval '1 second'", at(14)],
    ['erased_at', 'now()', at(16)],
  ])('finds an altered %s', async (column, value, where) => {
    const before = await sql<{
      v: unknown
    }>`select ${sql.raw(column)}::text as v from evidence.record where ${sql.raw(where)}`.execute(db.kysely)
    await sql.raw(`update evidence.record set ${column} = ${value} where ${where}`).execute(db.kysely)
    const broken = await audit()
    const cast = column === 'recorded_at' || column === 'erased_at' ? 'timestamptz' : 'text'
    await sql`update evidence.record set ${sql.raw(column)} = ${before.rows[0]!.v}::${sql.raw(cast)} where ${sql.raw(where)}`.execute(
      db.kysely,
    )
    expect(broken.ok).toBe(false)
    expect((await audit()).problems).toEqual([])
  })

  it('finds altered signatures', async () => {
    const set = (value: string) =>
      sql`update log.leaf set signatures = ${value}::jsonb where index = 15`.execute(db.kysely)
    const found = await sql<{
      v: string
    }>`select signatures::text as v from log.leaf where index = 15`.execute(db.kysely)
    await set(found.rows[0]!.v.replace('"sig": "', '"sig": "A'))
    expect((await audit()).ok).toBe(false)
    await set(found.rows[0]!.v)
    expect((await audit()).problems).toEqual([])
  })

  it('finds one flipped byte in every tile, bundle and attachment', async () => {
    const keys = ['attachments/one']
    for await (const key of blobs.list('log/')) keys.push(key)
    expect(keys.length).toBeGreaterThanOrEqual(6)
    for (const key of keys) {
      const path = join(blobs.dir, key)
      const right = await readFile(path)
      const wrong = Buffer.from(right)
      wrong[wrong.length >> 1]! ^= 1
      await writeFile(path, wrong)
      const broken = await audit()
      await writeFile(path, right)
      expect(broken.problems.map((p) => p.where).join(), key).toContain(
        key.startsWith('log/') ? key : attached,
      )
    }
  })

  it('finds bulk records that no longer give the signed root', async () => {
    bulkAnswer = { root: 'cd'.repeat(32), problems: [] }
    const broken = await audit()
    bulkAnswer = { root: bulk.root, problems: [] }
    expect(broken.problems).toMatchObject([{ what: 'bulk', where: 'things/1' }])
  })

  it('erases a field, then the whole, leaves tombstones, and stays right', async () => {
    const record = (await recorder.list({ type: note }))[20]!
    const byField = await eraseEvidence({ db, blobs, evidence: recorder }, record.id, {
      pointers: ['/name'],
      reason: 'asked for',
    })
    await recorder.logged([byField.id])
    expect((await recorder.get(record.id))!.fields).toEqual({ n: 20, text: 'text 20' })
    const whole = await eraseEvidence({ db, blobs, evidence: recorder }, record.id, {
      pointers: 'all',
      reason: 'asked for',
    })
    await recorder.logged([whole.id])
    expect(await recorder.get(record.id)).toMatchObject({ state: 'erased', fields: {} })
    expect((await audit()).problems).toEqual([])
  })

  it('erases nothing under a legal hold', async () => {
    const record = (await recorder.list({ type: note }))[21]!
    await recorder.append({
      type: legalHoldEvidence,
      about: {},
      fields: { evidence: [record.id], reason: 'a dispute' },
    })
    await expect(
      eraseEvidence({ db, blobs, evidence: recorder }, record.id, { pointers: 'all', reason: 'x' }),
    ).rejects.toMatchObject({ code: 'forbidden' })
  })
})
