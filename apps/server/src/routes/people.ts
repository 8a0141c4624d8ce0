import {
  disablePerson,
  invite,
  inviteAgain,
  listPeople,
  PersonDraft,
  ROLES,
  type Role,
  recordAccess,
  setRoles,
} from '@avouch/core/auth'
import type { Installation } from '@avouch/core/installation'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { recordSoon } from '../revocations.ts'
import { idParam, instant, person } from '../wire.ts'
import { personOf } from './sign-in.ts'

const careful = { permission: 'people:manage', stepUp: true } as const
const invitation = z.object({ person, url: z.string(), expiresAt: instant })
const roles = z.array(z.enum(Object.keys(ROLES) as [Role, ...Role[]])).max(20)

/** Everyone of the installation; inviting, giving roles, ending access: `/api/people`. */
export function peopleRoutes(installation: Installation): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/',
      { config: { permission: 'people:read' }, schema: { response: { 200: z.array(person) } } },
      () => listPeople(installation),
    )
    app.get(
      '/roles',
      {
        config: { permission: 'people:read' },
        schema: { response: { 200: z.record(z.string(), z.array(z.string())) } },
      },
      async () => Object.fromEntries(Object.entries(ROLES).map(([role, granted]) => [role, [...granted]])),
    )
    app.post(
      '/',
      { config: careful, schema: { body: PersonDraft, response: { 201: invitation } } },
      async (request, reply) =>
        reply
          .code(201)
          .send(
            await invite(
              installation,
              request.body,
              personOf(request).person.id,
              recordAccess(installation, request.principal),
            ),
          ),
    )
    app.post(
      '/:id/invitation',
      { config: careful, schema: { params: idParam, response: { 200: invitation } } },
      (request) =>
        inviteAgain(
          installation,
          request.params.id,
          personOf(request).person.id,
          recordAccess(installation, request.principal),
        ),
    )
    app.put(
      '/:id/roles',
      { config: careful, schema: { params: idParam, body: z.object({ roles }), response: { 200: person } } },
      (request) =>
        setRoles(
          installation,
          request.params.id,
          request.body.roles,
          recordAccess(installation, request.principal),
        ),
    )
    app.post(
      '/:id/disable',
      { config: careful, schema: { params: idParam, response: { 200: person } } },
      async (request) => {
        const disabled = await disablePerson(installation, request.params.id, request.principal)
        await recordSoon(installation)
        return disabled
      },
    )
  }
}
