import { type Principal, requestApproval } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { canonicalJson } from '@avouch/verify'
import { sha256Hex } from '../sha256.ts'
import { egressEvidence } from './evidence.ts'
import { type Limits, looserIn } from './limits.ts'
import { insertLimits, insertProposal, limitsInForce, lockLimits } from './store.ts'

/** The act that two people approve. */
export const EGRESS_ACT = 'weight-security/egress'

export type SetLimits =
  | { state: 'in-force'; evidence: string; looser: string[] }
  | { state: 'proposed'; approval: string; evidence: string; looser: string[] }

/**
 * Puts limits in force at once where they allow nothing more than those before, or are the first; else asks two people.
 * Throws `conflict` where others changed them meanwhile.
 */
export async function setLimits(
  installation: Installation,
  by: Principal,
  { limits, reason }: { limits: Limits; reason: string },
): Promise<SetLimits> {
  const { db, evidence, now } = installation
  const before = await limitsInForce(db)
  const looser = before === undefined ? [] : looserIn(before.limits, limits)
  const draft = {
    type: egressEvidence,
    about: {},
    fields: { limits, digest: sha256Hex(canonicalJson(limits)), looser, reason },
  }
  if (looser.length > 0) {
    const request = await requestApproval(installation, by, {
      act: EGRESS_ACT,
      summary: `Let more weights be read under leases: ${looser.join('; ')}. ${reason}`,
      draft,
    })
    const proposal = { approval: request.id, evidence: request.evidence, limits }
    await insertProposal(db, { ...proposal, replaces: before?.evidence ?? null })
    return { state: 'proposed', approval: request.id, evidence: request.evidence, looser }
  }
  const accepted = await db.kysely.transaction().execute(async (tx) => {
    await lockLimits(tx)
    if ((await limitsInForce(tx))?.evidence !== before?.evidence)
      throw new AvouchError('conflict', 'somebody changed the limits at the same moment', {
        fix: 'Look at them, and try again.',
      })
    const made = await evidence.accept(tx, draft)
    await insertLimits(tx, { limits, evidence: made.id, since: now() })
    return made
  })
  await evidence.logged([accepted.id])
  return { state: 'in-force', evidence: accepted.id, looser }
}
