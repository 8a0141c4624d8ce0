import {
  AuthenticationResponse,
  beginEnrolment,
  beginOidc,
  beginSignIn,
  beginStepUp,
  certify,
  finishEnrolment,
  finishOidc,
  finishSignIn,
  finishStepUp,
  hasOwner,
  oidcCookie,
  RegistrationResponse,
  readInvitation,
  readOidcCookie,
  revokeSession,
  sessionCookie,
  startSession,
} from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { CEREMONY_LIMIT } from '../limits.ts'
import { asking, id, instant } from '../wire.ts'

const open = { permission: 'public', rateLimit: CEREMONY_LIMIT } as const
const mine = { permission: 'self:write', rateLimit: CEREMONY_LIMIT } as const
const token = z.string().max(64)
const signedIn = z.object({ personId: id, expiresAt: instant })
const assertion = z.object({ ceremony: id, response: AuthenticationResponse })

/** The person and session of a route that only people reach. Throws `forbidden` for an API key. */
export function personOf(request: FastifyRequest) {
  if (request.principal.kind !== 'person')
    throw new AvouchError('forbidden', 'Only a person who is signed in can do this', {
      fix: 'Sign in to the console.',
    })
  return request.principal
}

/** Signing in by passkey or single sign-on, enrolling by invitation, step-up, signing out: `/api/auth`. */
export function signInRoutes(installation: Installation): FastifyPluginAsyncZod {
  const { config } = installation
  const begin = (
    reply: FastifyReply,
    started: { token: string; personId: string; session: { expiresAt: Date } },
  ) => {
    reply.header('set-cookie', sessionCookie(config, started.token))
    return { personId: started.personId, expiresAt: started.session.expiresAt }
  }
  return async (app) => {
    app.get(
      '/methods',
      {
        config: { permission: 'public' },
        schema: { response: { 200: z.object({ owner: z.boolean(), singleSignOn: z.boolean() }) } },
      },
      async () => ({ owner: await hasOwner(installation), singleSignOn: config.oidc !== undefined }),
    )

    app.post('/sign-in/begin', { config: open, schema: { response: { 200: asking } } }, () =>
      beginSignIn(installation),
    )
    app.post(
      '/sign-in/finish',
      { config: open, schema: { body: assertion, response: { 200: signedIn } } },
      async (request, reply) => begin(reply, await finishSignIn(installation, request.body)),
    )

    app.post(
      '/invitation',
      {
        config: open,
        schema: {
          body: z.object({ token }),
          response: { 200: z.object({ name: z.string(), roles: z.array(z.string()), expiresAt: instant }) },
        },
      },
      async (request) => {
        const { person, expiresAt } = await readInvitation(installation, request.body.token)
        return { name: person.name, roles: person.roles, expiresAt }
      },
    )
    app.post(
      '/enrol/begin',
      { config: open, schema: { body: z.object({ token }), response: { 200: asking } } },
      (request) => beginEnrolment(installation, { invitation: request.body.token }),
    )
    app.post(
      '/enrol/finish',
      {
        config: open,
        schema: {
          body: z.object({
            ceremony: id,
            response: RegistrationResponse,
            label: z.string().trim().min(1).max(100),
          }),
          response: { 200: signedIn },
        },
      },
      async (request, reply) => {
        const { person } = await finishEnrolment(installation, request.body, certify(installation, 'added'))
        return begin(reply, await startSession(installation, person.id, 'passkey'))
      },
    )

    app.post('/step-up/begin', { config: mine, schema: { response: { 200: asking } } }, (request) =>
      beginStepUp(installation, personOf(request).person.id),
    )
    app.post(
      '/step-up/finish',
      { config: mine, schema: { body: assertion, response: { 200: signedIn } } },
      async (request, reply) => {
        const { person, session } = personOf(request)
        return begin(
          reply,
          await finishStepUp(installation, { id: session.id, personId: person.id }, request.body),
        )
      },
    )
    app.post('/sign-out', { config: mine }, async (request, reply) => {
      const { person, session } = personOf(request)
      await revokeSession(installation, person.id, session.id)
      return reply.header('set-cookie', sessionCookie(config, undefined)).code(204).send()
    })

    app.get('/oidc', { config: open }, async (_request, reply) => {
      const { url, browser } = await beginOidc(installation)
      return reply.header('set-cookie', oidcCookie(config, browser)).redirect(url, 303)
    })
    app.get('/oidc/callback', { config: open }, async (request, reply) => {
      const browser = readOidcCookie(request.headers.cookie, config) ?? ''
      const search = new URL(request.url, config.url).searchParams
      const started = await finishOidc(installation, search, browser)
      return reply
        .header('set-cookie', [sessionCookie(config, started.token), oidcCookie(config, undefined)])
        .redirect('/console/', 303)
    })
  }
}
