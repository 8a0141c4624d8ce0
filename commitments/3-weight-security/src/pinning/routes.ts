import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import { given } from '../given.ts'
import { readPemCertificates } from '../signing/certificate.ts'
import { readPublicKey } from '../signing/ec-key.ts'
import { type PinnedSigner, signerSchema } from './evidence.ts'
import { pinnedSigners, pinSigners } from './pin.ts'

const reason = z.string().trim().min(1).max(2000)
const added = z.strictObject({
  name: signerSchema.shape.name,
  /** A public key or a certificate: what signs, never the private key. */
  pem: z.string().min(1).max(16_384),
  reason,
})
const removed = z.strictObject({ signer: signerSchema.shape.signer, reason })

/** Who signs models for the company, under `/api/weight-security`. Approving: `/api/approvals`. */
export function pinningRoutes(installation: Installation): FastifyPluginAsync {
  const read = { config: { permission: 'weight-security:read' } } as const
  const assign = { config: { permission: 'weight-security:assign', stepUp: true } } as const
  return async (app) => {
    app.get('/signers', read, async () => {
      const { signers = [], evidence = null } = (await pinnedSigners(installation)) ?? {}
      return { signers, evidence }
    })
    app.post('/signers', assign, async ({ body, principal }, reply) => {
      const { name, pem, reason: why } = given(added, body, 'body')
      const signer = signerIn(pem)
      const before = (await pinnedSigners(installation))?.signers ?? []
      const signers = [...before.filter((one) => one.signer !== signer.signer), { name, ...signer }]
      return reply.code(201).send(await pinSigners(installation, principal, { signers, reason: why }))
    })
    app.post('/signers/removal', assign, async ({ body, principal }) => {
      const { signer, reason: why } = given(removed, body, 'body')
      const before = (await pinnedSigners(installation))?.signers ?? []
      const signers = before.filter((one) => one.signer !== signer)
      if (signers.length === before.length)
        throw new AvouchError('not-found', 'this signer is not on the list', { where: signer })
      return pinSigners(installation, principal, { signers, reason: why })
    })
  }
}

/** The digest by which a signature's evidence will name it. */
function signerIn(pem: string): Pick<PinnedSigner, 'method' | 'signer'> {
  return pem.includes('-----BEGIN CERTIFICATE-----')
    ? { method: 'certificate', signer: readPemCertificates(pem, 'pem')[0]!.fingerprint }
    : { method: 'key', signer: readPublicKey(Buffer.from(pem), 'pem').hint }
}
