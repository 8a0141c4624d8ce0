import { randomBytes } from 'node:crypto'
import type { DataKeys } from '../crypto/data-key.ts'
import { dataKeysUnder } from '../crypto/data-keys.ts'

export { testBlobs } from './blobs.ts'
export { removeTestHome } from './cluster.ts'
export { installationDatabase, testDatabase } from './database.ts'

/** Data keys under a random key that lives as long as the test. */
export function testDataKeys(): DataKeys {
  return dataKeysUnder(randomBytes(32))
}
