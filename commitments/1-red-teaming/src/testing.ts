import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { certify } from '@avouch/core/auth'
import { testPerson } from '@avouch/core/auth/testing'
import { loadConfig } from '@avouch/core/config'
import { type OpenInstallation, openInstallation } from '@avouch/core/open'
import { installationDatabase } from '@avouch/core/testing'
import { pino } from 'pino'
import redTeaming from './index.ts'

/** An installation with our tables and a clock that the test sets; `close` ends and removes all of it. */
export type TestInstallation = OpenInstallation & {
  /** Milliseconds since the epoch. */
  clock: { at: number }
}

export async function openTestInstallation(): Promise<TestInstallation> {
  const db = await installationDatabase([redTeaming])
  const home = await mkdtemp(join(tmpdir(), 'avouch-red-teaming-'))
  const clock = { at: Date.parse('2026-03-02T09:00:00Z') }
  const config = loadConfig(
    {
      AVOUCH_URL: 'https://avouch.example.com',
      AVOUCH_DATABASE_URL: db.url,
      AVOUCH_ORIGIN: 'example.com/log',
    },
    { home },
  )
  const installation = await openInstallation(config, {
    commitments: [redTeaming],
    log: pino({ level: 'silent' }),
    now: () => new Date(clock.at),
  })
  return {
    ...installation,
    clock,
    async close() {
      await installation.close()
      await db.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}

/** Someone of the company, with a passkey that the log certifies. */
export function staff(
  installation: OpenInstallation,
  role: 'owner' | 'red-teamer' | 'rater' | 'release-lead',
) {
  return testPerson(installation, [role], certify(installation, 'added'))
}
