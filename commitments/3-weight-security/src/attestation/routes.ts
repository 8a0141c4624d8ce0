import type { Installation } from '@avouch/core/installation'
import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import { given } from '../given.ts'
import { attest, challenge } from './attest.ts'
import { listEnvironments, newestAttestations } from './store.ts'
import { MOST_BYTES } from './verifier.ts'
import { loadVerifiers } from './verifiers.ts'

const byName = z.object({ name: z.string().min(1).max(200) })
const byId = z.object({ id: z.uuid() })
const answer = z.strictObject({
  /** Base64. */
  document: z.base64().max(Math.ceil((MOST_BYTES * 4) / 3) + 4),
  release: z
    .string()
    .max(201)
    .regex(/^[^\s@]+@[^\s@]+$/)
    .optional(),
})

/** Environments and their attestations, under `/api/weight-security`. */
export function attestationRoutes(installation: Installation): FastifyPluginAsync {
  return async (app) => {
    // whoever holds a lease may have to attest; what they show is held against a policy that is not theirs
    const own = { config: { permission: 'self:read' } } as const
    app.post('/environments/:name/challenges', own, async (request) => {
      const { id, nonce, endsAt } = await challenge(installation, given(byName, request.params).name)
      return { id, nonce: nonce.toString('hex'), endsAt: endsAt.toISOString() }
    })
    app.post('/challenges/:id/answer', own, async (request, reply) => {
      const { document, release } = given(answer, request.body, 'body')
      const made = await attest(installation, {
        challenge: given(byId, request.params).id,
        document: Buffer.from(document, 'base64'),
        ...(release !== undefined && { release }),
      })
      reply.header('cache-control', 'no-store')
      return { ...made, endsAt: made.endsAt.toISOString() }
    })
    app.get('/environments', { config: { permission: 'weight-security:read' } }, async () => {
      const newest = await newestAttestations(installation.db)
      const rows = await listEnvironments(installation.db)
      return {
        environments: rows.map(({ name, policy, evidence, changedAt }) => {
          const shown = newest.find((one) => one.environment === name && one.policy === evidence)
          return {
            ...{ name, evidence, changedAt: changedAt.toISOString() },
            verifier: policy.attestation?.verifier ?? null,
            measurements: policy.attestation?.measurements ?? [],
            attestedUntil: shown?.endsAt.toISOString() ?? null,
          }
        }),
        verifiers: (await loadVerifiers()).map(({ name, title, missing }) => ({ name, title, missing })),
      }
    })
  }
}
