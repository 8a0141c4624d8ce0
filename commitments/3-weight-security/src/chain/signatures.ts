import { type EvidenceRecord, PREDICATE_BASE } from '@avouch/core/evidence'
import { z } from 'zod'
import { signerOf } from '../pinning/pinned.ts'
import { digestSchema, isLive } from './step.ts'

export const SIGNATURE_TYPE = `${PREDICATE_BASE}weight-security/signature/v1`

/** What the signatures in some evidence say of digests. */
export type Signatures = {
  /** Models' digests and those of their files, each with the ids of the evidence that covers it. */
  signed: Map<string, string[]>
  /** Of the same digests: who signed, as `method:signer`. */
  signers: Map<string, string[]>
  /** Of a file's digest: the models that were signed with it in them. */
  parts: Map<string, { model: string; evidence: string }[]>
  /** The models signed for each release, oldest first. */
  models: { release: string | undefined; model: string; files: { name: string; digest: string }[] }[]
}

const signatureSchema = z.object({
  subjectDigest: digestSchema,
  files: z.array(z.object({ name: z.string(), digest: digestSchema })).catch([]),
})

/** Reads the signature evidence among some evidence; what does not stand, or is none, is passed over. */
export function signaturesIn(evidence: readonly EvidenceRecord[]): Signatures {
  const signatures: Signatures = { signed: new Map(), signers: new Map(), parts: new Map(), models: [] }
  for (const record of evidence) {
    if (record.predicateType !== SIGNATURE_TYPE || !isLive(record)) continue
    const parsed = signatureSchema.safeParse(record.fields)
    if (!parsed.success) continue
    const { subjectDigest: model, files } = parsed.data
    const digests = new Set(files.map(({ digest }) => digest))
    for (const digest of new Set([model, ...digests])) {
      push(signatures.signed, digest, record.id)
      push(signatures.signers, digest, signerOf(record))
    }
    for (const digest of digests)
      if (digest !== model) push(signatures.parts, digest, { model, evidence: record.id })
    signatures.models.push({ release: record.about.release, model, files })
  }
  return signatures
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key)
  if (known) known.push(value)
  else map.set(key, [value])
}
