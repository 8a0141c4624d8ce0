import { createOwnerLink, isPermission } from '@avouch/core/auth'
import { softwareAuthenticator } from '@avouch/core/auth/testing'
import { defineCommitment } from '@avouch/core/commitment'
import { discoverCommitments } from '@avouch/core/discover'
import { AvouchError } from '@avouch/core/errors'
import { keyEvidence } from '@avouch/core/log'
import type { OpenInstallation } from '@avouch/core/open'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildApp } from './app.ts'
import { PARTS, type Part } from './part.ts'
import { openTestInstallation, signedIn, TEST_URL } from './testing.ts'

let installation: OpenInstallation & { lines: string[] }
let app: FastifyInstance

const testing = defineCommitment({
  number: 99,
  name: 'example-rooms',
  title: 'Example',
  promise: 'Routes of a commitment are mounted and guarded',
  obligations: [],
  routes: async () => () => async (routes) => {
    routes.get('/open', { config: { permission: 'public' } }, async () => ({ open: true }))
    routes.get('/inside', { config: { permission: 'example-rooms:read' } }, async () => ({ inside: true }))
    routes.post('/echo', { config: { permission: 'public' } }, async (request) => ({
      got: request.body ?? null,
    }))
    routes.get('/broken', { config: { permission: 'public' } }, async () => {
      throw new Error('the secret is 12345')
    })
    routes.get('/refused', { config: { permission: 'public' } }, async () => {
      throw new AvouchError('conflict', 'It cannot be', { where: 'there', fix: 'Do this.' })
    })
  },
})

beforeAll(async () => {
  installation = await openTestInstallation({ AVOUCH_SECURITY_CONTACT: 'mailto:security@example.com' })
  app = await buildApp(installation, { commitments: [testing], parts: PARTS })
})
afterAll(async () => {
  await app.close()
  await installation.close()
})

const sent = (payload: string, type = 'application/json') =>
  app.inject({ method: 'POST', url: '/api/example-rooms/echo', payload, headers: { 'content-type': type } })

describe('routes', () => {
  it('each name a permission, with the commitments of this repository mounted', async () => {
    const commitments = await discoverCommitments()
    const routes: RouteOptions[] = []
    const spied = commitments.map((commitment) => ({
      ...commitment,
      routes: async () => {
        const plugin = await commitment.routes?.()
        return (given: typeof installation) => async (scope: FastifyInstance, options: object) => {
          scope.addHook('onRoute', (route) => void routes.push(route))
          await plugin?.(given)(scope, options)
        }
      },
    }))
    const whole = await buildApp(installation, { commitments: spied as typeof commitments, parts: PARTS })
    const described = whole.swagger() as {
      paths?: Record<string, Record<string, { 'x-permission'?: string }>>
    }
    const operations = Object.values(described.paths ?? {}).flatMap((path) => Object.values(path))
    expect(operations.length).toBeGreaterThan(40)
    for (const operation of operations) expect(isPermission(operation['x-permission'])).toBe(true)
    for (const route of routes) expect(isPermission(route.config?.permission)).toBe(true)
    await whole.close()
  })

  it('that are not public answer a stranger with 401, every one of them', async () => {
    const { paths = {} } = app.swagger() as {
      paths?: Record<string, Record<string, { 'x-permission'?: string }>>
    }
    let asked = 0
    for (const [path, operations] of Object.entries(paths))
      for (const [method, operation] of Object.entries(operations)) {
        if (operation['x-permission'] === 'public') continue
        const url = path.replace(/\{[^}]+\}/g, 'x')
        const answer = await app.inject({ method: method.toUpperCase() as 'GET', url })
        expect(`${method} ${path} ${answer.statusCode}`).toBe(`${method} ${path} 401`)
        asked++
      }
    expect(asked).toBeGreaterThan(30)
  })

  it('of a commitment stand under its name, guarded like all others', async () => {
    expect((await app.inject('/api/example-rooms/open')).json()).toEqual({ open: true })
    expect((await app.inject('/api/example-rooms/inside')).statusCode).toBe(401)
    const { headers } = await signedIn(installation, ['auditor'])
    expect((await app.inject({ url: '/api/example-rooms/inside', headers })).json()).toEqual({ inside: true })
  })

  const visible: [Part[], Record<string, number>][] = [
    [
      ['portal'],
      { '/api/example-rooms/open': 200, '/api/example-rooms/inside': 404, '/api/me': 404, '/log/key': 200 },
    ],
    [['console'], { '/api/example-rooms/inside': 401, '/api/me': 401, '/log/key': 404, '/': 404 }],
    [['weights'], { '/api/example-rooms/open': 404, '/api/me': 404, '/healthz': 200 }],
  ]
  it.each(visible)('of %s alone', async (parts, expected) => {
    const part = await buildApp(installation, { commitments: [testing], parts })
    for (const [url, status] of Object.entries(expected))
      expect(`${url} ${(await part.inject(url)).statusCode}`).toBe(`${url} ${status}`)
    await part.close()
  })
})

