import { beginSignedEvidence, findSigner, finishSignedEvidence, type Principal } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Accepted, Draft, EvidenceRecord, Logged } from '@avouch/core/evidence'
import type { Installation } from '@avouch/core/installation'
import type { z } from 'zod'
import { comparisonEvidence, type comparisonSchema } from './evidence.ts'

type Said = z.infer<typeof comparisonSchema>

/** Records a comparison by the word of whoever is named; the newest takes the place of the one before. */
export async function recordComparison(
  installation: Installation,
  said: Said & { by: string },
): Promise<Logged> {
  return installation.evidence.append(await draftOf(installation, said))
}

/** Prepares a comparison and asks for the person's passkey. Throws `forbidden` for anyone but a person. */
export async function beginComparison(installation: Installation, by: Principal, said: Said) {
  if (by.kind !== 'person') throw new AvouchError('forbidden', 'Only a person can sign a comparison')
  return beginSignedEvidence(installation, by, await draftOf(installation, { ...said, by: by.person.id }))
}

/** Takes the signature; from then on the comparison counts. Throws `unauthenticated`. */
export function finishComparison(
  installation: Installation,
  by: Principal,
  answer: Parameters<typeof finishSignedEvidence>[3],
): Promise<Accepted> {
  return finishSignedEvidence(installation, by, comparisonEvidence.predicateType, answer)
}

/**
 * The comparison that stands, and the person whose passkey signed it (null where it is only somebody's word); null where
 * there is none. Its words are null where they were erased.
 */
export async function comparisonNow(installation: Pick<Installation, 'db' | 'evidence'>) {
  const record = await standing(installation)
  if (record === undefined) return null
  const said = comparisonEvidence.schema.safeParse(record.fields).data
  const atLeast = record.fields.atLeast === true
  return {
    ...{ evidence: record.id, at: record.recordedAt.toISOString(), atLeast },
    ...{ secrets: said?.secrets ?? null, statement: said?.statement ?? null, gaps: said?.gaps ?? [] },
    ...{ by: said?.by ?? null, signedBy: (await findSigner(installation, record.signers)) ?? null },
  }
}

async function standing({ evidence }: Pick<Installation, 'evidence'>): Promise<EvidenceRecord | undefined> {
  const records = await evidence.list({ type: comparisonEvidence, limit: 10, newest: true })
  return records.findLast(({ supersededBy, retractedBy }) => !supersededBy && !retractedBy)
}

async function draftOf(
  installation: Installation,
  fields: Said & { by: string },
): Promise<Draft<Said & { by: string }>> {
  const before = await standing(installation)
  return { type: comparisonEvidence, about: {}, fields, ...(before && { supersedes: before.id }) }
}
