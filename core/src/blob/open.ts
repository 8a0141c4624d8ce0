import type { BlobConfig } from '../config.ts'
import { AvouchError } from '../errors.ts'
import { openFolderBlobs } from './folder.ts'
import type { BlobStore } from './store.ts'

/** Opens the blob store the configuration names. */
export async function openBlobs(config: BlobConfig): Promise<BlobStore> {
  if (config.kind === 'folder') return openFolderBlobs(config.dir)
  throw new AvouchError('unavailable', 'S3 is missing in this build')
}
