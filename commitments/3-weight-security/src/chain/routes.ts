import { AuthenticationResponse } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import { given } from '../given.ts'
import { custodyNow } from './record.ts'
import { beginStep, finishStep, stepDraft } from './signed-step.ts'
import { custodySvg } from './svg.ts'

const paramsOf = z.object({
  release: z
    .string()
    .max(201)
    .regex(/^[^\s@]+@[^\s@]+$/),
})
const answer = z.object({ ceremony: z.uuid(), response: AuthenticationResponse })
const read = { config: { permission: 'weight-security:read' } } as const
const record = { config: { permission: 'weight-security:record' } } as const

/** The custody of a release, under `/api/weight-security`: as JSON, as a picture, and steps that people sign. */
export function custodyRoutes(installation: Installation): FastifyPluginAsync {
  return async (app) => {
    app.get('/custody/:release', read, async (request) => custodyNow(installation, releaseIn(request.params)))
    app.get('/custody/:release/drawing.svg', read, async (request, reply) => {
      const svg = custodySvg(await custodyNow(installation, releaseIn(request.params)))
      return reply
        .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
        .type('image/svg+xml; charset=utf-8')
        .send(svg)
    })
    app.post('/custody/:release/steps/begin', record, async ({ params, body, principal }) =>
      beginStep(installation, principal, releaseIn(params), given(stepDraft, body, 'body')),
    )
    app.post('/custody/:release/steps/finish', record, async ({ body, principal }, reply) =>
      reply.code(201).send(await finishStep(installation, principal, given(answer, body, 'body'))),
    )
  }
}

function releaseIn(address: unknown): string {
  const parsed = paramsOf.safeParse(address)
  if (!parsed.success)
    throw new AvouchError('usage', 'this is no release', {
      where: 'address',
      fix: 'Write it NAME@VERSION.',
    })
  return parsed.data.release
}