describe('hostile bodies', () => {
  it('are refused with what is wrong', async () => {
    expect((await sent('{"a":[1,{"b":null}]}')).json()).toEqual({ got: { a: [1, { b: null }] } })
    for (const body of [
      '{"__proto__":{"admin":true}}',
      '{"a":{"constructor":{"prototype":{"x":1}}}}',
      '[{"prototype":1}]',
      '{"a":1,"a":2}',
      '{"name":"a\\u0000b"}',
      '{"a\\u0000b":1}',
      '{"a":1',
      '\u0000',
      '"\\ud800"',
    ]) {
      const answer = await sent(body)
      expect(`${body} ${answer.statusCode} ${answer.json().error.code}`).toBe(`${body} 400 input`)
    }
    expect((await sent(`${'['.repeat(40)}${']'.repeat(40)}`)).json().error.code).toBe('input')
    expect((await sent(`${'['.repeat(500_000)}`)).statusCode).toBe(400)
    expect((await sent(JSON.stringify(Array(60_000).fill(0)))).statusCode).toBe(400)
    expect((await sent('"'.padEnd(1_100_000, 'a'))).statusCode).toBe(413)
    expect((await sent('<a/>', 'application/xml')).statusCode).toBe(415)
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
    for (const url of ['/api/example-rooms/open?x=%00', '/log/tile/%00', '/%00'])
      expect(`${url} ${(await app.inject(url)).statusCode}`).toBe(`${url} 400`)
  })
})

describe('answers', () => {
  it('say what was wrong, where, and what to do', async () => {
    const answer = await app.inject('/api/example-rooms/refused')
    expect(answer.statusCode).toBe(409)
    expect(answer.json()).toEqual({
      error: { code: 'conflict', message: 'It cannot be', where: 'there', fix: 'Do this.' },
    })
    const missing = await app.inject({
      method: 'POST',
      url: '/api/auth/sign-in/finish',
      payload: { ceremony: 'x' },
    })
    expect(missing.statusCode).toBe(400)
    expect(missing.json().error).toMatchObject({
      code: 'input',
      where: expect.stringContaining('body/ceremony'),
    })
  })

  it('keep a defect’s message to the log, and bodies and tokens out of it', async () => {
    const answer = await app.inject('/api/example-rooms/broken')
    expect(answer.statusCode).toBe(500)
    expect(answer.body).not.toContain('12345')
    expect(answer.json().error.fix).toContain(answer.headers['x-request-id'])
    const { headers } = await signedIn(installation, ['reader'])
    await app.inject({ url: '/api/me?token=query-secret', headers })
    await sent('{"password":"body-secret"}')
    const lines = installation.lines.join('')
    expect(lines).toContain('"route":"/api/me"')
    for (const secret of ['query-secret', 'body-secret', headers.cookie.split('=')[1]!])
      expect(lines).not.toContain(secret)
  })

  it('are a page for a person, with nothing of theirs in it unescaped', async () => {
    const answer = await app.inject({ url: '/<script>alert(1)</script>', headers: { accept: 'text/html' } })
    expect(answer.statusCode).toBe(404)
    expect(answer.headers['content-type']).toContain('text/html')
    expect(answer.body).not.toContain('<script>')
    expect(
      (await app.inject({ url: '/api/nowhere', headers: { accept: 'text/html' } })).json().error.code,
    ).toBe('not-found')
  })

  it('carry strict headers', async () => {
    const { headers } = await app.inject('/')
    expect(headers['content-security-policy']).toContain("script-src 'none'")
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['strict-transport-security']).toContain('max-age=31536000')
    expect(headers['referrer-policy']).toBe('no-referrer')
    const inside = await app.inject('/console/')
    expect(inside.headers['content-security-policy']).toContain("script-src 'self'")
    expect(inside.headers['content-security-policy']).toContain("default-src 'none'")
    expect((await app.inject('/api/auth/methods')).headers['cache-control']).toBe('no-store')
  })
})

