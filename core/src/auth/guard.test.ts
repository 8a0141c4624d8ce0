import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../config.ts'
import type { Database } from '../db/database.ts'
import { AvouchError, httpStatus } from '../errors.ts'
import { testDatabase } from '../testing/index.ts'
import { createApiKey } from './api-key.ts'
import { sessionCookie } from './cookie.ts'
import { guard } from './guard.ts'
import { authMigrations } from './migrations.ts'
import type { Role } from './permission.ts'
import { startSession } from './session.ts'
import type { AuthContext } from './store.ts'
import { testPerson } from './testing.ts'

const ORIGIN = 'https://avouch.example.com'
let db: Database
let app: FastifyInstance
let context: AuthContext
let clock = Date.parse('2026-01-01T00:00:00Z')

beforeAll(async () => {
  db = await testDatabase([authMigrations])
  context = { db, config: loadConfig({ AVOUCH_URL: ORIGIN }), now: () => new Date(clock) }
  app = fastify()
  guard(app, context)
  app.setErrorHandler((error, _request, reply) =>
    reply.code(error instanceof AvouchError ? httpStatus(error) : 500).send({ message: String(error) }),
  )
  const who = { handler: async (request: { principal: { kind: string } }) => request.principal.kind }
  await app.register(async (nested) => {
    nested.get('/open', { config: { permission: 'public' }, ...who })
    nested.post('/open', { config: { permission: 'public' }, ...who })
    nested.get('/releases', { config: { permission: 'release:read' }, ...who })
    nested.post('/releases', { config: { permission: 'release:write' }, ...who })
    nested.post('/careful', { config: { permission: 'release:read', stepUp: true }, ...who })
  })
})
afterAll(async () => {
  await app.close()
  await db.close()
})

const cookieOf = async (roles: Role[], method: 'passkey' | 'oidc' = 'passkey') => {
  const { person } = await testPerson(context, roles)
  const { token } = await startSession(context, person.id, method)
  return sessionCookie(context.config, token).split(';')[0]!
}
const status = async (method: 'GET' | 'POST', url: string, headers: Record<string, string> = {}) =>
  (await app.inject({ method, url, headers })).statusCode

describe('the guard', () => {
  it('does not start a route that names no permission, or no permission at all', async () => {
    for (const config of [undefined, {}, { permission: '' }, { permission: 'everything' }]) {
      const bare = fastify()
      guard(bare, context)
      expect(() => bare.get('/x', { config: config as never, handler: async () => 'x' })).toThrow(
        /names no permission/,
      )
      await bare.close()
    }
  })

  it('lets in by role, and tells a stranger from someone without the permission', async () => {
    expect(await status('GET', '/open')).toBe(200)
    expect(await status('GET', '/releases')).toBe(401)
    expect(await status('GET', '/releases', { cookie: await cookieOf(['reader']) })).toBe(200)
    expect(await status('GET', '/releases', { cookie: await cookieOf([]) })).toBe(403)
    expect(await status('GET', '/releases', { cookie: `__Host-avouch_session=${'a'.repeat(43)}` })).toBe(401)
    expect(await status('GET', '/nowhere')).toBe(404)
  })

  it('lets an API key in for its scopes, and refuses a wrong one even where all is public', async () => {
    const { person } = await testPerson(context, ['owner'])
    const { secret } = await createApiKey(context, person.id, { name: 'x', scopes: ['release:read'] })
    const bearer = { authorization: `Bearer ${secret}` }
    expect(await status('GET', '/releases', bearer)).toBe(200)
    expect(await status('POST', '/releases', bearer)).toBe(403)
    expect(await status('POST', '/careful', bearer)).toBe(403)
    expect(await status('GET', '/open', { authorization: `Bearer avk_${'a'.repeat(43)}` })).toBe(401)
    expect(await status('GET', '/open', { authorization: 'Basic eDp4' })).toBe(401)
  })

  it('refuses what another site makes a browser send', async () => {
    const cookie = await cookieOf(['owner'])
    expect(await status('POST', '/releases', { cookie, origin: ORIGIN })).toBe(200)
    expect(await status('POST', '/releases', { cookie, 'sec-fetch-site': 'same-origin' })).toBe(200)
    expect(await status('POST', '/releases', { cookie })).toBe(403)
    expect(await status('POST', '/releases', { cookie, origin: 'https://evil.example' })).toBe(403)
    expect(await status('POST', '/releases', { cookie, origin: 'null' })).toBe(403)
    for (const site of ['cross-site', 'same-site'])
      expect(await status('POST', '/releases', { cookie, 'sec-fetch-site': site })).toBe(403)
    expect(
      await status('POST', '/releases', {
        cookie,
        origin: 'https://evil.example',
        'sec-fetch-site': 'same-origin',
      }),
    ).toBe(403)
    expect(await status('POST', '/open', { origin: 'https://evil.example' })).toBe(403)
    expect(await status('POST', '/open')).toBe(200)
  })

  it('asks for a fresh passkey where the route does', async () => {
    const fresh = { cookie: await cookieOf(['reader']), origin: ORIGIN }
    expect(await status('POST', '/careful', fresh)).toBe(200)
    expect(
      await status('POST', '/careful', { cookie: await cookieOf(['reader'], 'oidc'), origin: ORIGIN }),
    ).toBe(403)
    clock += 6 * 60_000
    expect(await status('POST', '/careful', fresh)).toBe(403)
  })
})
