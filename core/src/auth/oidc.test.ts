import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../config.ts'
import type { Database } from '../db/database.ts'
import { testDatabase } from '../testing/index.ts'
import { authMigrations } from './migrations.ts'
import { beginOidc, finishOidc } from './oidc.ts'
import { createPerson, disablePerson, getPerson } from './people.ts'
import { findSession } from './session.ts'
import type { AuthContext } from './store.ts'
import { openTestProvider, type ProviderAnswer, type TestProvider } from './testing-provider.ts'

let db: Database
let provider: TestProvider

beforeAll(async () => {
  db = await testDatabase([authMigrations])
  provider = await openTestProvider()
})
afterAll(async () => {
  await provider.close()
  await db.close()
})
beforeEach(() => {
  provider.answer = { claims: {} }
})

function context(env: Record<string, string> = {}): AuthContext {
  const config = loadConfig({ AVOUCH_URL: 'https://avouch.example.com', ...provider.env, ...env })
  return { db, config, now: () => new Date() }
}

async function signIn(at: AuthContext): Promise<string> {
  const { url, browser } = await beginOidc(at)
  return (await finishOidc(at, provider.agree(url), browser)).token
}

describe('single sign-on', () => {
  it('binds an account to the invited person with its verified address, without step-up', async () => {
    const at = context()
    const invited = await createPerson(at, {
      name: 'Example Person',
      email: 'Person@example.com',
      roles: ['auditor'],
    })
    provider.answer.claims = { sub: 's1', email: 'person@example.com', email_verified: true }
    const found = await findSession(at, await signIn(at))
    expect(found?.person).toMatchObject({ id: invited.id, state: 'active', roles: ['auditor'] })
    expect(found?.session.steppedUpAt).toBeUndefined()

    provider.answer.claims = { sub: 's1' }
    expect((await findSession(at, await signIn(at)))?.person.id).toBe(invited.id)
    provider.answer.claims = { sub: 's2', email: 'person@example.com', email_verified: true }
    await expect(signIn(at)).rejects.toMatchObject({ code: 'forbidden' })
    await disablePerson(at, invited.id)
    provider.answer.claims = { sub: 's1' }
    await expect(signIn(at)).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('lets nobody in by an unverified address or uninvited', async () => {
    const at = context()
    const invited = await createPerson(at, {
      name: 'Example Other',
      email: 'other@example.com',
      roles: ['owner'],
    })
    provider.answer.claims = { sub: 's3', email: 'other@example.com', email_verified: false }
    await expect(signIn(at)).rejects.toMatchObject({ code: 'forbidden' })
    expect((await getPerson(at, invited.id)).state).toBe('invited')
    provider.answer.claims = { sub: 's4', email: 'stranger@example.com', email_verified: true }
    await expect(signIn(at)).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('takes strangers as readers by an allowed domain or group only', async () => {
    const byDomain = context({ AVOUCH_OIDC_DOMAINS: 'example.org' })
    provider.answer.claims = {
      sub: 's5',
      email: 'new@example.org',
      email_verified: true,
      name: 'Example New',
    }
    const found = await findSession(byDomain, await signIn(byDomain))
    expect(found?.person).toMatchObject({ name: 'Example New', roles: ['reader'] })
    provider.answer.claims = { sub: 's6', email: 'new@not-example.org', email_verified: true }
    await expect(signIn(byDomain)).rejects.toMatchObject({ code: 'forbidden' })
    const byGroup = context({ AVOUCH_OIDC_GROUPS: 'avouch' })
    provider.answer.claims = {
      sub: 's7',
      email: 'g@example.net',
      email_verified: true,
      groups: ['avouch', 'x'],
    }
    expect((await findSession(byGroup, await signIn(byGroup)))?.person.roles).toEqual(['reader'])
  })

  const lies: [string, ProviderAnswer][] = [
    ["someone else's key", { claims: { sub: 's1' }, foreignKey: true }],
    ['another issuer', { claims: { sub: 's1', iss: 'https://issuer.example.net' } }],
    ['another audience', { claims: { sub: 's1', aud: 'other' } }],
    ['an expired token', { claims: { sub: 's1', exp: 1000 } }],
    ['another nonce', { claims: { sub: 's1', nonce: 'x' } }],
  ]
  it.each(lies)('refuses an ID token with %s', async (_name, lie) => {
    provider.answer = lie
    await expect(signIn(context())).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('refuses another browser, a replay, and a state it never gave', async () => {
    const at = context({ AVOUCH_OIDC_DOMAINS: 'example.org' })
    provider.answer.claims = { sub: 's8', email: 'r@example.org', email_verified: true }
    const refused = { code: 'unauthenticated' }
    const begun = await beginOidc(at)
    await expect(finishOidc(at, provider.agree(begun.url), 'a'.repeat(43))).rejects.toMatchObject(refused)
    const second = await beginOidc(at)
    const back = provider.agree(second.url)
    await finishOidc(at, back, second.browser)
    await expect(finishOidc(at, back, second.browser)).rejects.toMatchObject(refused)
    for (const state of ['', 'x', randomUUID()])
      await expect(
        finishOidc(at, new URLSearchParams({ code: 'x', state }), second.browser),
      ).rejects.toMatchObject(refused)
  })

  it('says where it is not set up or not reachable', async () => {
    await expect(beginOidc({ ...context(), config: loadConfig({}) })).rejects.toMatchObject({
      code: 'not-found',
    })
    const gone = context({ AVOUCH_OIDC_ISSUER: 'http://127.0.0.1:9' })
    await expect(beginOidc(gone)).rejects.toMatchObject({ code: 'network' })
    expect(() => loadConfig({ AVOUCH_OIDC_ISSUER: 'http://issuer.example.com' })).toThrow(/no https address/)
    expect(() => loadConfig({ AVOUCH_OIDC_ISSUER: 'https://issuer.example.com' })).toThrow(
      /AVOUCH_OIDC_CLIENT_ID/,
    )
  })
})
