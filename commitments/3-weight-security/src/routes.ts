import type { Installation } from '@avouch/core/installation'
import type { FastifyPluginAsync } from 'fastify'
import { oversightRoutes } from './access/oversight-routes.ts'
import { leaseRoutes } from './access/routes.ts'
import { alertRoutes } from './alerts/routes.ts'
import { attestationRoutes } from './attestation/routes.ts'
import { custodyRoutes } from './chain/routes.ts'
import { egressRoutes } from './egress/routes.ts'
import { identityRoutes } from './identity/routes.ts'
import { objectRoutes } from './object/routes.ts'
import { pinningRoutes } from './pinning/routes.ts'
import { programmeRoutes } from './programme/routes.ts'
import { serveRoutes } from './serve/routes.ts'
import { coverageRoutes } from './shares/routes.ts'

/** What the console reads of weights, under `/api/weight-security`. */
export function routes(installation: Installation): FastifyPluginAsync {
  return async (app) => {
    await app.register(objectRoutes(installation))
    await app.register(custodyRoutes(installation))
    await app.register(alertRoutes(installation))
    await app.register(identityRoutes(installation))
    await app.register(pinningRoutes(installation))
    await app.register(programmeRoutes(installation))
    await app.register(coverageRoutes(installation))
    await app.register(serveRoutes(installation))
    await app.register(leaseRoutes(installation))
    await app.register(oversightRoutes(installation))
    await app.register(attestationRoutes(installation))
    await app.register(egressRoutes(installation))
  }
}
