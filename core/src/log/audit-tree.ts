import { parseCheckpoint, parseNote, parseVerifierKey, verifyNote } from '@avouch/verify'
import { sql } from 'kysely'
import type { BlobStore } from '../blob/store.ts'
import type { Database } from '../db/database.ts'
import type { Audit } from './audit.ts'
import { readEntries } from './store.ts'
import { entryBundle, tileKey } from './tile-store.ts'
import { leafHash, TILE_WIDTH, TreeEdge } from './tree.ts'

const PAGE = 4096

/**
 * Derives the whole tree of an epoch again from its entries and holds every stored tile, entry bundle, node and
 * checkpoint against it. Memory is bounded by a page of entries.
 */
export async function auditTree(
  parts: { db: Database; blobs: BlobStore },
  epoch: { epoch: number; name: string; key: string },
  audit: Audit,
): Promise<void> {
  const { db } = parts
  const checkpoints = await sql<{ size: number; root: Buffer; note: string }>`
    select size, root, note from log.checkpoint where epoch = ${epoch.epoch} order by size`.execute(db.kysely)
  const pending = checkpoints.rows
  const edge = new TreeEdge()
  let at = 0
  const check = async (): Promise<void> => {
    while (pending[at] && pending[at]!.size === edge.size)
      await auditCheckpoint(epoch, pending[at++]!, edge.root(), audit)
  }
  let bundle: Buffer[] = []
  await check()
  for (let from = 0; ; from += PAGE) {
    const entries = await readEntries(db, epoch.epoch, from, PAGE)
    for (const entry of entries) {
      bundle.push(entry)
      const full = edge.append(leafHash(entry))
      audit.checked.leaves++
      for (const tile of full) {
        await auditBlob(parts.blobs, tileKey(epoch.epoch, tile.level, tile.index), tile.hashes, audit)
        await auditNode(db, epoch.epoch, tile.level + 1, tile.index, tile.root, audit)
      }
      if (full.length > 0) {
        await auditBlob(
          parts.blobs,
          tileKey(epoch.epoch, 'entries', full[0]!.index),
          entryBundle(bundle),
          audit,
        )
        bundle = []
      }
      await check()
    }
    if (entries.length < PAGE) break
  }
  for (const left of pending.slice(at))
    audit.problem(
      'checkpoint',
      `${epoch.name} size ${left.size}`,
      'the log has fewer leaves than this checkpoint signs',
    )
  await auditPartialTiles(parts, epoch.epoch, edge, bundle, audit)
}

async function auditCheckpoint(
  epoch: { name: string; key: string },
  row: { size: number; root: Buffer; note: string },
  root: Buffer,
  audit: Audit,
): Promise<void> {
  const where = `${epoch.name} size ${row.size}`
  audit.checked.checkpoints++
  if (!row.root.equals(root)) audit.problem('checkpoint', where, 'its root is not the root of the leaves')
  try {
    const note = parseNote(row.note)
    await verifyNote(note, [await parseVerifierKey(epoch.key)])
    const signed = parseCheckpoint(note.text)
    if (signed.origin !== epoch.name || signed.size !== row.size || !root.equals(signed.root))
      audit.problem('checkpoint', where, 'the signed note says something else than the tree')
  } catch (error) {
    audit.problem('checkpoint', where, (error as Error).message)
  }
}

async function auditBlob(blobs: BlobStore, key: string, expected: Buffer, audit: Audit): Promise<void> {
  audit.checked.tiles++
  const found = await blobs.get(key)
  if (found === undefined) audit.problem('tile', key, 'it is missing')
  else if (!expected.equals(found)) audit.problem('tile', key, 'its bytes are not those of the tree')
}

async function auditNode(
  db: Database,
  epoch: number,
  level: number,
  index: number,
  hash: Buffer,
  audit: Audit,
): Promise<void> {
  const found = await sql<{ hash: Buffer }>`
    select hash from log.node where epoch = ${epoch} and level = ${level} and index = ${index}`.execute(
    db.kysely,
  )
  if (!found.rows[0]?.hash.equals(hash))
    audit.problem('node', `level ${level}, ${index}`, 'it is missing or wrong')
}

/** Unfinished tiles were written at published sizes; each must be a beginning of the tile as it stands now. */
async function auditPartialTiles(
  parts: { db: Database; blobs: BlobStore },
  epoch: number,
  edge: TreeEdge,
  bundle: Buffer[],
  audit: Audit,
): Promise<void> {
  for await (const key of parts.blobs.list(`log/${epoch}/tile/`)) {
    const partial = /\/tile\/(\d+|entries)\/((?:x\d{3}\/)*\d{3})\.p\/(\d+)$/.exec(key)
    if (!partial) continue
    const width = Number(partial[3])
    const level = partial[1] === 'entries' ? 'entries' : Number(partial[1])
    const index = Number(partial[2]!.replaceAll(/[x/]/g, ''))
    const full = await parts.blobs.get(tileKey(epoch, level, index))
    const whole =
      full !== undefined
        ? Buffer.from(full)
        : level === 'entries'
          ? entryBundle(bundle)
          : Buffer.concat(edge.levels[level] ?? [])
    const unit = level === 'entries' ? 34 : 32
    if (width >= TILE_WIDTH || whole.length < width * unit) {
      audit.problem('tile', key, 'it is wider than the tree')
      continue
    }
    await auditBlob(parts.blobs, key, whole.subarray(0, width * unit), audit)
  }
}
