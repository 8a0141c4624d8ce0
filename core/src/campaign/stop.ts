import { canonicalJson } from '@avouch/verify'
import type { Installation } from '../installation.ts'
import { readCampaign } from './campaign.ts'
import { campaignStatus } from './conclude.ts'
import { campaignStopped } from './evidence.ts'
import { lockCampaign } from './store.ts'

/**
 * Records how far a campaign is that stopped before its end, and supersedes what an earlier stop said. Records nothing
 * where it has ended, has not begun, or is where it was at the last stop. Throws `not-found`.
 */
export async function recordStop(installation: Installation, id: string): Promise<void> {
  const { evidence, db } = installation
  const { row, document } = await readCampaign(installation, id)
  const { release } = row.about
  const accepted = await db.kysely.transaction().execute(async (tx) => {
    const { state } = (await lockCampaign(tx, id)) ?? row
    if (state !== 'running') return undefined
    const { ledger } = await campaignStatus(installation, id)
    const stops = await evidence.list({ type: campaignStopped, ...(release !== undefined && { release }) })
    const before = stops.findLast(({ fields, supersededBy }) => fields.campaign === id && !supersededBy)
    if (before && canonicalJson(before.fields.ledger as never) === canonicalJson(ledger)) return undefined
    return evidence.accept(tx, {
      type: campaignStopped,
      about: document.about,
      fields: { campaign: id, purpose: row.purpose, planDigest: row.planDigest, ledger },
      ...(before && { supersedes: before.id }),
    })
  })
  if (accepted) await evidence.logged([accepted.id])
}
