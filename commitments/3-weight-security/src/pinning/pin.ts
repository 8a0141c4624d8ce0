import { type ApprovalAct, type Principal, requestApproval } from '@avouch/core/auth'
import type { Tx } from '@avouch/core/db'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { sql } from 'kysely'
import { z } from 'zod'
import { type PinnedSigner, signersEvidence } from './evidence.ts'

/** The act that two people approve. */
export const SIGNERS_ACT = 'weight-security/signers'

export type Pinning =
  | { state: 'in-force'; evidence: string; added: string[] }
  | { state: 'proposed'; approval: string; evidence: string; added: string[] }

/** The list in force, and its evidence; undefined where nobody was ever pinned. */
export async function pinnedSigners({
  evidence,
}: Pick<Installation, 'evidence'>): Promise<{ signers: PinnedSigner[]; evidence: string } | undefined> {
  const newest = (await evidence.list({ type: signersEvidence, newest: true, limit: 1 }))[0]
  return newest && { signers: evidence.read(signersEvidence, newest).signers, evidence: newest.id }
}

/**
 * Says anew who signs models for the company. Whoever is added counts once two people have signed for it, the first one
 * too: a key that somebody made for themselves is nobody's. Taking signers away counts at once. Throws `input` where one
 * stands there twice.
 */
export async function pinSigners(
  installation: Installation,
  by: Principal,
  { signers, reason }: { signers: PinnedSigner[]; reason: string },
): Promise<Pinning> {
  const digests = signers.map(({ signer }) => signer)
  if (new Set(digests).size < digests.length)
    throw new AvouchError('input', 'a signer stands in the list twice', { where: 'signers' })
  const before = await pinnedSigners(installation)
  const known = new Set(before?.signers.map(({ signer }) => signer))
  const added = digests.filter((signer) => !known.has(signer))
  const draft = {
    type: signersEvidence,
    about: {},
    fields: { signers, added, replaces: before?.evidence ?? null, reason },
  }
  if (added.length === 0) {
    const { id } = await installation.db.kysely.transaction().execute(async (tx) => {
      await lockList(tx)
      await refuseOvertaken(installation, before?.evidence ?? null)
      return installation.evidence.accept(tx, draft)
    })
    await installation.evidence.logged([id])
    return { state: 'in-force', evidence: id, added }
  }
  const names = signers.filter(({ signer }) => added.includes(signer)).map(({ name }) => name)
  const { id: approval, evidence } = await requestApproval(installation, by, {
    act: SIGNERS_ACT,
    summary: `Let models be signed by ${names.join(', ')} (${added.map((one) => one.slice(0, 16)).join(', ')}). ${reason}`,
    draft,
  })
  return { state: 'proposed', approval, evidence, added }
}

/** Pinning signers, once two people have signed for them. Refused where the list was changed meanwhile. */
export function signersAct(installation: Installation): ApprovalAct {
  return {
    async check({ statement }, _, tx) {
      if (tx) await lockList(tx)
      await refuseOvertaken(installation, proposed.parse(JSON.parse(statement)).predicate.fields.replaces)
    },
  }
}

const proposed = z.object({
  predicate: z.object({ fields: z.object({ replaces: z.uuid().nullable() }) }),
})

/** One list takes the place of another at a time, until this transaction ends. */
async function lockList(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('weight_security.signers'))`.execute(tx)
}

async function refuseOvertaken(installation: Installation, replaces: string | null): Promise<void> {
  if (((await pinnedSigners(installation))?.evidence ?? null) === replaces) return
  throw new AvouchError('conflict', 'the list of signers has been changed since this was proposed', {
    fix: 'Look at it, and propose it again.',
  })
}
