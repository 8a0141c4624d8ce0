import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFolderBlobs } from '../blob/folder.ts'
import type { BlobStore } from '../blob/store.ts'

/** A blob store in a new folder; `close` removes it. */
export async function testBlobs(): Promise<BlobStore & { dir: string; close(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'avouch-blobs-'))
  return { ...openFolderBlobs(dir), dir, close: () => rm(dir, { recursive: true, force: true }) }
}
