import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Installation } from '@avouch/core/installation'
import { keyEvidence } from '@avouch/core/log'
import { exemptionEvidence } from '../evidence.ts'
import { waitingExemptions } from './propose.ts'
import { standingExemptions } from './standing.ts'

/** An exemption as pages and the command line show it. */
export type ExemptionView = {
  class: string
  /** Absent in what was recorded of no release; that counts nowhere. */
  release: string | null
  /** `unsigned`: recorded without a person's signature, so that it exempts nothing. */
  state: 'in-force' | 'waiting' | 'withdrawn' | 'unsigned'
  /** What it is, why it is exempt or no longer; null where that was erased, or is still in the request alone. */
  description: string | null
  reason: string | null
  /** In force since, withdrawn on, or lapsing at. */
  at: Date
  evidence: string | null
  /** The request that waits, with how many have signed of how many. */
  approval: { id: string; summary: string; signed: number; needed: number } | null
}

/** Every class of content that is exempt, was, or is to be; what waits comes first. */
export async function listExemptions(installation: Installation): Promise<ExemptionView[]> {
  const { evidence } = installation
  const [waiting, records, keys] = await Promise.all([
    waitingExemptions(installation),
    evidence.list({ type: exemptionEvidence }),
    evidence.list({ type: keyEvidence }),
  ])
  const people = new Set(
    keys.filter(({ fields }) => fields.kind === 'person').map(({ fields }) => fields.keyid),
  )
  const live = records.filter(({ supersededBy, retractedBy }) => !supersededBy && !retractedBy)
  const shown = [...Map.groupBy(live, ({ about }) => about.release).values()].flatMap((ofRelease) => {
    const standing = standingExemptions(ofRelease, ({ signers }) => signers.some((one) => people.has(one)))
    return [
      ...standing.inForce.map((record) => viewOf(record, 'in-force')),
      ...standing.unsigned.map((record) => viewOf(record, 'unsigned')),
      ...standing.withdrawn.map((record) => viewOf(record, 'withdrawn')),
    ]
  })
  return [
    ...waiting.map(({ class: name, release, request }) => ({
      ...{ class: name, release, state: 'waiting' as const, description: null, reason: null },
      ...{ at: request.expiresAt, evidence: null },
      approval: {
        ...{ id: request.id, summary: request.summary },
        ...{ signed: request.approvals.length, needed: request.needed },
      },
    })),
    ...shown,
  ]
}

function viewOf(record: EvidenceRecord, state: ExemptionView['state']): ExemptionView {
  const { fields, about, id, recordedAt } = record
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  return {
    ...{ class: String(fields.class), release: about.release ?? null, state },
    ...{ description: text(fields.description), reason: text(fields.reason) },
    ...{ at: recordedAt, evidence: id, approval: null },
  }
}
