import { sql } from 'kysely'
import type { BlobStore } from '../blob/store.ts'
import type { Database } from '../db/database.ts'
import { AvouchError } from '../errors.ts'
import { type Checkpoint, findCheckpoint } from './store.ts'
import { writePartialTiles } from './tile-store.ts'

/**
 * Publishes the newest signed checkpoint (or the newest witnessed one): from then on the world may read the tree up
 * to it. Its unfinished tiles are written first, so a published head is always readable. Returns it.
 */
export async function publishCheckpoint(
  parts: { db: Database; blobs: BlobStore; now: () => Date },
  which: 'signed' | 'witnessed' | { size: number } = 'signed',
): Promise<Checkpoint> {
  const checkpoint = await findCheckpoint(parts.db, which)
  if (checkpoint === undefined)
    throw new AvouchError(
      'not-found',
      `there is no ${typeof which === 'string' ? which : 'such'} checkpoint to publish`,
      {
        fix: 'A checkpoint is signed as soon as evidence is recorded.',
      },
    )
  const published = await findCheckpoint(parts.db, 'published', checkpoint.epoch)
  if (published && published.size > checkpoint.size)
    throw new AvouchError('conflict', `a later checkpoint (size ${published.size}) is published already`)
  await writePartialTiles(parts.db, parts.blobs, checkpoint.epoch, checkpoint.size)
  await sql`
    update log.checkpoint set published_at = coalesce(published_at, ${parts.now()})
    where epoch = ${checkpoint.epoch} and size = ${checkpoint.size}`.execute(parts.db.kysely)
  return { ...checkpoint, published_at: checkpoint.published_at ?? parts.now() }
}

/**
 * Publishes when the last publication is older than the last time the clock passed `hour` (UTC): a fixed hour, so
 * that timing says nothing of a launch. Returns the checkpoint, or undefined when nothing was due.
 */
export async function publishDaily(
  parts: { db: Database; blobs: BlobStore; now: () => Date },
  hour: number,
): Promise<Checkpoint | undefined> {
  const now = parts.now()
  const due = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate(), hour))
  if (due > now) due.setUTCDate(due.getUTCDate() - 1)
  const signed = await findCheckpoint(parts.db, 'signed')
  const published = await findCheckpoint(parts.db, 'published')
  if (signed === undefined) return undefined
  if (published?.published_at && published.published_at >= due) return undefined
  return publishCheckpoint(parts, { size: signed.size })
}
