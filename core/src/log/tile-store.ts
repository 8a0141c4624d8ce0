import { formatTilePath } from '@avouch/verify'
import type { BlobStore } from '../blob/store.ts'
import type { Database } from '../db/database.ts'
import { AvouchError } from '../errors.ts'
import { readEntries, readNodes } from './store.ts'
import { type FullTile, leafHash, TILE_WIDTH } from './tree.ts'
import { TreeReader } from './tree-reader.ts'

/** Where a tile stands in the blob store: `log/<epoch>/` and its C2SP tlog-tiles path. */
export function tileKey(epoch: number, level: number | 'entries', index: number, width = TILE_WIDTH): string {
  return `log/${epoch}/${formatTilePath({ level, index, width })}`
}

/** An entry bundle (C2SP tlog-tiles): each entry after its length as a big-endian uint16. */
export function entryBundle(entries: Buffer[]): Buffer {
  return Buffer.concat(entries.flatMap((entry) => [Buffer.of(entry.length >> 8, entry.length & 255), entry]))
}

/** Writes tiles that have just filled; bytes that already stand there must be the same. */
export async function writeFullTiles(
  blobs: BlobStore,
  epoch: number,
  tiles: FullTile[],
  bundles: { index: number; entries: Buffer[] }[],
): Promise<void> {
  await Promise.all([
    ...tiles.map((tile) => blobs.put(tileKey(epoch, tile.level, tile.index), tile.hashes)),
    ...bundles.map((bundle) =>
      blobs.put(tileKey(epoch, 'entries', bundle.index), entryBundle(bundle.entries)),
    ),
  ])
}

/** Writes the unfinished tiles of a tree of `size` leaves, as a published checkpoint of that size needs them. */
export async function writePartialTiles(
  db: Database,
  blobs: BlobStore,
  epoch: number,
  size: number,
): Promise<void> {
  for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / TILE_WIDTH)) {
    const width = count % TILE_WIDTH
    if (width === 0) continue
    const index = Math.floor(count / TILE_WIDTH)
    await blobs.put(
      tileKey(epoch, level, index, width),
      await tileFromDatabase(db, epoch, level, index, width),
    )
    if (level === 0) {
      const entries = await readEntries(db, epoch, index * TILE_WIDTH, width)
      await blobs.put(tileKey(epoch, 'entries', index, width), entryBundle(entries))
    }
  }
}

/** The hashes of one tile from the database, which holds the truth that tiles are a copy of. */
export async function tileFromDatabase(
  db: Database,
  epoch: number,
  level: number,
  index: number,
  width: number,
): Promise<Buffer> {
  const from = index * TILE_WIDTH
  const hashes =
    level === 0
      ? (await readEntries(db, epoch, from, width)).map(leafHash)
      : await readNodes(db, epoch, level, from, width)
  if (hashes.length !== width)
    throw new AvouchError(
      'proof',
      `tile ${level}/${index} should hold ${width} hashes and has ${hashes.length}`,
      {
        fix: 'Run `avouch log audit`.',
      },
    )
  return Buffer.concat(hashes)
}

/** Proofs over the tree of one epoch: full tiles from the blob store, the unfinished edge from the database. */
export function openTree(db: Database, blobs: BlobStore, epoch: number): TreeReader {
  return new TreeReader(async (level, index, width) => {
    if (width === TILE_WIDTH) {
      const bytes = await blobs.get(tileKey(epoch, level, index))
      if (bytes?.length === TILE_WIDTH * 32) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    }
    return tileFromDatabase(db, epoch, level, index, width)
  })
}
