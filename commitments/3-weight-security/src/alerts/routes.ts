import type { Principal } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import { given } from '../given.ts'
import { actOnAlert } from './act.ts'
import { OUTCOMES, STATES } from './alert.ts'
import { findAlert, listAlerts, listCoverage, listRuns } from './store.ts'
import { outcomesSoFar, pageOf, viewAlert } from './view.ts'

const byId = z.object({ id: z.uuid() })
const words = z.string().trim().min(1).max(4000)
const filter = z.object({
  state: z.enum(STATES).optional(),
  person: z.string().min(1).max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
})
const ofCoverage = z.object({
  model: z.string().min(1).max(200).optional(),
  person: z.string().min(1).max(200).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
})
const move = z.discriminatedUnion('act', [
  z.object({ act: z.literal('acknowledge'), words: words.optional() }),
  z.object({ act: z.literal('explain'), words }),
  z.object({ act: z.literal('escalate'), words }),
  z.object({ act: z.literal('close'), words, outcome: z.enum(OUTCOMES) }),
])

// alerts name people: who may read everything else may not read these
const investigate = { config: { permission: 'weight-security:investigate' } } as const

/** Alerts and what is done about them, under `/api/weight-security`. */
export function alertRoutes(installation: Installation): FastifyPluginAsync {
  const { db } = installation
  const found = async (address: unknown) => {
    const alert = await findAlert(db, given(byId, address).id)
    if (!alert) throw new AvouchError('not-found', 'there is no such alert')
    return alert
  }
  return async (app) => {
    app.get('/alerts', investigate, async (request) => {
      const alerts = await listAlerts(db, given(filter, request.query))
      return { alerts: alerts.map(viewAlert), ...(await outcomesSoFar(installation)) }
    })
    app.get('/alerts/:id', investigate, async (request) => pageOf(installation, await found(request.params)))
    app.post('/alerts/:id/acts', investigate, async (request) => {
      const { id } = given(byId, request.params)
      const asked = given(move, request.body, 'body')
      const { alert } = await actOnAlert(installation, id, { ...asked, by: personOf(request.principal) })
      return pageOf(installation, alert)
    })
    app.get('/detector-runs', investigate, async () => {
      const runs = await listRuns(db, 100)
      return {
        runs: runs.map(({ from, to, madeAt, digest, ...run }) => ({
          ...run,
          digest: digest ?? null,
          from: from?.toISOString() ?? null,
          to: to?.toISOString() ?? null,
          madeAt: madeAt.toISOString(),
        })),
      }
    })
    app.get('/coverage', investigate, async (request) => {
      const rows = await listCoverage(db, given(ofCoverage, request.query))
      return { coverage: rows.map(({ asOf, ...row }) => ({ ...row, asOf: asOf.toISOString() })) }
    })
  }
}

/** Whose act it is. */
function personOf(principal: Principal): string {
  if (principal.kind === 'person' || principal.kind === 'key') return principal.person.id
  if (principal.kind === 'local') return 'command-line'
  throw new AvouchError('unauthenticated', 'sign in first')
}
