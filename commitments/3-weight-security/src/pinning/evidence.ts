import { defineEvidence } from '@avouch/core/evidence'
import { z } from 'zod'

const digest = z.string().regex(/^[0-9a-f]{64}$/)

/** Who signs models for the company. `signer` is what a signature's evidence calls it. */
export const signerSchema = z.strictObject({
  name: z.string().trim().min(1).max(200),
  method: z.enum(['key', 'certificate']),
  /** Of a key SHA-256 of its PEM, of a certificate SHA-256 of its DER. */
  signer: digest,
})
export type PinnedSigner = z.output<typeof signerSchema>

/** The company's list of those who sign models, whole; one that adds anybody bears the signatures of two people. */
export const signersEvidence = defineEvidence('weight-security/signers/v1', {
  title: 'Signers of models pinned',
  schema: z.object({
    signers: z.array(signerSchema).max(200),
    /** Those that the list before did not have, by digest. */
    added: z.array(digest).max(200),
    /** Id of the evidence of the list before; null where there was none. */
    replaces: z.uuid().nullable(),
    reason: z.string().min(1).max(2000),
  }),
  open: ['replaces'],
})
