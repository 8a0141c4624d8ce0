import { createHash, randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../config.ts'
import type { Database } from '../db/database.ts'
import { testDatabase } from '../testing/index.ts'
import { authMigrations } from './migrations.ts'
import { beginOidc, finishOidc } from './oidc.ts'
import { createPerson, disablePerson, getPerson } from './people.ts'
import { findSession } from './session.ts'
import type { AuthContext } from './store.ts'

/** How the provider misbehaves: other claims, or a key that is not its own. */
type Answer = { claims: Record<string, unknown>; foreignKey?: boolean }

let db: Database
let provider: Server
let issuer: string
let answer: Answer
const codes = new Map<string, { challenge: string; nonce: string; redirect: string }>()

beforeAll(async () => {
  db = await testDatabase([authMigrations])
  const own = await generateKeyPair('ES256')
  const foreign = await generateKeyPair('ES256')
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }
  provider = createServer(async (request, response) => {
    const send = (value: unknown, status = 200) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(value))
    }
    const { pathname } = new URL(request.url ?? '/', issuer)
    if (pathname === '/.well-known/openid-configuration')
      return send({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['ES256'],
      })
    if (pathname === '/jwks') return send({ keys: [jwk] })
    if (pathname !== '/token') return send({}, 404)
    let body = ''
    for await (const chunk of request) body += chunk
    const form = new URLSearchParams(body)
    const grant = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const known = form.get('client_id') === 'avouch' && form.get('client_secret') === 'example-secret'
    if (!grant || verifier !== grant.challenge || form.get('redirect_uri') !== grant.redirect || !known)
      return send({ error: 'invalid_grant' }, 400)
    const idToken = await new SignJWT({ nonce: grant.nonce, ...answer.claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .setIssuer(typeof answer.claims.iss === 'string' ? answer.claims.iss : issuer)
      .setAudience(typeof answer.claims.aud === 'string' ? answer.claims.aud : 'avouch')
      .setIssuedAt()
      .setExpirationTime(typeof answer.claims.exp === 'number' ? answer.claims.exp : '5m')
      .sign(answer.foreignKey ? foreign.privateKey : own.privateKey)
    return send({ access_token: 'x', token_type: 'Bearer', expires_in: 60, id_token: idToken })
  })
  await new Promise<void>((done) => provider.listen(0, '127.0.0.1', done))
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`
})
afterAll(async () => {
  await new Promise((done) => provider.close(done))
  await db.close()
})
beforeEach(() => {
  answer = { claims: {} }
})

function context(env: Record<string, string> = {}): AuthContext {
  const config = loadConfig({
    AVOUCH_URL: 'https://avouch.example.com',
    AVOUCH_OIDC_ISSUER: issuer,
    AVOUCH_OIDC_CLIENT_ID: 'avouch',
    AVOUCH_OIDC_CLIENT_SECRET: 'example-secret',
    ...env,
  })
  return { db, config, now: () => new Date() }
}

/** What the person's browser does at the provider: agrees, and comes back with a code. */
function agree(url: string): URLSearchParams {
  const asked = new URL(url).searchParams
  expect(asked.get('code_challenge_method')).toBe('S256')
  const code = randomUUID()
  codes.set(code, {
    challenge: asked.get('code_challenge') ?? '',
    nonce: asked.get('nonce') ?? '',
    redirect: asked.get('redirect_uri') ?? '',
  })
  return new URLSearchParams({ code, state: asked.get('state') ?? '' })
}

async function signIn(at: AuthContext): Promise<string> {
  const { url, browser } = await beginOidc(at)
  return (await finishOidc(at, agree(url), browser)).token
}

describe('single sign-on', () => {
  it('binds an account to the invited person with its verified address, without step-up', async () => {
    const at = context()
    const invited = await createPerson(at, {
      name: 'Example Person',
      email: 'Person@example.com',
      roles: ['auditor'],
    })
    answer.claims = { sub: 's1', email: 'person@example.com', email_verified: true }
    const found = await findSession(at, await signIn(at))
    expect(found?.person).toMatchObject({ id: invited.id, state: 'active', roles: ['auditor'] })
    expect(found?.session.steppedUpAt).toBeUndefined()

    answer.claims = { sub: 's1' }
    expect((await findSession(at, await signIn(at)))?.person.id).toBe(invited.id)
    answer.claims = { sub: 's2', email: 'person@example.com', email_verified: true }
    await expect(signIn(at)).rejects.toMatchObject({ code: 'forbidden' })
    await disablePerson(at, invited.id)
    answer.claims = { sub: 's1' }
    await expect(signIn(at)).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('lets nobody in by an unverified address or uninvited', async () => {
    const at = context()
    const invited = await createPerson(at, {
      name: 'Example Other',
      email: 'other@example.com',
      roles: ['owner'],
    })
    answer.claims = { sub: 's3', email: 'other@example.com', email_verified: false }
    await expect(signIn(at)).rejects.toMatchObject({ code: 'forbidden' })
    expect((await getPerson(at, invited.id)).state).toBe('invited')
    answer.claims = { sub: 's4', email: 'stranger@example.com', email_verified: true }
    await expect(signIn(at)).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('takes strangers as readers by an allowed domain or group only', async () => {
    const byDomain = context({ AVOUCH_OIDC_DOMAINS: 'example.org' })
    answer.claims = { sub: 's5', email: 'new@example.org', email_verified: true, name: 'Example New' }
    const found = await findSession(byDomain, await signIn(byDomain))
    expect(found?.person).toMatchObject({ name: 'Example New', roles: ['reader'] })
    answer.claims = { sub: 's6', email: 'new@not-example.org', email_verified: true }
    await expect(signIn(byDomain)).rejects.toMatchObject({ code: 'forbidden' })
    const byGroup = context({ AVOUCH_OIDC_GROUPS: 'avouch' })
    answer.claims = { sub: 's7', email: 'g@example.net', email_verified: true, groups: ['avouch', 'x'] }
    expect((await findSession(byGroup, await signIn(byGroup)))?.person.roles).toEqual(['reader'])
  })

  const lies: [string, Answer][] = [
    ["someone else's key", { claims: { sub: 's1' }, foreignKey: true }],
    ['another issuer', { claims: { sub: 's1', iss: 'https://issuer.example.net' } }],
    ['another audience', { claims: { sub: 's1', aud: 'other' } }],
    ['an expired token', { claims: { sub: 's1', exp: 1000 } }],
    ['another nonce', { claims: { sub: 's1', nonce: 'x' } }],
  ]
  it.each(lies)('refuses an ID token with %s', async (_name, lie) => {
    answer = lie
    await expect(signIn(context())).rejects.toMatchObject({ code: 'unauthenticated' })
  })

  it('refuses another browser, a replay, and a state it never gave', async () => {
    const at = context({ AVOUCH_OIDC_DOMAINS: 'example.org' })
    answer.claims = { sub: 's8', email: 'r@example.org', email_verified: true }
    const refused = { code: 'unauthenticated' }
    const begun = await beginOidc(at)
    await expect(finishOidc(at, agree(begun.url), 'a'.repeat(43))).rejects.toMatchObject(refused)
    const second = await beginOidc(at)
    const back = agree(second.url)
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
