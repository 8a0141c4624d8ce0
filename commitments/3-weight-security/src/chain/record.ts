import { AvouchError } from '@avouch/core/errors'
import type { EvidenceRecord, Logged } from '@avouch/core/evidence'
import type { Installation } from '@avouch/core/installation'
import { keyEvidence } from '@avouch/core/log'
import { pinnedIn, SIGNERS } from '../pinning/pinned.ts'
import { circleOf } from './chain.ts'
import { type Custody, custodyOf } from './custody.ts'
import { type CustodyStepFields, custodyStep } from './evidence.ts'
import { SEALED_TYPE, sealedObjects } from './sealed.ts'
import { SIGNATURE_TYPE } from './signatures.ts'
import { isLive, problemWith, STEP_TYPE, stepsOf } from './step.ts'

type Needs = Pick<Installation, 'evidence'>

/**
 * Records a step of custody and waits until it is logged. Without a release the step is about the company's weights at
 * large, which the gate does not count for any one release. Throws `input` for a step that cannot be, `conflict` where it would make
 * weights out of themselves over the steps that stand. Two such steps at once may both pass; the chain then tells of
 * the contradiction.
 */
export async function recordStep(
  { evidence }: Needs,
  fields: CustodyStepFields,
  release: string | undefined,
): Promise<Logged> {
  await checkStep({ evidence }, fields)
  return evidence.append({ type: custodyStep, fields, about: release === undefined ? {} : { release } })
}

/** Throws `input` for a step that cannot be, `conflict` where the steps that stand would make weights out of themselves. */
export async function checkStep({ evidence }: Needs, fields: CustodyStepFields): Promise<void> {
  const problem = problemWith(fields)
  if (problem)
    throw new AvouchError('input', `this ${fields.step} cannot be: ${problem}`, {
      fix: 'Correct what went in and what came out.',
    })
  const standing = stepsOf(await evidence.list({ type: STEP_TYPE }))
  const added = {
    ...fields,
    evidence: [],
    order: Number.MAX_SAFE_INTEGER,
    at: '',
    by: undefined,
    note: undefined,
  }
  const circle = circleOf(standing, added)
  if (circle)
    throw new AvouchError('conflict', `${circle.slice(0, 12)}… would be made out of itself`, {
      where: '--out',
      fix: 'Steps that are recorded say that what went in was made out of it: see avouch weights custody.',
    })
}

/** All evidence that custody is told by, oldest first. */
export async function custodyEvidence({ evidence }: Needs): Promise<EvidenceRecord[]> {
  const kinds = await Promise.all(
    [STEP_TYPE, SIGNATURE_TYPE, SEALED_TYPE].map((type) => evidence.list({ type })),
  )
  return kinds.flat().sort((one, other) => one.sequence - other.sequence)
}

/** The custody of a release as it stands: of what is sealed for it, else of what is signed. */
export async function custodyNow(installation: Needs, release: string): Promise<Custody> {
  const [evidence, lists, keys] = await Promise.all([
    custodyEvidence(installation),
    installation.evidence.list({ type: SIGNERS }),
    installation.evidence.list({ type: keyEvidence }),
  ])
  const people = new Set(
    keys.filter(({ fields }) => fields.kind === 'person').map(({ fields }) => fields.keyid),
  )
  const pinned = pinnedIn(lists.filter(isLive), ({ signers }) => signers.some((one) => people.has(one)))
  const objects = sealedObjects(evidence, release)
  return custodyOf(evidence, release, objects.length > 0 ? objects : undefined, pinned)
}
