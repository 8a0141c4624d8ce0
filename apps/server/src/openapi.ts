import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'

/** Describes the API from the very schemas that check it; to be called before any route is added. */
export async function describeApi(app: FastifyInstance, url: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Avouch',
        version: '0.1.0',
        description:
          'Every route names the permission it asks for, as x-permission; x-step-up asks for a passkey used within five minutes.',
      },
      servers: [{ url }],
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: 'avouch_session' },
          key: { type: 'http', scheme: 'bearer', description: 'avk_…' },
        },
      },
    },
    transform(route) {
      const described = jsonSchemaTransform(route)
      const { permission, stepUp } = route.route.config ?? {}
      return {
        ...described,
        schema: {
          ...described.schema,
          ...(permission === 'public' ? {} : { security: [{ session: [] }, { key: [] }] }),
          'x-permission': permission,
          ...(stepUp ? { 'x-step-up': true } : {}),
        },
      }
    },
  })
}

/** `/api/openapi.json`, open to all: it describes and holds nothing. */
export function serveDescription(app: FastifyInstance): void {
  app.get(
    '/api/openapi.json',
    { config: { permission: 'public' }, schema: { hide: true } },
    async (_request, reply) =>
      reply.type('application/json; charset=utf-8').serializer(JSON.stringify).send(app.swagger()),
  )
}
