import { type Conclusion, readCampaign, standingOf } from '@avouch/core/campaign'
import { AvouchError } from '@avouch/core/errors'
import type { Draft, EvidenceRecord } from '@avouch/core/evidence'
import { releaseEvidence } from '@avouch/core/gate'
import type { Installation } from '@avouch/core/installation'
import { shippingOf, widestOf } from '../claims/campaigns.ts'
import { campaignResult } from '../evidence.ts'
import type { RedTeamProbe } from '../probe.ts'
import { compareCampaigns, type Side } from './comparison.ts'
import { comparisonEvidence, type RecordedComparison } from './comparison-evidence.ts'

/**
 * The widest result of the release before this one, on what shipped of it where one is, as the report takes it; undefined where no predecessor is named or none was tested.
 */
export async function predecessorResult(
  installation: Installation,
  release: string,
): Promise<EvidenceRecord | undefined> {
  const registered = await installation.evidence.list({ type: releaseEvidence, release })
  const predecessor = registered.findLast(isLive)?.fields.predecessor
  if (typeof predecessor !== 'string') return undefined
  const results = await installation.evidence.list({ type: campaignResult, release: predecessor })
  const shipped = (
    await installation.evidence.list({ type: releaseEvidence, release: predecessor })
  ).findLast(isLive)
  return widestOf(shippingOf(results.filter(isLive), shipped))
}

/** A campaign as one side of a comparison. Throws `not-found`; `proof` where its plan does not open. */
export async function sideOf(installation: Installation, campaign: string): Promise<Side> {
  const { document } = await readCampaign<RedTeamProbe>(installation, campaign)
  return { document, counts: (await standingOf(installation.db, campaign)).counts }
}

/**
 * The comparison that follows from a result: none where no predecessor is named or tested, or where its campaign can no
 * longer be opened. Of a campaign that ended once before, it supersedes the earlier one.
 */
export async function comparisonOf(
  installation: Installation,
  conclusion: Conclusion<RedTeamProbe>,
): Promise<Draft<RecordedComparison>[]> {
  const { campaign, about, plan, tallies } = conclusion
  if (about.release === undefined) return []
  const result = await predecessorResult(installation, about.release)
  const other = result?.fields.campaign
  if (!result || typeof other !== 'string') return []
  const before = await sideOf(installation, other).catch((error: unknown) => {
    // moved to another installation or erased: what cannot be read cannot be compared
    if (error instanceof AvouchError && (error.code === 'not-found' || error.code === 'proof'))
      return undefined
    throw error
  })
  if (!before) return []
  const earlier = (
    await installation.evidence.list({ type: comparisonEvidence, release: about.release })
  ).findLast((record) => isLive(record) && record.fields.campaign === campaign)
  return [
    {
      type: comparisonEvidence,
      about,
      fields: {
        campaign,
        with: { campaign: other, release: result.about.release ?? '', result: result.digest },
        parts: compareCampaigns(before, { document: plan.document, counts: tallies }),
      },
      ...(earlier && { supersedes: earlier.id }),
    },
  ]
}

function isLive({ supersededBy, retractedBy }: EvidenceRecord): boolean {
  return !supersededBy && !retractedBy
}
