import { AuthenticationResponse } from '@avouch/core/auth'
import type { Installation } from '@avouch/core/installation'
import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import { given } from '../given.ts'
import { beginComparison, comparisonNow, finishComparison } from './compare.ts'
import { comparisonSchema } from './evidence.ts'

const answer = z.object({ ceremony: z.uuid(), response: AuthenticationResponse })
const investigate = { config: { permission: 'weight-security:investigate' } } as const

/** Signing that the programme is at least that for the company's most valuable secrets. */
export function programmeRoutes(installation: Installation): FastifyPluginAsync {
  return async (app) => {
    app.get('/comparison', investigate, async () => ({ comparison: await comparisonNow(installation) }))
    app.post('/comparison/begin', investigate, (request) =>
      beginComparison(installation, request.principal, given(comparisonSchema, request.body, 'body')),
    )
    app.post('/comparison/finish', investigate, (request) =>
      finishComparison(installation, request.principal, given(answer, request.body, 'body')),
    )
  }
}
