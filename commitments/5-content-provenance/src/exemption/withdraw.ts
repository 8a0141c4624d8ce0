import {
  type AuthenticationResponse,
  beginSignedEvidence,
  finishSignedEvidence,
  lapseApproval,
  may,
  type Principal,
} from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Installation } from '@avouch/core/installation'
import { exemptionEvidence } from '../evidence.ts'
import { waitingExemptions } from './propose.ts'
import { listExemptions } from './view.ts'

/**
 * Begins to end an exemption: from then on content of the class is to be marked again. That is the stricter way, so one
 * person's passkey is enough. Throws `forbidden`, `not-found`, and `conflict` where it does not stand any more.
 */
export async function beginWithdrawal(
  installation: Installation,
  by: Principal,
  id: string,
  reason: string,
): ReturnType<typeof beginSignedEvidence> {
  mayWithdraw(by)
  const record = await exemptionOf(installation, id)
  const standing = await listExemptions(installation)
  if (!standing.some((one) => one.evidence === record.id && one.state === 'in-force'))
    throw new AvouchError('conflict', 'this exemption is not in force', { where: `evidence ${id}` })
  const { class: name, description } = installation.evidence.read(exemptionEvidence, record)
  return beginSignedEvidence(installation, by, {
    type: exemptionEvidence,
    about: record.about,
    fields: { class: name, description, reason, ends: true },
  })
}

/** Ends it with the person's signature, and lets what waits to exempt the same class lapse. */
export async function finishWithdrawal(
  installation: Installation,
  by: Principal,
  id: string,
  answer: { ceremony: string; response: AuthenticationResponse },
): Promise<{ evidence: string }> {
  mayWithdraw(by)
  const { fields: was, about } = await exemptionOf(installation, id)
  const accepted = await finishSignedEvidence(
    installation,
    by,
    exemptionEvidence.predicateType,
    answer,
    async (tx, _, fields) => {
      if (fields.class !== was.class || fields.ends !== true)
        throw new AvouchError('conflict', 'something else was begun', { fix: 'Begin again.' })
      // it was asked for before this was known
      for (const one of await waitingExemptions(installation))
        if (one.class === was.class && one.release === about.release)
          await lapseApproval(tx, one.request.id, installation.now())
    },
  )
  await installation.evidence.logged([accepted.id])
  return { evidence: accepted.id }
}

function mayWithdraw(by: Principal): void {
  if (by.kind === 'person' && may(by, 'content-provenance:approve')) return
  throw new AvouchError(
    'forbidden',
    'Withdrawing an exemption takes a person with content-provenance:approve',
    {
      fix: 'Ask an owner for a role that has it, and sign in with a passkey.',
    },
  )
}

async function exemptionOf({ evidence }: Installation, id: string): Promise<EvidenceRecord> {
  const record = await evidence.get(id)
  if (record?.predicateType === exemptionEvidence.predicateType) return record
  throw new AvouchError('not-found', 'there is no such exemption', { where: `evidence ${id}` })
}
