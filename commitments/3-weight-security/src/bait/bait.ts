import { createHash } from 'node:crypto'
import { AvouchError } from '@avouch/core/errors'
import { uuidv7 } from '@avouch/core/evidence'
import type { Installation } from '@avouch/core/installation'
import { Bait, type BaitKind, baitRange } from '../detection/bait.ts'
import { baitEvidence } from './evidence.ts'
import { insertBait, listBait, markRemoved, type PlacedBait } from './store.ts'

/**
 * Places bait: from now on whoever touches it raises an alert, whatever else is known. A lease without a value is made
 * up and looks like any other. Throws `usage` for segments that are no range, `conflict` where it is in place already.
 */
export async function placeBait(
  installation: Installation,
  given: { kind: BaitKind; value: string },
): Promise<PlacedBait> {
  const { kind, value } = given
  if (kind === 'segments' && !baitRange(value))
    throw new AvouchError('usage', 'these are no segments of a model', {
      where: 'segments',
      fix: 'Write MODEL#FROM-TO, such as example-model@2#4000-4095.',
    })
  const placedAt = installation.now()
  const id = uuidv7(placedAt)
  const bait = await installation.db.kysely.transaction().execute(async (tx) => {
    const accepted = await installation.evidence.accept(tx, {
      type: baitEvidence,
      about: {},
      fields: { bait: id, kind, digest: digestOf(id, value), state: 'placed' },
    })
    const placed = { id, kind, value, evidence: accepted.id, placedAt, removedAt: undefined }
    await insertBait(tx, placed).catch((cause: unknown) => {
      if ((cause as { code?: string }).code !== '23505') throw cause
      throw new AvouchError('conflict', 'this bait is in place already', { where: kind, cause })
    })
    return placed
  })
  await installation.evidence.logged([bait.evidence])
  return bait
}

/** Takes bait away. Throws `not-found` where none of this id is in place. */
export async function removeBait(installation: Installation, id: string): Promise<PlacedBait> {
  const { removed, evidence } = await installation.db.kysely.transaction().execute(async (tx) => {
    const found = await markRemoved(tx, id, installation.now())
    if (!found)
      throw new AvouchError('not-found', 'no bait of this id is in place', {
        where: id,
        fix: '`avouch weights bait list` shows what is.',
      })
    const accepted = await installation.evidence.accept(tx, {
      type: baitEvidence,
      about: {},
      fields: { bait: id, kind: found.kind, digest: digestOf(id, found.value), state: 'removed' },
    })
    return { removed: found, evidence: accepted.id }
  })
  await installation.evidence.logged([evidence])
  return removed
}

/** All bait in place, as the detector takes it. */
export async function baitInPlace(installation: Pick<Installation, 'db'>): Promise<Bait> {
  return new Bait(await listBait(installation.db))
}

function digestOf(id: string, value: string): string {
  return createHash('sha256').update(`${id}\n${value}`).digest('hex')
}
