import { findSigner, type Principal } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { bytesReadUnder } from '../serve/store.ts'
import { findCase } from './break-glass-store.ts'
import { checkCase } from './review.ts'
import { reviewEvidence } from './review-evidence.ts'
import { listLeases } from './store.ts'
import { caseView, leaseView } from './view.ts'

/**
 * A broken glass with all that a reviewer has to know: the leases it gave and what was read under them, what a reviewer
 * said (null where nobody has, or where that was erased) and whose passkey signed it, and why the asker may not review
 * it. Throws `not-found`.
 */
export async function wholeCase(
  installation: Pick<Installation, 'db' | 'evidence' | 'now'>,
  by: Principal,
  id: string,
) {
  const { db, evidence, now } = installation
  const one = await findCase(db, id)
  if (one === undefined)
    throw new AvouchError('not-found', 'there is no such case', {
      where: `case ${id}`,
      fix: 'Look it up in the list of broken glasses.',
    })
  const at = now()
  const rows = (await listLeases(db, { holder: one.person, model: one.model })).filter(
    ({ break_glass }) => break_glass === id,
  )
  const bytes = await bytesReadUnder(
    db,
    rows.map((row) => row.id),
  )
  const said = one.reviewEvidence === undefined ? undefined : await evidence.get(one.reviewEvidence)
  const fields = reviewEvidence.schema.safeParse(said?.fields).data
  return {
    ...caseView(one, at),
    leases: rows.map((row) => ({ ...leaseView(row, at), bytesRead: bytes.get(row.id) ?? 0 })),
    reviewedBy: (await findSigner(installation, said?.signers ?? [])) ?? null,
    words: fields?.kind === 'break-glass' ? fields.words : null,
    refusal: one.reviewedAt ? null : await refusalFor(installation, by, id),
  }
}

async function refusalFor(
  { db }: Pick<Installation, 'db'>,
  by: Principal,
  id: string,
): Promise<string | null> {
  if (by.kind !== 'person') return 'only people review'
  try {
    await checkCase({ db }, by, id)
    return null
  } catch (error) {
    if (error instanceof AvouchError && error.code === 'forbidden') return error.message
    throw error
  }
}
