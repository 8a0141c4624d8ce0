import { defineEvidence } from '@avouch/core/evidence'
import { z } from 'zod'
import { environmentPolicySchema } from './policy.ts'

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const environment = z.string().min(1).max(200)

/** What an environment must show of itself from now on; a looser policy bears the signatures of two people. */
export const environmentEvidence = defineEvidence('weight-security/environment/v1', {
  title: 'What an environment must attest',
  schema: z.object({
    environment,
    policy: environmentPolicySchema,
    /** In what it lets more pass than the one before, in words; empty where in nothing. */
    looser: z.array(z.string().max(200)).max(10),
    reason: z.string().min(1).max(2000),
  }),
})

/** An environment showed what it is, and its policy allows that. */
export const attestationEvidence = defineEvidence('weight-security/attestation/v1', {
  title: 'Environment attested',
  schema: z.object({
    attestation: z.uuid(),
    environment,
    verifier: z.string().max(40),
    /** The evidence of the policy it was held against. */
    policy: z.uuid(),
    measurement: z.record(z.string().max(40), z.string().max(200)),
    /** SHA-256 of the document, which is attached. */
    document: hash,
    until: z.iso.datetime(),
    /** What this verifier does not look at. */
    missing: z.array(z.string().max(300)).max(20),
  }),
  open: ['attestation', 'verifier', 'policy'],
})

export const attestationKinds = [environmentEvidence, attestationEvidence]
