import pino from 'pino'
import { openPool } from '../db/connection.ts'
import { overPool } from '../db/open.ts'
import type { Installation } from '../installation.ts'
import { openQueue } from './queue.ts'
import { startWorker } from './worker.ts'

/** A worker in a process of its own that begins a job and never ends it; it is there to be killed. */
const url = process.argv[2]!
const db = overPool(openPool(url, 4), url, async () => {})
const installation = {
  db,
  work: await openQueue(db),
  log: pino({ level: 'silent' }),
} as Partial<Installation>
await startWorker(installation as Installation, {
  shard: () => {
    process.send!('begun')
    return new Promise<void>(() => {})
  },
})
