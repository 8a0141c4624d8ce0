import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { AvouchError } from '../errors.ts'
import type { DataKeys } from './data-key.ts'
import { keyFolder, loadOrCreateKeyFile } from './key-file.ts'
import { open, seal } from './sealed-box.ts'

const KEY_BYTES = 32
/** First byte of a wrapped key: says how it was wrapped, so that another way can be told apart later. */
const FILE_WRAP = 1

/** Opens the data keys under the installation's key-encryption key, `<home>/keys/data.key`, making it on first use. */
export async function openDataKeys(config: Pick<Config, 'home'>): Promise<DataKeys> {
  const path = join(keyFolder(config), 'data.key')
  const kek = await loadOrCreateKeyFile(path, () => randomBytes(KEY_BYTES))
  if (kek.length !== KEY_BYTES)
    throw new AvouchError('config', `the key file has ${kek.length} bytes instead of ${KEY_BYTES}`, {
      where: path,
      fix: 'Restore it from a backup; without it nothing sealed can be opened.',
    })
  return dataKeysUnder(kek)
}

/** Data keys under a key-encryption key of 32 bytes that is already at hand. */
export function dataKeysUnder(kek: Uint8Array): DataKeys {
  return {
    async create(context) {
      const plain = randomBytes(KEY_BYTES)
      return { plain, wrapped: Buffer.concat([Uint8Array.of(FILE_WRAP), seal(kek, plain, context)]) }
    },
    async unwrap(wrapped, context) {
      if (wrapped[0] !== FILE_WRAP)
        throw new AvouchError('proof', 'this data key was wrapped in a way unknown here')
      return open(kek, wrapped.subarray(1), context)
    },
  }
}
