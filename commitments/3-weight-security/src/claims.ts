import type { Claims } from '@avouch/core/gate'
import { environmentClaims } from './egress/claims.ts'
import { insiderClaims } from './programme/claims.ts'

/** What the security of weights says in the report about a release. */
export const claims: Claims = (evidence, release) => {
  const live = evidence.filter(({ supersededBy, retractedBy }) => !supersededBy && !retractedBy)
  return [...insiderClaims(live), ...environmentClaims(live, release)]
}
