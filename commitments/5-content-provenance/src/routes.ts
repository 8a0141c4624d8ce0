import type { Installation } from '@avouch/core/installation'
import type { FastifyPluginAsync } from 'fastify'
import { exemptionRoutes } from './exemption/routes.ts'
import { lastTrial, layersOf, robustnessNow } from './overview.ts'
import { serviceCounts } from './register/counts.ts'
import { markedDays } from './register/days.ts'

const reading = { config: { permission: 'content-provenance:read' } } as const

/** What the console reads of marks, under `/api/content-provenance`. */
export function routes(installation: Installation): FastifyPluginAsync {
  return async (app) => {
    await app.register(exemptionRoutes(installation), { prefix: '/exemptions' })
    app.get('/services', reading, async () => ({
      services: (await serviceCounts(installation.db)).map(({ since, latest, ...one }) => ({
        ...one,
        since: since.toISOString(),
        latest: latest?.toISOString() ?? null,
      })),
    }))
    app.get('/days', reading, () => markedDays(installation))
    app.get('/layers', reading, () => layersOf(installation))
    app.get('/robustness', reading, async () => ({
      media: (await robustnessNow(installation)).map(({ at, ...one }) => ({
        ...one,
        at: at?.toISOString() ?? null,
      })),
      trial: await lastTrial(installation),
    }))
  }
}
