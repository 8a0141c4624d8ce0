export { openFolderBlobs } from './folder.ts'
export { checkKey } from './key.ts'
export { openBlobs } from './open.ts'
export type { BlobStore } from './store.ts'
