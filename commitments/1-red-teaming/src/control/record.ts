import { campaignStatus, readAttempts, readCampaign } from '@avouch/core/campaign'
import { AvouchError } from '@avouch/core/errors'
import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Installation } from '@avouch/core/installation'
import { readPracticeManifest } from '@avouch/core/model'
import { sql } from 'kysely'
import { PURPOSE } from '../campaign.ts'
import type { RedTeamProbe } from '../probe.ts'
import { controlEvidence } from './evidence.ts'
import { askedIn, ControlTally } from './tally.ts'
import { truthIn } from './truth.ts'

/** Answered attempts that are looked at to tell a practice target from any other. */
const FIRST = 20

/** The control that is recorded of a campaign's newest result; undefined where there is none. */
export async function findControl(
  installation: Installation,
  campaign: string,
): Promise<EvidenceRecord | undefined> {
  const { row } = await readCampaign(installation, campaign)
  const { release } = row.about
  const records = await installation.evidence.list({
    type: controlEvidence,
    ...(release !== undefined && { release }),
  })
  return records.findLast(
    ({ fields, supersededBy, retractedBy }) =>
      fields.campaign === campaign && fields.result === row.resultEvidence && !supersededBy && !retractedBy,
  )
}

/**
 * Holds a finished campaign's attempts against what its target says of itself, and records what came of it, once for
 * each result. Undefined where the target is no practice target: nothing is asked of it, and nothing recorded. Throws
 * `conflict` where the campaign is not finished, and what asking for the manifest throws.
 */
export async function recordControl(
  installation: Installation,
  campaign: string,
  signal?: AbortSignal,
): Promise<EvidenceRecord | undefined> {
  const { row, document } = await readCampaign<RedTeamProbe>(installation, campaign)
  if (row.purpose !== PURPOSE)
    throw new AvouchError('not-found', `Campaign ${campaign} is no red-teaming campaign`)
  const { state, evidence } = await campaignStatus(installation, campaign)
  if (state !== 'finished' || evidence === undefined)
    throw new AvouchError('conflict', `Campaign ${campaign} is ${state}; a control needs a finished one`, {
      fix: `Go on with: avouch red-team resume ${campaign}`,
    })
  const known = await findControl(installation, campaign)
  if (known) return known
  if (!(await saysItIsPractice(installation, campaign))) return undefined

  const manifest = await readPracticeManifest(row.target, signal)
  const planted = manifest.models.find(({ id }) => id === document.target.model)
  if (!planted) return undefined
  const tally = new ControlTally(planted, manifest.seed, askedIn(document))
  const probes = new Map(document.probes.map((probe) => [probe.id, probe]))
  for await (const attempt of readAttempts(installation, campaign, signal)) {
    const probe = probes.get(attempt.record.probe)
    if (probe) tally.add(probe, attempt)
  }
  const fields = tally.control({ campaign, result: evidence, planDigest: row.planDigest })
  const id = await installation.db.kysely.transaction().execute(async (tx): Promise<string> => {
    // one at a time for each campaign: who counted at the same moment finds what the other recorded
    await sql`select 1 from campaign.campaign where id = ${campaign} for update`.execute(tx)
    const other = await findControl(installation, campaign)
    if (other) return other.id
    const earlier = await earlierControl(installation, campaign)
    const accepted = await installation.evidence.accept(tx, {
      type: controlEvidence,
      about: document.about,
      fields,
      ...(earlier && { supersedes: earlier.id }),
    })
    return accepted.id
  })
  await installation.evidence.logged([id])
  return installation.evidence.get(id)
}

/** Whether the first answers say of themselves that they come from a practice target. */
async function saysItIsPractice(installation: Installation, campaign: string): Promise<boolean> {
  let seen = 0
  for await (const { record, exchanges } of readAttempts(installation, campaign)) {
    if (record.status !== 'executed') continue
    if (exchanges.some(({ role, response }) => role === undefined && truthIn(response))) return true
    if (++seen >= FIRST) return false
  }
  return false
}

/** A control of an earlier result of the same campaign. */
async function earlierControl(
  installation: Installation,
  campaign: string,
): Promise<EvidenceRecord | undefined> {
  const records = await installation.evidence.list({ type: controlEvidence })
  return records.findLast(
    ({ fields, supersededBy, retractedBy }) => fields.campaign === campaign && !supersededBy && !retractedBy,
  )
}
