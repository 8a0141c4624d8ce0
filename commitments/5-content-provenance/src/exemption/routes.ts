import { AuthenticationResponse } from '@avouch/core/auth'
import type { Installation } from '@avouch/core/installation'
import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import { parsed } from '../upload.ts'
import { exemptionDraft, proposeExemption } from './propose.ts'
import { listExemptions } from './view.ts'
import { beginWithdrawal, finishWithdrawal } from './withdraw.ts'

const byId = z.object({ id: z.uuid() })
const why = z.object({ reason: z.string().trim().min(20).max(4_000) })
const signed = z.object({ ceremony: z.string().min(1).max(100), response: AuthenticationResponse })

const read = { config: { permission: 'content-provenance:read' } } as const
const propose = { config: { permission: 'content-provenance:exempt' } } as const
const withdraw = { config: { permission: 'content-provenance:approve' } } as const

/** Content that is not marked, under `/api/content-provenance/exemptions`. Approving: `/api/approvals`. */
export function exemptionRoutes(installation: Installation): FastifyPluginAsync {
  return async (app) => {
    app.get('/', read, async () => ({
      exemptions: (await listExemptions(installation)).map(({ at, ...one }) => ({
        ...one,
        at: at.toISOString(),
      })),
    }))
    app.post('/', propose, async ({ body, principal }, reply) => {
      const { id, evidence, expiresAt } = await proposeExemption(
        installation,
        principal,
        parsed(exemptionDraft, body),
      )
      return reply.code(201).send({ approval: id, evidence, expiresAt: expiresAt.toISOString() })
    })
    app.post('/:id/withdrawal/begin', withdraw, async ({ params, body, principal }) =>
      beginWithdrawal(installation, principal, parsed(byId, params).id, parsed(why, body).reason),
    )
    app.post('/:id/withdrawal/finish', withdraw, async ({ params, body, principal }) =>
      finishWithdrawal(installation, principal, parsed(byId, params).id, parsed(signed, body)),
    )
  }
}
