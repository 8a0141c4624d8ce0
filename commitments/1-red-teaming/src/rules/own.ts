import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Domain } from '../domain.ts'

/**
 * That a campaign's behaviours in a domain were not, or not all, those that come with Avouch, as a clause for the end of a
 * sentence; empty where they were, or where nothing tells. What a company's own pack asks only its digests show, and an
 * easy one is as easily written as a hard one.
 */
export function ownIn({ fields }: EvidenceRecord, domain: Domain): string {
  const counts = (fields.ownBehaviours as Partial<Record<Domain, { own: number; of: number }>> | undefined)?.[
    domain
  ]
  if (!counts || counts.own === 0) return ''
  const some = counts.own === counts.of ? `all ${counts.of}` : `${counts.own} of ${counts.of}`
  return `; ${some} behaviours are from packs that do not come with Avouch, so only their digests say what was asked`
}
