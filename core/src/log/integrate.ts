import type { BlobStore } from '../blob/store.ts'
import type { SigningKey } from '../crypto/index.ts'
import type { Database } from '../db/database.ts'
import { signCheckpoint } from './checkpoint.ts'
import { type Head, insertCheckpoint, insertNodes, readEntries, readNodes } from './store.ts'
import { writeFullTiles } from './tile-store.ts'
import { type FullTile, leafHash, TILE_WIDTH, TreeEdge } from './tree.ts'

/** The unfinished right edge of the tree at a size, from what the database holds. */
export async function loadEdge(db: Database, epoch: number, size: number): Promise<TreeEdge> {
  const levels: Buffer[][] = []
  for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / TILE_WIDTH)) {
    const width = count % TILE_WIDTH
    const from = count - width
    levels.push(
      width === 0
        ? []
        : level === 0
          ? (await readEntries(db, epoch, from, width)).map(leafHash)
          : await readNodes(db, epoch, level, from, width),
    )
  }
  return new TreeEdge(size, levels)
}

/**
 * Brings leaves whose order is already fixed into the signed tree: full tiles are written and flushed first, then
 * the checkpoint is signed and recorded. Running it again after a crash, or twice at once, gives the same bytes.
 */
export async function integrate(
  parts: { db: Database; blobs: BlobStore; logKey: SigningKey; now: () => Date },
  head: Head,
  edge: TreeEdge,
  entries: Buffer[],
): Promise<Head> {
  const tiles: FullTile[] = []
  const bundles: { index: number; entries: Buffer[] }[] = []
  let bundle =
    edge.size % TILE_WIDTH === 0
      ? []
      : await readEntries(parts.db, head.epoch, edge.size - (edge.size % TILE_WIDTH), edge.size % TILE_WIDTH)
  for (const entry of entries) {
    bundle.push(entry)
    const full = edge.append(leafHash(entry))
    tiles.push(...full)
    if (full.length > 0) {
      bundles.push({ index: full[0]!.index, entries: bundle })
      bundle = []
    }
  }
  await writeFullTiles(parts.blobs, head.epoch, tiles, bundles)
  const next: Head = { ...head, size: edge.size }
  const root = edge.root()
  const note = signCheckpoint(head.origin, next.size, root, parts.logKey)
  await parts.db.kysely.transaction().execute(async (tx) => {
    await insertNodes(tx, head.epoch, tiles)
    await insertCheckpoint(tx, next, root, note, parts.now())
  })
  return next
}
