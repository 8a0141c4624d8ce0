import type { Installation } from '@avouch/core/installation'
import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import { given } from '../given.ts'
import { coverageOf, viewCoverage } from './gather.ts'

const asked = z.object({
  model: z.string().min(1).max(200).optional(),
  asOf: z.iso.datetime({ offset: true }).optional(),
})

// it names people: who may read everything else may not read this
const investigate = { config: { permission: 'weight-security:investigate' } } as const

/** Who read what share of which model, under `/api/weight-security/read-coverage`. */
export function coverageRoutes(installation: Installation): FastifyPluginAsync {
  return async (app) => {
    app.get('/read-coverage', investigate, async (request) => {
      const { model, asOf } = given(asked, request.query)
      return viewCoverage(
        await coverageOf(installation, { model, asOf: asOf === undefined ? undefined : new Date(asOf) }),
      )
    })
  }
}
