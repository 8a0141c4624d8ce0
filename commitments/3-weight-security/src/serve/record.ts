import { randomBytes } from 'node:crypto'
import type { Tx } from '@avouch/core/db'
import type { Installation } from '@avouch/core/installation'
import { spend } from '../egress/spend.ts'
import { chainHash, entryText, type ReadEntry } from './entry.ts'
import { insertRead, lastSealed, lockHead } from './store.ts'

/** The job that makes evidence of what was read. */
export const READS_JOB = 'weight-security/seal-reads'
/** Reads stand in the log after so long, or after so many, whichever comes first. */
export const SEAL_AFTER_MS = 60_000
export const SEAL_AFTER_READS = 10_000

export type Read = Omit<ReadEntry, 'number' | 'time' | 'salt'>

/**
 * Takes a read from the egress budgets and appends it to the record, both or neither; returns when that is durable, and
 * only then may plaintext be given out. A refused read costs nothing. Throws `limit` where a budget has too little left,
 * `database` where it cannot be written. `within` a transaction, it is durable with that.
 */
export async function recordRead(
  { db, now, work }: Pick<Installation, 'db' | 'now' | 'work'>,
  read: Read,
  within?: Tx,
): Promise<ReadEntry> {
  const append = async (tx: Tx): Promise<ReadEntry> => {
    const head = await lockHead(tx)
    // never before what stands there already: a clock set back must not make room in a budget
    const at = new Date(Math.max(now().getTime(), head.at.getTime()))
    const { person, environment, model, bytes } = read
    if (read.outcome === 'ok')
      await spend(tx, { person, environment: environment ?? 'unknown', model }, bytes, at)
    const number = head.number + 1
    const entry: ReadEntry = {
      ...read,
      number,
      time: at.toISOString(),
      salt: randomBytes(16).toString('hex'),
    }
    const text = entryText(entry)
    const { lease, object } = read
    await insertRead(tx, {
      ...{ number, at, lease, object, person, model, bytes },
      entry: text,
      hash: chainHash(head.hash, text),
    })
    const waiting = number - (await lastSealed(tx))
    if (waiting === 1)
      await work.add(
        READS_JOB,
        {},
        {
          tx,
          key: `weight-reads-${number}`,
          runAt: new Date(Date.now() + SEAL_AFTER_MS),
        },
      )
    else if (waiting % SEAL_AFTER_READS === 0) await work.add(READS_JOB, {}, { tx })
    return entry
  }
  return within ? append(within) : db.kysely.transaction().execute(append)
}
