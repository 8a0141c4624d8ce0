import { createPerson } from '@avouch/core/auth'
import { openTestProvider, type TestProvider } from '@avouch/core/auth/testing'
import type { OpenInstallation } from '@avouch/core/open'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildApp } from './app.ts'
import { openTestInstallation } from './testing.ts'

let provider: TestProvider
let installation: OpenInstallation
let app: FastifyInstance

beforeAll(async () => {
  provider = await openTestProvider()
  installation = await openTestInstallation(provider.env)
  app = await buildApp(installation, { commitments: [], parts: ['console'] })
})
afterAll(async () => {
  await app.close()
  await installation.close()
  await provider.close()
})

const cookies = (header: string | string[] | undefined) =>
  [header ?? []].flat().map((it) => it.split(';')[0]!)

it('brings an invited person from the provider into the console, by two redirects and two cookies', async () => {
  await createPerson(installation, { name: 'Example Person', email: 'p@example.com', roles: ['auditor'] })
  provider.answer = { claims: { sub: 's1', email: 'p@example.com', email_verified: true } }
  expect((await app.inject('/api/auth/methods')).json()).toMatchObject({ singleSignOn: true })
  const away = await app.inject('/api/auth/oidc')
  expect(away.statusCode).toBe(303)
  const [browser] = cookies(away.headers['set-cookie'])
  const back = provider.agree(String(away.headers.location))
  const url = `/api/auth/oidc/callback?${back}`
  const returned = await app.inject({ url, headers: { cookie: browser } })
  expect([returned.statusCode, returned.headers.location]).toEqual([303, '/console/'])
  const [session, cleared] = cookies(returned.headers['set-cookie'])
  expect(cleared).toBe('__Host-avouch_oidc=')
  const me = (await app.inject({ url: '/api/me', headers: { cookie: session } })).json()
  expect(me).toMatchObject({ person: { roles: ['auditor'] }, session: { steppedUp: false } })
  expect((await app.inject({ url, headers: { cookie: browser } })).statusCode).toBe(401)
})

it('refuses a return without the browser’s cookie', async () => {
  const away = await app.inject('/api/auth/oidc')
  const back = provider.agree(String(away.headers.location))
  const returned = await app.inject(`/api/auth/oidc/callback?${back}`)
  expect(returned.statusCode).toBe(401)
  expect(returned.headers['set-cookie']).toBeUndefined()
})
