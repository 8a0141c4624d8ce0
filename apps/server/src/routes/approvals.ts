import {
  type ApprovalAct,
  AuthenticationResponse,
  beginApproval,
  finishApproval,
  getApproval,
  listApprovals,
} from '@avouch/core/auth'
import type { Commitment } from '@avouch/core/commitment'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { approval, asking, id, idParam } from '../wire.ts'

/** Whoever is signed in may try; the act's own `<area>:approve` decides, where the request is known. */
const sign = { permission: 'self:sign' } as const

/** Acts that wait for two people, and their signatures: `/api/approvals`. */
export function approvalRoutes(
  installation: Installation,
  commitments: readonly Commitment[],
): FastifyPluginAsyncZod {
  const actOf = async (approvalId: string): Promise<ApprovalAct> => {
    const { act } = await getApproval(installation, approvalId)
    const owner = commitments.find(({ name }) => act.startsWith(`${name}/`))
    if (owner === undefined) return {}
    const acts = await owner.approvals?.()
    const made = acts && Object.hasOwn(acts, act) ? acts[act]?.(installation) : undefined
    // signing it would have none of the consequences that its commitment gives it
    if (made === undefined)
      throw new AvouchError('conflict', `This version does not know the act ${act}`, {
        where: `approval ${approvalId}`,
      })
    return made
  }
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
      async (request) => {
        const { principal, params } = request
        return beginApproval(installation, principal, params.id, await actOf(params.id))
      },
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
      async (request) => {
        const { principal, params, body } = request
        return finishApproval(installation, principal, params.id, body, await actOf(params.id))
      },
    )
  }
}
