import type { Logger } from 'pino'
import type { BlobStore } from './blob/store.ts'
import type { Config } from './config.ts'
import type { DataKeys } from './crypto/data-key.ts'
import type { Database } from './db/database.ts'
import type { Recorder } from './evidence/recorder.ts'
import type { Queue } from './work/job.ts'

/** The running installation: what every act is given, and nothing global beside it. */
export type Installation = {
  config: Config
  db: Database
  blobs: BlobStore
  /** Wraps and unwraps data keys; raw requests and responses are encrypted with them. */
  dataKeys: DataKeys
  evidence: Recorder
  work: Queue
  log: Logger
  /** Now. Tests give their own. */
  now(): Date
}