describe('the first owner', () => {
  it('enrols by the link, is certified in the log, signs in, steps up and out, over HTTP', async () => {
    const origin = { origin: TEST_URL }
    const post = (url: string, payload: object = {}, headers: Record<string, string> = origin) =>
      app.inject({ method: 'POST', url, payload, headers })
    const { token } = await createOwnerLink(installation)
    expect((await post('/api/auth/invitation', { token })).json()).toMatchObject({
      name: 'Owner',
      roles: ['owner'],
    })
    const authenticator = softwareAuthenticator(TEST_URL)
    const enrol = (await post('/api/auth/enrol/begin', { token })).json()
    const enrolled = await post('/api/auth/enrol/finish', {
      ceremony: enrol.ceremony,
      response: authenticator.create(enrol.options),
      label: 'laptop',
    })
    expect(enrolled.statusCode).toBe(200)
    expect(enrolled.headers['set-cookie']).toMatch(/^__Host-avouch_session=.*HttpOnly; SameSite=Lax; Secure$/)
    expect((await post('/api/auth/invitation', { token })).statusCode).toBe(401)
    const keys = await installation.evidence.list({ type: keyEvidence })
    expect(keys.some((it) => it.fields.kind === 'person' && it.fields.rpId === 'avouch.example.com')).toBe(
      true,
    )

    const begun = (await post('/api/auth/sign-in/begin')).json()
    const entered = await post('/api/auth/sign-in/finish', {
      ceremony: begun.ceremony,
      response: authenticator.get(begun.options),
    })
    const cookie = String(entered.headers['set-cookie']).split(';')[0]!
    const me = (await app.inject({ url: '/api/me', headers: { cookie } })).json()
    expect(me).toMatchObject({
      person: { roles: ['owner'] },
      session: { steppedUp: true },
      permissions: ['self:*', '*:*'],
    })

    const mine = { ...origin, cookie }
    const invited = await post('/api/people', { name: 'Example Person', roles: ['reader'] }, mine)
    expect(invited.statusCode).toBe(201)
    expect(invited.json().url).toContain('/console/enrol#')
    const key = await post('/api/me/keys', { name: 'ci', scopes: ['release:read'] }, mine)
    expect(
      (
        await app.inject({ url: '/api/releases', headers: { authorization: `Bearer ${key.json().secret}` } })
      ).json(),
    ).toEqual([])

    const raise = (await post('/api/auth/step-up/begin', {}, mine)).json()
    const raised = await post(
      '/api/auth/step-up/finish',
      { ceremony: raise.ceremony, response: authenticator.get(raise.options) },
      mine,
    )
    expect(raised.statusCode).toBe(200)
    expect((await app.inject({ url: '/api/me', headers: { cookie } })).statusCode).toBe(401)
    const newer = { ...origin, cookie: String(raised.headers['set-cookie']).split(';')[0]! }
    expect((await post('/api/auth/sign-out', {}, newer)).statusCode).toBe(204)
    expect((await app.inject({ url: '/api/me', headers: newer })).statusCode).toBe(401)
  })

  it('limits guessing', async () => {
    const statuses = new Set<number>()
    for (let i = 0; i < 70; i++) {
      const answer = await app.inject({
        method: 'POST',
        url: '/api/auth/invitation',
        payload: { token: 'a'.repeat(43) },
        remoteAddress: '203.0.113.7',
      })
      statuses.add(answer.statusCode)
      if (answer.statusCode === 429) expect(answer.json().error.code).toBe('limit')
    }
    expect(statuses).toEqual(new Set([401, 429]))
    expect((await app.inject({ url: '/api/auth/methods', remoteAddress: '203.0.113.7' })).statusCode).toBe(
      200,
    )
  })
})

describe('what is well known', () => {
  it('is security.txt with contact and expiry', async () => {
    const { body, headers } = await app.inject('/.well-known/security.txt')
    expect(headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(body).toMatch(/^Contact: mailto:security@example\.com$/m)
    expect(body).toContain(`Canonical: ${TEST_URL}/.well-known/security.txt`)
    const expires = Date.parse(/^Expires: (.+)$/m.exec(body)?.[1] ?? '')
    expect(expires).toBeGreaterThan(Date.now())
    expect(expires).toBeLessThan(Date.now() + 366 * 86_400_000)
  })

  it('is the description of the API', async () => {
    const api = (await app.inject('/api/openapi.json')).json()
    expect(api.openapi).toBe('3.1.0')
    expect(api.paths['/api/me/keys'].post['x-step-up']).toBe(true)
    expect(
      api.paths['/api/me/keys'].post.requestBody.content['application/json'].schema.properties.scopes,
    ).toBeDefined()
  })

  it('is the log, open to any page', async () => {
    const { headers, body } = await app.inject('/log/key')
    expect(headers['access-control-allow-origin']).toBe('*')
    expect(body).toMatch(/^example\.com\/log\+[0-9a-f]{8}\+/)
    expect((await app.inject('/log/checkpoint')).json().error.message).toContain('not published')
  })
})
