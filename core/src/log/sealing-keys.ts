import { join } from 'node:path'
import type { Config } from '../config.ts'
import { keyFolder, loadOrCreateSigningKey, readKeyFile, type SigningKey } from '../crypto/index.ts'
import { AvouchError } from '../errors.ts'
import { verifierKey } from './checkpoint.ts'

export type SealingKeys = { log: SigningKey; evidence: SigningKey }

/**
 * The two keys that only a sealer holds. On the very first start they are made; once a log exists they are only
 * read, so that a host without them stands by instead of starting a second log. Throws `config` where they are
 * absent or not the log's.
 */
export async function loadSealingKeys(
  config: Pick<Config, 'home' | 'origin'>,
  existing: { name: string; key: string } | undefined,
): Promise<SealingKeys> {
  const where = join(keyFolder(config), 'log.pem')
  if (existing !== undefined && (await readKeyFile(where)) === undefined)
    throw new AvouchError('config', 'this process does not hold the log key, so it cannot seal', {
      where,
      fix: 'Nothing to do where another process of the installation holds it; else restore it from the backup of the keys.',
    })
  const [log, evidence] = [
    await loadOrCreateSigningKey(config, 'log'),
    await loadOrCreateSigningKey(config, 'evidence'),
  ]
  if (existing !== undefined && verifierKey(existing.name, log.publicKey) !== existing.key)
    throw new AvouchError('config', 'the log key here is not the one that this log was begun with', {
      where,
      fix: 'Restore the right key from the backup of the keys. A log is never continued under another key.',
    })
  return { log, evidence }
}
