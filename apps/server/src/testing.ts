import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beginSignIn, certify, finishSignIn, type Role, sessionCookie } from '@avouch/core/auth'
import { type TestPerson, testPerson } from '@avouch/core/auth/testing'
import type { Commitment } from '@avouch/core/commitment'
import { loadConfig } from '@avouch/core/config'
import { type OpenInstallation, openInstallation } from '@avouch/core/open'
import { installationDatabase } from '@avouch/core/testing'
import { pino } from 'pino'

/** The address that test installations believe to have. */
export const TEST_URL = 'https://avouch.example.com'

/** An installation on the test run's database cluster, in a folder of its own; `close` ends and removes both. */
export async function openTestInstallation(
  env: Record<string, string> = {},
  commitments: Commitment[] = [],
): Promise<OpenInstallation & { lines: string[] }> {
  const db = await installationDatabase(commitments)
  const home = await mkdtemp(join(tmpdir(), 'avouch-server-'))
  const config = loadConfig(
    {
      AVOUCH_URL: TEST_URL,
      AVOUCH_DATABASE_URL: db.url,
      AVOUCH_PORT: '0',
      AVOUCH_ORIGIN: 'example.com/log',
      ...env,
    },
    { home },
  )
  const lines: string[] = []
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) })
  const installation = await openInstallation(config, { commitments, log })
  return {
    ...installation,
    lines,
    async close() {
      await installation.close()
      await db.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}

/** A person with these roles whose browser is signed in: `headers` are what it sends from our own pages. */
export async function signedIn(
  installation: OpenInstallation,
  roles: Role[],
): Promise<TestPerson & { headers: { cookie: string; origin: string } }> {
  const person = await testPerson(installation, roles, certify(installation, 'added'))
  const { token } = await finishSignIn(installation, person.answer(await beginSignIn(installation)))
  const cookie = sessionCookie(installation.config, token).split(';')[0] ?? ''
  return { ...person, headers: { cookie, origin: new URL(installation.config.url).origin } }
}
