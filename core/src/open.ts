import { mkdir } from 'node:fs/promises'
import pino, { type Logger } from 'pino'
import { authMigrations } from './auth/migrations.ts'
import { openBlobs } from './blob/index.ts'
import { campaignMigrations } from './campaign/migrations.ts'
import type { Commitment } from './commitment.ts'
import type { Config } from './config.ts'
import { openDataKeys } from './crypto/index.ts'
import { type Migrations, openDatabase } from './db/index.ts'
import { AvouchError } from './errors.ts'
import { evidenceMigrations, openRecorder } from './evidence/index.ts'
import { recordSpool } from './gate/hold.ts'
import type { Installation } from './installation.ts'
import { loadSealingKeys, logMigrations, startSealer } from './log/index.ts'
import { readOnlyReason } from './log/restored.ts'
import { keepTrust } from './log/trust.ts'
import { studyMigrations } from './study/migrations.ts'
import { openQueue } from './work/index.ts'

export type OpenInstallation = Installation & {
  /** Stops sealing and closes everything; what was accepted and not yet sealed is sealed by the next process. */
  close(): Promise<void>
}

export type OpenInstallationOptions = {
  /** All commitments whose tables must exist. */
  commitments: Commitment[]
  /** Whether this process stands by as the sealer; default true. */
  seal?: boolean
  /** Where log lines go; default: JSON on stderr, warnings and above. */
  log?: Logger
  now?: () => Date
}

/**
 * Opens an installation: its folder, database (started if need be), tables, blobs, keys, recorder and sealer. Any
 * number of processes may have the same one open.
 */
export async function openInstallation(
  config: Config,
  options: OpenInstallationOptions,
): Promise<OpenInstallation> {
  const now = options.now ?? (() => new Date())
  const log =
    options.log ??
    pino({ name: 'avouch', level: process.env.AVOUCH_LOG ?? 'warn', redact: REDACTED }, pino.destination(2))
  await mkdir(config.home, { recursive: true, mode: 0o700 }).catch((error: Error) => {
    throw new AvouchError('disk', `the home folder cannot be made: ${error.message}`, {
      where: config.home,
      fix: 'Set AVOUCH_HOME to a folder that can be written.',
      cause: error,
    })
  })
  const db = await openDatabase(config)
  try {
    await db.migrate(await installationMigrations(options.commitments))
    const blobs = await openBlobs(config.blobs)
    const readOnly = await readOnlyReason(config.home)
    const writable = (): void => {
      if (readOnly !== undefined) throw readOnly
    }
    const evidence = openRecorder(db, { origin: config.origin, now, writable })
    const installation: Installation = {
      config,
      db,
      blobs,
      dataKeys: await openDataKeys(config),
      evidence,
      work: await openQueue(db),
      log,
      now,
    }
    const sealer =
      options.seal === false || readOnly !== undefined
        ? undefined
        : startSealer({
            db,
            blobs,
            recorder: evidence,
            keys: async (existing) => {
              const keys = await loadSealingKeys(config, existing)
              await keepTrust(config, existing?.name ?? config.origin, keys.log.publicKey)
              return keys
            },
            origin: config.origin,
            now,
            logger: log,
          })
    if (sealer)
      await recordSpool(installation).catch((error) =>
        log.error({ err: error }, 'spooled holds could not be recorded'),
      )
    return {
      ...installation,
      close: async () => {
        await sealer?.stop()
        await db.close()
      },
    }
  } catch (error) {
    await db.close()
    throw error
  }
}

/** The steps that make the tables of an installation of these commitments, in the order in which they are taken. */
export async function installationMigrations(commitments: Commitment[]): Promise<Migrations[]> {
  const modules = await Promise.all(commitments.map((commitment) => commitment.migrations?.()))
  return [
    logMigrations,
    evidenceMigrations,
    campaignMigrations,
    studyMigrations,
    authMigrations,
    ...modules.filter((m) => m !== undefined),
  ]
}

/** Never in a log line, wherever they stand. */
const REDACTED = [
  '*.password',
  '*.token',
  '*.secret',
  '*.authorization',
  '*.cookie',
  'headers.authorization',
  'headers.cookie',
]
