import { beginSignedEvidence, finishSignedEvidence, type Principal } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Accepted, Draft, Logged } from '@avouch/core/evidence'
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

async function draftOf(
  { evidence }: Installation,
  fields: Said & { by: string },
): Promise<Draft<Said & { by: string }>> {
  const records = await evidence.list({ type: comparisonEvidence, limit: 10, newest: true })
  const before = records.findLast(({ supersededBy, retractedBy }) => !supersededBy && !retractedBy)
  return { type: comparisonEvidence, about: {}, fields, ...(before && { supersedes: before.id }) }
}
