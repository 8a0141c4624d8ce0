import {
  AuthenticationResponse,
  beginApproval,
  finishApproval,
  getApproval,
  listApprovals,
} from '@avouch/core/auth'
import type { Installation } from '@avouch/core/installation'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { approval, asking, id, idParam } from '../wire.ts'

/** Whoever is signed in may try; the act's own `<area>:approve` decides, where the request is known. */
const sign = { permission: 'self:sign' } as const

/** Acts that wait for two people, and their signatures: `/api/approvals`. */
export function approvalRoutes(installation: Installation): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/',
      { config: { permission: 'approval:read' }, schema: { response: { 200: z.array(approval) } } },
      () => listApprovals(installation),
    )
    app.get(
      '/:id',
      { config: { permission: 'approval:read' }, schema: { params: idParam, response: { 200: approval } } },
      (request) => getApproval(installation, request.params.id),
    )
    app.post(
      '/:id/begin',
      { config: sign, schema: { params: idParam, response: { 200: asking } } },
      (request) => beginApproval(installation, request.principal, request.params.id),
    )
    app.post(
      '/:id/finish',
      {
        config: sign,
        schema: {
          params: idParam,
          body: z.object({ ceremony: id, response: AuthenticationResponse }),
          response: { 200: approval },
        },
      },
      (request) => finishApproval(installation, request.principal, request.params.id, request.body),
    )
  }
}
