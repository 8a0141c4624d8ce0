import { liveCalibrations } from '@avouch/core/campaign'
import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Claims } from '@avouch/core/gate'
import { agentClaims } from './claims/agentic.ts'
import { campaignsClaim, shippingOf, widestOf } from './claims/campaigns.ts'
import { dangerousCapabilities } from './claims/capability.ts'
import { closedClaims } from './claims/closed.ts'
import { comparisonClaim } from './claims/comparison.ts'
import { externalClaims } from './claims/external.ts'
import { adversarialTesting } from './claims/testing.ts'
import { triesClaim } from './claims/tries.ts'
import { unfinishedClaim } from './claims/unfinished.ts'
import { CONTROL, controlClaims } from './control/claims.ts'
import { importClaims } from './import-claims.ts'
import { CAMPAIGN_RESULT } from './obligations.ts'
import { researchClaims } from './research/claims.ts'

const RELEASE = 'https://avouch.dev/evidence/core/release/v1'

/**
 * What red-teaming says in the report about a release: the widest campaign on the snapshot and configuration that ship
 * (of all, where none is on those), with the predecessor's beside it, the one in which agents did most, and a table of
 * every campaign where there are several.
 */
export const claims: Claims = (evidence, release) => {
  const live = evidence.filter(({ supersededBy, retractedBy }) => !supersededBy && !retractedBy)
  const calibrations = liveCalibrations(live)
  const results = recordsAbout(live, release, CAMPAIGN_RESULT)
  const registered = live.findLast(
    ({ predicateType, about }) => predicateType === RELEASE && about.release === release,
  )
  const told = shippingOf(results, registered)
  const main = widestOf(told)
  const imported = [
    ...unfinishedClaim(live, release),
    ...controlClaims(recordsAbout(live, release, CONTROL), registered),
    ...externalClaims(live, release),
    ...importClaims(live, release, calibrations),
  ]
  const research = researchClaims(live, release)
  if (!main) return [...imported, ...research]
  const predecessor = registered?.fields.predecessor
  const before =
    typeof predecessor === 'string' ? widestOf(recordsAbout(live, predecessor, CAMPAIGN_RESULT)) : undefined
  return [
    adversarialTesting(main, before, calibrations),
    ...[campaignsClaim(results, calibrations), comparisonClaim(live, main), triesClaim(main)].filter(
      (claim) => claim !== undefined,
    ),
    dangerousCapabilities(main),
    ...agentClaims(widestOf(told, 'agenticCoverage') ?? main),
    ...closedClaims(main),
    ...imported,
    ...research,
  ]
}

function recordsAbout(live: readonly EvidenceRecord[], release: string, type: string): EvidenceRecord[] {
  return live.filter(({ predicateType, about }) => predicateType === type && about.release === release)
}
