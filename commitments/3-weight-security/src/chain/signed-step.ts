import { beginSignedEvidence, finishSignedEvidence, type Principal } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Accepted } from '@avouch/core/evidence'
import type { Installation } from '@avouch/core/installation'
import { z } from 'zod'
import { custodyStep } from './evidence.ts'
import { checkStep } from './record.ts'
import { digestSchema, moves, STEPS } from './step.ts'

const digests = z.array(digestSchema).max(10_000)

/** A step as somebody says it; what comes out of a copy or a deployment is what went in. */
export const stepDraft = z.object({
  step: z.enum(STEPS),
  in: digests,
  out: digests.optional(),
  note: z.string().trim().min(1).max(2000).optional(),
})

/**
 * Prepares a step of a release's custody and asks for the person's passkey; they are who answers for it. Throws
 * `forbidden` for anyone but a person, and as `recordStep` does.
 */
export async function beginStep(
  installation: Installation,
  by: Principal,
  release: string,
  draft: z.output<typeof stepDraft>,
) {
  if (by.kind !== 'person') throw new AvouchError('forbidden', 'only a person can sign a step of custody')
  const { step, in: from, out, note } = draft
  const fields = {
    ...{ step, in: from, out: out ?? (moves(step) ? from : []) },
    ...{ by: by.person.id, ...(note !== undefined && { note }) },
  }
  await checkStep(installation, fields)
  return beginSignedEvidence(installation, by, { type: custodyStep, about: { release }, fields })
}

/** Takes the signature; from then on the step stands. Throws `unauthenticated`. */
export function finishStep(
  installation: Installation,
  by: Principal,
  answer: Parameters<typeof finishSignedEvidence>[3],
): Promise<Accepted> {
  return finishSignedEvidence(installation, by, custodyStep.predicateType, answer)
}
