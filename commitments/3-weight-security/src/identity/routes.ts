import type { Installation } from '@avouch/core/installation'
import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import { given } from '../given.ts'
import { linkIdentity } from './link.ts'
import { listIdentities } from './store.ts'

const wanted = z.strictObject({ name: z.string().min(1).max(200), person: z.uuid().nullable() })

/** Whom names in events stand for, under `/api/weight-security`. */
export function identityRoutes(installation: Installation): FastifyPluginAsync {
  const investigate = { config: { permission: 'weight-security:investigate' } } as const
  const assign = { config: { permission: 'weight-security:assign', stepUp: true } } as const
  return async (app) => {
    app.get('/identities', investigate, async () => {
      const identities = await listIdentities(installation.db)
      return { identities: identities.map((one) => ({ ...one, since: one.since.toISOString() })) }
    })
    app.put('/identities', assign, async ({ body, principal }) =>
      linkIdentity(installation, principal, given(wanted, body, 'body')),
    )
  }
}
