import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AvouchError } from '@avouch/core/errors'
import {
  formatTilePath,
  leafHash,
  nodeHash,
  parseEntryBundle,
  parseTile,
  tilesOfLevel,
  type Verdict,
  verifyFile,
} from '@avouch/verify'
import { fetchBounded } from './fetch-bounded.ts'

/** Reads one file of a published log by its path (`checkpoint`, `tile/…`). */
export type LogReader = (path: string) => Promise<Uint8Array>

export const folderReader =
  (dir: string): LogReader =>
  (path) =>
    readFile(join(dir, path))
export const urlReader =
  (url: string): LogReader =>
  (path) =>
    fetchBounded(`${url.replace(/\/$/, '')}/${path}`)

/**
 * Checks a whole published log: the checkpoint's signature, then every entry and tile up to its root, derived again
 * from the entries. What evidence the entries commit to stays private.
 */
export async function verifyLog(
  read: LogReader,
  trust: { trustedKey: string } | { trustedKeys: string[] },
): Promise<Verdict> {
  const verdict = await verifyFile(await read('checkpoint'), trust)
  if (verdict.status === 'failed') return verdict
  const fail = (name: string, detail: string): Verdict => ({
    ...verdict,
    status: 'failed',
    checks: [...verdict.checks, { name, ok: false, detail }],
  })
  const text = new TextDecoder().decode(await read('checkpoint'))
  const root = text.split('\n')[2] ?? ''
  let row: Uint8Array[] = []
  try {
    for (const tile of tilesOfLevel('entries', verdict.treeSize))
      for (const entry of parseEntryBundle(await read(formatTilePath(tile)), tile.width))
        row.push(await leafHash(entry))
    for (let level = 0; row.length > 0; level++) {
      for (const tile of tilesOfLevel(level, verdict.treeSize)) {
        const hashes = parseTile(await read(formatTilePath(tile)), tile.width)
        const wrong = hashes.findIndex((hash, i) => !Buffer.from(hash).equals(row[tile.index * 256 + i]!))
        if (wrong >= 0)
          return fail(
            'tile',
            `${formatTilePath(tile)} does not hold the hash of entry ${tile.index * 256 + wrong} of its level`,
          )
      }
      const above: Uint8Array[] = []
      for (let i = 0; i + 256 <= row.length; i += 256) above.push(await treeHead(row.slice(i, i + 256)))
      if (level === 0) {
        const head = Buffer.from(await treeHead(row)).toString('base64')
        if (head !== root) return fail('root', 'the entries do not give the root that the checkpoint signs')
      }
      row = above
    }
  } catch (error) {
    if (error instanceof AvouchError && error.code === 'network') throw error
    return fail('tile', (error as Error).message)
  }
  const checks = [
    ...verdict.checks,
    { name: 'tree', ok: true, detail: `All ${verdict.treeSize} entries give the signed root.` },
  ]
  return { ...verdict, checks }
}

/** RFC 9162 section 2.1.1 over leaf hashes. */
async function treeHead(hashes: Uint8Array[]): Promise<Uint8Array> {
  if (hashes.length === 1) return hashes[0]!
  const split = 2 ** Math.floor(Math.log2(hashes.length - 1))
  return nodeHash(await treeHead(hashes.slice(0, split)), await treeHead(hashes.slice(split)))
}
