import { generateKeyPairSync } from 'node:crypto'
import { formatAddCheckpoint, parseNote, parseVerifierKey, verifyCosignatures } from '@avouch/verify'
import Fastify, { type FastifyInstance } from 'fastify'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { signingKey } from '../crypto/index.ts'
import type { Database } from '../db/database.ts'
import { evidenceMigrations } from '../evidence/migrations.ts'
import { openRecorder, type Recorder } from '../evidence/recorder.ts'
import { defineEvidence } from '../evidence/type.ts'
import { testBlobs, testDatabase } from '../testing/index.ts'
import { signCheckpoint, verifierKey } from './checkpoint.ts'
import { addWitness, collectCosignatures } from './collect-cosignatures.ts'
import { logMigrations } from './migrations.ts'
import { startSealer } from './sealer.ts'
import { findCheckpoint } from './store.ts'
import { serveWitness, witnessFor, witnessKey } from './witness.ts'

const note = defineEvidence('test/note/v1', { title: 'Note', schema: z.object({ n: z.number() }) })
const newKey = () => signingKey('key', generateKeyPairSync('ed25519').privateKey)

describe('witnessing', () => {
  const logKey = newKey()
  const witnessSigner = newKey()
  const witness = { ...witnessKey('witness.example.test', witnessSigner), key: witnessSigner }
  const origin = 'example.test/log'
  let db: Database
  let other: Database
  let blobs: Awaited<ReturnType<typeof testBlobs>>
  let recorder: Recorder
  let sealer: ReturnType<typeof startSealer>
  let app: FastifyInstance
  let url: string

  beforeAll(async () => {
    db = await testDatabase([logMigrations, evidenceMigrations])
    other = await testDatabase([logMigrations, evidenceMigrations])
    blobs = await testBlobs()
    recorder = openRecorder(db, { origin, now: () => new Date(), writable: () => {} })
    const evidence = newKey()
    sealer = startSealer({
      db,
      blobs,
      recorder,
      keys: async () => ({ log: logKey, evidence }),
      origin,
      now: () => new Date(),
      logger: pino({ level: 'silent' }),
    })
    await recorder.append({ type: note, about: {}, fields: { n: 1 } })
    app = Fastify()
    await app.register(serveWitness({ db: other, witness: async () => witness, now: () => new Date() }), {
      prefix: '/witness',
    })
    url = `${await app.listen({ port: 0, host: '127.0.0.1' })}/witness`
  })
  afterAll(async () => {
    await app.close()
    await sealer.stop()
    await db.close()
    await other.close()
    await blobs.close()
  })

  it('is refused by a witness that does not know the log', async () => {
    await addWitness(db, url, witness.vkey)
    const { answers } = await collectCosignatures({ db, blobs, now: () => new Date() })
    expect(answers).toMatchObject([{ ok: false, detail: expect.stringContaining('404') }])
  })

  it('collects cosignatures that verify, over growing heads', async () => {
    await witnessFor(other, verifierKey(origin, logKey.publicKey))
    for (let round = 0; round < 3; round++) {
      const { answers, checkpoint } = await collectCosignatures({ db, blobs, now: () => new Date() })
      expect(answers.map((a) => a.detail)).toEqual([`cosigned size ${checkpoint.size}`])
      const kept = (await findCheckpoint(db, { size: checkpoint.size }))!
      const held = await verifyCosignatures(parseNote(kept.note), [await parseVerifierKey(witness.vkey)])
      expect(held).toHaveLength(1)
      expect(kept.witnessed_at).not.toBeNull()
      await db.kysely
        .transaction()
        .execute((tx) =>
          recorder.acceptAll(
            tx,
            Array.from({ length: 200 }, (_, n) => ({ type: note, about: {}, fields: { n } })),
          ),
        )
        .then((all) => recorder.logged(all.map((a) => a.id)))
    }
  })

  it('puts the witnessed head into what is recorded next', async () => {
    const witnessed = (await findCheckpoint(db, 'witnessed'))!
    const prepared = await recorder.prepare({ type: note, about: {}, fields: { n: 5 } })
    expect(JSON.parse(prepared.statement.toString()).predicate.head).toEqual({
      origin,
      size: witnessed.size,
      root: witnessed.root.toString('base64'),
    })
  })

  it('refuses a fork, a foreign signature, a wrong proof and junk', async () => {
    const post = async (body: string) =>
      (
        await app.inject({
          method: 'POST',
          url: '/witness/add-checkpoint',
          payload: Buffer.from(body),
          headers: { 'content-type': 'application/octet-stream' },
        })
      ).statusCode
    const known = (await findCheckpoint(db, 'witnessed'))!
    const fork = signCheckpoint(origin, known.size, Buffer.alloc(32, 7), logKey)
    expect(await post(formatAddCheckpoint({ oldSize: known.size, proof: [], checkpoint: fork }))).toBe(409)
    expect(
      await post(
        formatAddCheckpoint({
          oldSize: known.size,
          proof: [],
          checkpoint: signCheckpoint(origin, known.size + 1, Buffer.alloc(32), newKey()),
        }),
      ),
    ).toBe(403)
    expect(
      await post(
        formatAddCheckpoint({
          oldSize: known.size,
          proof: [new Uint8Array(32)],
          checkpoint: signCheckpoint(origin, known.size + 1, Buffer.alloc(32), logKey),
        }),
      ),
    ).toBe(422)
    expect(await post(formatAddCheckpoint({ oldSize: known.size - 1, proof: [], checkpoint: fork }))).toBe(
      409,
    )
    expect(await post('old x\n\njunk')).toBe(400)
  })

  it('goes on when a witness is down', async () => {
    await addWitness(db, 'http://127.0.0.1:1/witness', witnessKey('down.example.test', newKey()).vkey)
    const { answers } = await collectCosignatures({ db, blobs, now: () => new Date() })
    expect(answers.map((a) => a.ok).sort()).toEqual([false, true])
  })
})
