import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Commitment } from '@avouch/core/commitment'
import { loadConfig } from '@avouch/core/config'
import { type OpenInstallation, openInstallation } from '@avouch/core/open'
import { installationDatabase } from '@avouch/core/testing'

/** A whole installation on a database and folder of its own; `close` removes both. */
export async function testInstallation(commitments: Commitment[]): Promise<OpenInstallation> {
  const home = await mkdtemp(join(tmpdir(), 'avouch-report-'))
  const database = await installationDatabase(commitments)
  const config = loadConfig({
    AVOUCH_HOME: home,
    AVOUCH_DATABASE_URL: database.url,
    AVOUCH_ORIGIN: 'avouch.example/log',
  })
  const installation = await openInstallation(config, { commitments })
  return {
    ...installation,
    close: async () => {
      await installation.close()
      await database.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}
