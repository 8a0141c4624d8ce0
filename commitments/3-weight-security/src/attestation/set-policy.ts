import { type Principal, requestApproval } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { environmentEvidence } from './evidence.ts'
import { type EnvironmentPolicy, looserThan } from './policy.ts'
import { findEnvironment, insertEnvironmentProposal, lockEnvironments, putEnvironment } from './store.ts'
import { verifierNamed } from './verifiers.ts'

/** The act that two people approve. */
export const ENVIRONMENT_ACT = 'weight-security/environment'

export type SetPolicy =
  | { state: 'in-force'; evidence: string; looser: string[] }
  | { state: 'proposed'; approval: string; evidence: string; looser: string[] }

/**
 * Says what an environment must show: at once where that lets nothing more pass than before, or is the first that is
 * said of it; else two people are asked. Attestations under the policy before count no more. Throws `input` for an
 * unknown verifier or a `trust` it cannot read, `conflict` where somebody else changed it meanwhile.
 */
export async function setEnvironmentPolicy(
  installation: Installation,
  by: Principal,
  { name, policy, reason }: { name: string; policy: EnvironmentPolicy; reason: string },
): Promise<SetPolicy> {
  const { db, evidence, now } = installation
  if (policy.attestation !== null) await trustedBy(policy.attestation, name)
  const before = await findEnvironment(db, name)
  const looser = before === undefined ? [] : looserThan(before.policy, policy)
  const draft = {
    type: environmentEvidence,
    about: {},
    fields: { environment: name, policy, looser, reason },
  }
  if (before !== undefined && looser.length > 0) {
    const request = await requestApproval(installation, by, {
      act: ENVIRONMENT_ACT,
      summary: `Ask less of the environment ${name} before weights are opened in it: ${looser.join('; ')}. ${reason}`,
      draft,
    })
    const { id: approval, evidence: waiting } = request
    await insertEnvironmentProposal(db, {
      approval,
      evidence: waiting,
      name,
      policy,
      replaces: before.evidence,
    })
    return { state: 'proposed', approval, evidence: waiting, looser }
  }
  const made = await db.kysely.transaction().execute(async (tx) => {
    await lockEnvironments(tx)
    if ((await findEnvironment(tx, name))?.evidence !== before?.evidence)
      throw new AvouchError('conflict', 'somebody changed this policy at the same moment', {
        fix: 'Look at it, and try again.',
      })
    const accepted = await evidence.accept(tx, draft)
    await putEnvironment(tx, { name, policy, evidence: accepted.id, changedAt: now() })
    return accepted
  })
  await evidence.logged([made.id])
  return { state: 'in-force', evidence: made.id, looser }
}

/**
 * Asks two people to sign for whom an environment's attestation trusts, as its policy says already. With their signatures
 * it stands anew, and attestations before count no more. Throws `not-found` where nothing is asked of the environment.
 */
export async function confirmEnvironmentPolicy(
  installation: Installation,
  by: Principal,
  { name, reason }: { name: string; reason: string },
): Promise<{ approval: string; evidence: string }> {
  const { db } = installation
  const before = await findEnvironment(db, name)
  if (before === undefined)
    throw new AvouchError('not-found', 'nothing is asked of this environment', {
      where: `environment ${name}`,
      fix: 'Say what it must show first: `avouch weights environment set`.',
    })
  const { policy, evidence: replaces } = before
  const request = await requestApproval(installation, by, {
    act: ENVIRONMENT_ACT,
    summary: `Trust what the environment ${name} attests, by ${policy.attestation?.verifier ?? 'nothing'}. ${reason}`,
    draft: {
      type: environmentEvidence,
      about: {},
      fields: { environment: name, policy, looser: [], reason },
    },
  })
  const { id: approval, evidence } = request
  await insertEnvironmentProposal(db, { approval, evidence, name, policy, replaces })
  return { approval, evidence }
}

/** A policy that nothing can ever answer would shut everybody out, and taking it back takes two people. */
async function trustedBy(
  { verifier: name, trust }: { verifier: string; trust: string },
  environment: string,
): Promise<void> {
  const verifier = await verifierNamed(name)
  try {
    verifier.trusted(trust)
  } catch (cause) {
    throw new AvouchError('input', (cause as Error).message, {
      where: `environment ${environment}, trust`,
      fix: `For ${name}, "trust" holds the text of ${verifier.trust}.`,
      cause,
    })
  }
}
