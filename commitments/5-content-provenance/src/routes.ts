import type { Installation } from '@avouch/core/installation'
import type { FastifyPluginAsync } from 'fastify'
import { exemptionRoutes } from './exemption/routes.ts'
import { readCredential } from './manifest/credential.ts'
import { readTrustList, trustListFile } from './manifest/trust-list.ts'
import { serviceCounts } from './register/counts.ts'
import { readSettings } from './settings.ts'

const reading = { config: { permission: 'content-provenance:read' } } as const

/** What the console reads of marks, under `/api/content-provenance`. */
export function routes(installation: Installation): FastifyPluginAsync {
  const { db, config } = installation
  return async (app) => {
    await app.register(exemptionRoutes(installation), { prefix: '/exemptions' })
    app.get('/services', reading, async () => {
      const [services, credential, trust, settings] = await Promise.all([
        serviceCounts(db),
        readCredential(config),
        readTrustList(trustListFile(config)),
        readSettings(config),
      ])
      const signer = credential?.chain[0]
      return {
        services: services.map(({ since, latest, ...one }) => ({
          ...one,
          since: since.toISOString(),
          latest: latest?.toISOString() ?? null,
        })),
        signer: signer
          ? { subject: signer.subject.replaceAll('\n', ', '), until: new Date(signer.validTo).toISOString() }
          : null,
        trustList: trust === undefined ? 0 : trust.split('-----BEGIN CERTIFICATE-----').length - 1,
        timeStamped: settings.timeStampAuthority !== undefined,
        feedback: settings.feedback ?? null,
      }
    })
  }
}
