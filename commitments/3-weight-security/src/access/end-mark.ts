import type { BlobStore } from '@avouch/core/blob'
import { AvouchError } from '@avouch/core/errors'

type Needs = { blobs: Pick<BlobStore, 'put' | 'get'> }

/**
 * Marks in the blob store that a lease has ended, for good and durably: whoever can write only to the database cannot
 * take it back. Marking twice is marking once. Throws what the store throws.
 */
export async function markEnded({ blobs }: Needs, lease: string): Promise<void> {
  await blobs.put(keyOf(lease), Buffer.from(lease))
}

/** Throws `proof` where a lease that stands in the database as if it had not ended is marked as ended. */
export async function refuseMarked({ blobs }: Needs, lease: string): Promise<void> {
  if ((await blobs.get(keyOf(lease))) === undefined) return
  throw new AvouchError('proof', 'this lease has ended, and the database says that it has not', {
    where: `lease ${lease}`,
    fix: 'Somebody brought it back: keep the database as it is, and find out who. Ask for another lease, if it is still needed.',
  })
}

function keyOf(lease: string): string {
  return `ended-leases/${lease}`
}
