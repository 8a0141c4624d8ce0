import { rm } from 'node:fs/promises'
import { parseVerifierKey, type VerifiedCheckpoint, verifyCheckpoint } from '@avouch/verify'
import { sql } from 'kysely'
import { AvouchError } from '../errors.ts'
import { openRecorder } from '../evidence/recorder.ts'
import type { Installation } from '../installation.ts'
import { verifierKey } from './checkpoint.ts'
import { originEvidence } from './keys.ts'
import { restoredMark } from './restored.ts'
import { findCheckpoint, type Head, readHead } from './store.ts'
import { openTree } from './tile-store.ts'

/** `continued`: the log goes on as it was. `new-origin`: it was behind, so a new one was opened. `says` is a sentence. */
export type Comparison = { outcome: 'continued' | 'new-origin'; says: string }

/**
 * Compares a restored log with the last head that the outside has seen, and lets the installation be written to again.
 * Where the restored log is behind, going on under the old name would fork it: a new origin is opened whose first leaf
 * commits to the head that was lost. Throws `proof` where the two differ, `usage` where there is nothing to compare.
 */
export async function compareRestored(
  installation: Installation,
  given: { checkpoint: string | undefined; nothingPublished: boolean; origin?: string },
): Promise<Comparison> {
  const head = await readHead(installation.db)
  if (head === undefined) throw new AvouchError('not-found', 'there is no log here to compare')
  if (given.checkpoint === undefined) {
    await refuseWhereSeen(installation, given.nothingPublished)
    await rm(restoredMark(installation.config.home), { force: true })
    return {
      outcome: 'continued',
      says: `Nothing was ever published or witnessed; the log of ${head.size} leaves goes on.`,
    }
  }
  const outside = await verifyCheckpoint(given.checkpoint, await parseVerifierKey(head.key)).catch(
    (cause: Error) => {
      throw new AvouchError('proof', `this is no checkpoint of this log: ${cause.message}`, {
        where: head.origin,
        cause,
      })
    },
  )
  if (outside.size > head.size) return openNext(installation, head, outside, given.origin)
  const root = await openTree(installation.db, installation.blobs, head.epoch).root(outside.size)
  if (!root.equals(outside.root))
    throw new AvouchError(
      'proof',
      `at size ${outside.size} the restored log has another root than the one that was seen outside`,
      {
        where: head.origin,
        fix: 'One of the two was altered. Keep both, do not write, and find out which: `avouch log audit`.',
      },
    )
  await rm(restoredMark(installation.config.home), { force: true })
  return {
    outcome: 'continued',
    says: `The restored log of ${head.size} leaves begins with the head of size ${outside.size} that was seen outside; it goes on.`,
  }
}

async function refuseWhereSeen(installation: Installation, nothingPublished: boolean): Promise<void> {
  const seen =
    (await findCheckpoint(installation.db, 'published')) ??
    (await findCheckpoint(installation.db, 'witnessed'))
  if (seen !== undefined)
    throw new AvouchError(
      'usage',
      `this log was published or witnessed up to size ${seen.size} at least, so it must be compared`,
      {
        fix: 'Give the last checkpoint that a witness or a reader holds.',
      },
    )
  if (!nothingPublished)
    throw new AvouchError('usage', 'a checkpoint to compare with is missing', {
      fix: 'Give one, or say --nothing-published where none ever left this installation.',
    })
}

async function openNext(
  installation: Installation,
  head: Head,
  outside: VerifiedCheckpoint,
  wanted: string | undefined,
): Promise<Comparison> {
  const epoch = head.epoch + 1
  const name = wanted ?? `${head.origin.replace(/\/\d+$/, '')}/${epoch + 1}`
  const { key } = await parseVerifierKey(head.key)
  const recorder = openRecorder(installation.db, { origin: name, now: installation.now, writable: () => {} })
  await installation.db.kysely.transaction().execute(async (tx) => {
    await sql`insert into log.origin (epoch, name, key) values (${epoch}, ${name}, ${verifierKey(name, key)})`.execute(
      tx,
    )
    await sql`update log.head set epoch = ${epoch}, size = 0`.execute(tx)
    await recorder.accept(tx, {
      type: originEvidence,
      about: {},
      fields: {
        reason: 'Restored from a backup that was behind the last head seen outside.',
        previous: {
          origin: head.origin,
          size: outside.size,
          root: Buffer.from(outside.root).toString('base64'),
        },
      },
    })
  })
  await rm(restoredMark(installation.config.home), { force: true })
  return {
    outcome: 'new-origin',
    says: `The backup holds ${head.size} leaves, the outside has seen ${outside.size}: ${outside.size - head.size} are lost. A new log "${name}" begins, whose first leaf commits to the lost head.`,
  }
}
