import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '@avouch/core/config'
import { type OpenInstallation, openInstallation } from '@avouch/core/open'
import { installationDatabase } from '@avouch/core/testing'
import commitment from '../src/index.ts'
import type { KeyEncryptionKey } from '../src/kek/kek.ts'
import { openKek } from '../src/kek/open.ts'

/** An installation that can seal, with a folder for plaintexts. `close` removes all of it. */
export type Vault = {
  installation: OpenInstallation
  kek: KeyEncryptionKey
  dir: string
  close(): Promise<void>
}

export async function openVault(): Promise<Vault> {
  const dir = await mkdtemp(join(tmpdir(), 'avouch-weights-'))
  const database = await installationDatabase([commitment])
  const config = loadConfig({ AVOUCH_HOME: join(dir, 'home'), AVOUCH_DATABASE_URL: database.url })
  const installation = await openInstallation(config, { commitments: [commitment] })
  const kek = await openKek(installation.config)
  return {
    ...{ installation, kek, dir },
    close: async () => {
      await kek.close()
      await installation.close()
      await database.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
