import {
  ApiKeyDraft,
  beginEnrolment,
  certify,
  createApiKey,
  finishEnrolment,
  listApiKeys,
  listPasskeys,
  listSessions,
  RegistrationResponse,
  ROLES,
  recordAccess,
  revokeApiKey,
  revokePasskey,
  revokeSession,
  steppedUp,
} from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { recordSoon } from '../revocations.ts'
import { apiKey, asking, id, idParam, instant, passkey, person, session } from '../wire.ts'
import { personOf } from './sign-in.ts'

const read = { permission: 'self:read' } as const
const write = { permission: 'self:write' } as const
const careful = { permission: 'self:write', stepUp: true } as const

/** Who is asking, and their own sessions, passkeys and API keys: `/api/me`. */
export function meRoutes(installation: Installation): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/',
      {
        config: read,
        schema: {
          response: {
            200: z.object({
              person,
              permissions: z.array(z.string()).describe('Patterns `<area>:<verb>`, either half may be `*`.'),
              session: z
                .object({ id, expiresAt: instant, steppedUpAt: instant.optional(), steppedUp: z.boolean() })
                .optional(),
            }),
          },
        },
      },
      async (request) => {
        const { principal } = request
        if (principal.kind !== 'person' && principal.kind !== 'key')
          throw new AvouchError('unauthenticated', 'Nobody is signed in')
        const granted = principal.person.roles.flatMap((role) => [...ROLES[role]])
        if (principal.kind === 'key') return { person: principal.person, permissions: principal.key.scopes }
        const now = installation.now()
        return {
          person: principal.person,
          permissions: ['self:*', ...new Set(granted)],
          session: { ...principal.session, steppedUp: steppedUp(principal, now) },
        }
      },
    )

    app.get('/sessions', { config: read, schema: { response: { 200: z.array(session) } } }, (request) =>
      listSessions(installation, personOf(request).person.id),
    )
    app.delete('/sessions/:id', { config: write, schema: { params: idParam } }, async (request, reply) => {
      await revokeSession(installation, personOf(request).person.id, request.params.id)
      return reply.code(204).send()
    })

    app.get('/passkeys', { config: read, schema: { response: { 200: z.array(passkey) } } }, (request) =>
      listPasskeys(installation, personOf(request).person.id),
    )
    app.post('/passkeys/begin', { config: careful, schema: { response: { 200: asking } } }, (request) =>
      beginEnrolment(installation, { personId: personOf(request).person.id }),
    )
    app.post(
      '/passkeys/finish',
      {
        config: careful,
        schema: {
          body: z.object({
            ceremony: id,
            response: RegistrationResponse,
            label: z.string().trim().min(1).max(100),
          }),
          response: { 200: z.object({ keyid: z.string() }) },
        },
      },
      async (request) => {
        const personId = personOf(request).person.id
        const added = certify(installation, 'added')
        const { credential } = await finishEnrolment(installation, { ...request.body, personId }, added)
        return { keyid: credential.keyid }
      },
    )
    app.delete(
      '/passkeys/:id',
      { config: careful, schema: { params: z.object({ id: z.string().max(1400) }) } },
      async (request, reply) => {
        await revokePasskey(installation, personOf(request).person.id, request.params.id)
        await recordSoon(installation)
        return reply.code(204).send()
      },
    )

    app.get('/keys', { config: read, schema: { response: { 200: z.array(apiKey) } } }, (request) =>
      listApiKeys(installation, personOf(request).person.id),
    )
    app.post(
      '/keys',
      {
        config: careful,
        schema: { body: ApiKeyDraft, response: { 201: z.object({ secret: z.string(), key: apiKey }) } },
      },
      async (request, reply) =>
        reply
          .code(201)
          .send(
            await createApiKey(
              installation,
              personOf(request).person.id,
              request.body,
              recordAccess(installation, request.principal),
            ),
          ),
    )
    app.delete('/keys/:id', { config: write, schema: { params: idParam } }, async (request, reply) => {
      await revokeApiKey(installation, personOf(request).person.id, request.params.id)
      await recordSoon(installation)
      return reply.code(204).send()
    })
  }
}
