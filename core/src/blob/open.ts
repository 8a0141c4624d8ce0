import type { BlobConfig } from '../config.ts'
import { openFolderBlobs } from './folder.ts'
import { openS3Blobs } from './s3.ts'
import type { BlobStore } from './store.ts'

/** Opens the blob store the configuration names. Nothing is written or asked until it is used. */
export async function openBlobs(config: BlobConfig): Promise<BlobStore> {
  return config.kind === 'folder' ? openFolderBlobs(config.dir) : openS3Blobs(config)
}
