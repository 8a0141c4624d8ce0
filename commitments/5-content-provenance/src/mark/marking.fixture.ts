import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '@avouch/core/config'
import { type OpenInstallation, openInstallation } from '@avouch/core/open'
import { installationDatabase } from '@avouch/core/testing'
import { checkContent } from '../check/check.ts'
import type { Maker } from '../content.ts'
import commitment from '../index.ts'
import { makeAuthority } from '../manifest/authority.ts'
import { type Marked, markContent } from './mark.ts'

/** An installation that marks, in a folder of its own; `close` ends and removes it. */
export type Marking = {
  installation: OpenInstallation
  mark(bytes: Uint8Array, maker: Maker): Promise<Marked>
  check(bytes: Uint8Array): ReturnType<typeof checkContent>
  /** Makes a test authority, so that manifests are signed from then on. */
  certify(): Promise<void>
  close(): Promise<void>
}

export async function openMarking(): Promise<Marking> {
  const home = await mkdtemp(join(tmpdir(), 'avouch-content-'))
  const db = await installationDatabase([commitment])
  const config = loadConfig({ AVOUCH_DATABASE_URL: db.url }, { home })
  const installation = await openInstallation(config, { commitments: [commitment] })
  return {
    installation,
    mark: (bytes, maker) => markContent(installation, bytes, maker),
    check: (bytes) => checkContent(installation, new Uint8Array(bytes)),
    certify: async () => {
      await makeAuthority(installation.config, {
        ...{ organisation: 'Example Company', now: new Date(), replace: false },
      })
    },
    close: async () => {
      await installation.close()
      await db.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}
