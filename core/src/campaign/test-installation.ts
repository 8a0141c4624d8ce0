import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { loadConfig } from '../config.ts'
import { signingKey } from '../crypto/index.ts'
import type { Database, Migrations } from '../db/database.ts'
import { AvouchError } from '../errors.ts'
import { evidenceMigrations, openRecorder } from '../evidence/index.ts'
import type { Installation } from '../installation.ts'
import { logMigrations, startSealer } from '../log/index.ts'
import { testBlobs, testDatabase, testDataKeys } from '../testing/index.ts'
import { campaignMigrations } from './migrations.ts'

/** An installation for tests: a fresh database with a sealer at work, no queue. `close` ends and removes all of it. */
export async function testInstallation(
  modules: Migrations[] = [],
  over: Database | undefined = undefined,
): Promise<Installation & { close(): Promise<void> }> {
  const db = over ?? (await testDatabase([logMigrations, evidenceMigrations, campaignMigrations, ...modules]))
  const blobs = await testBlobs()
  const home = await mkdtemp(join(tmpdir(), 'avouch-home-'))
  const now = (): Date => new Date()
  const log = pino({ level: 'silent' })
  const origin = 'example.test/log'
  const evidence = openRecorder(db, { origin, now, writable: () => {} })
  const keys = {
    log: signingKey('log', generateKeyPairSync('ed25519').privateKey),
    evidence: signingKey('evidence', generateKeyPairSync('ed25519').privateKey),
  }
  const sealer = startSealer({
    db,
    blobs,
    recorder: evidence,
    keys: async () => keys,
    origin,
    now,
    logger: log,
  })
  return {
    config: loadConfig({}, { home }),
    db,
    blobs,
    dataKeys: testDataKeys(),
    evidence,
    work: {
      add: async () => {
        throw new AvouchError('unavailable', 'a test installation has no queue')
      },
    },
    log,
    now,
    close: async () => {
      await sealer.stop()
      await db.close()
      await blobs.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}
