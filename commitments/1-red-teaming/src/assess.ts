import type { Assessment } from '@avouch/core/assessment'
import { campaignsOf, openCampaign, type RunProgress, recordStop, runCampaign } from '@avouch/core/campaign'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { openTarget } from '@avouch/core/model'
import type { Progress } from '@avouch/core/verb'
import { counted } from '@avouch/core/words'
import { additionsFor } from './additions.ts'
import { defineCampaign, PURPOSE, planCampaign, type RedTeamCampaign } from './campaign.ts'
import { tellControl } from './control/tell.ts'
import { defaultSelection, readSelection } from './plan-file.ts'
import { unansweredLines } from './unanswered.ts'
import { linesOfResult } from './wording.ts'

/**
 * Red-teaming's part in `avouch assess`: the campaign of the plan's `red-teaming` section, or the default one in all
 * domains. An unfinished campaign of the same plan on the same snapshot goes on; otherwise a new one is planned.
 */
export async function assess(assessment: Assessment): Promise<void> {
  const { installation, about, concurrency, signal } = assessment
  const selection =
    assessment.plan === undefined ? await defaultSelection() : await readSelection(assessment.plan)
  const target = { ...assessment.target, concurrency }
  // a target that cannot be used is refused before a plan is recorded
  await openTarget(target).close()
  const run = { about, target, runBy: 'local' }
  const unfinished = await unfinishedLike(installation, assessment, selection, run)
  if (unfinished) assessment.tell(`Going on with campaign ${unfinished.id}`)
  const campaign = unfinished ?? (await planCampaign(installation, selection, run))
  const status = await runCampaign(installation, campaign, {
    signal,
    concurrency,
    progress: (progress) => assessment.progress(progressOf(progress)),
  }).catch(async (error: unknown) => {
    if (error instanceof AvouchError && error.code === 'target') await recordStop(installation, campaign.id)
    throw error
  })
  if (status.state !== 'finished') {
    await recordStop(installation, campaign.id)
    throw new AvouchError('unavailable', `The campaign ${campaign.id} was stopped before its end`, {
      fix: 'Run the same command again: it goes on from there.',
    })
  }
  const record = status.evidence === undefined ? undefined : await installation.evidence.get(status.evidence)
  if (record) for (const line of await linesOfResult(installation, record)) assessment.tell(line)
  for (const line of await unansweredLines(installation, campaign.id, status.ledger)) assessment.tell(line)
  await tellControl(installation, campaign.id, assessment.tell, signal)
}

/** How a run's progress is shown: what was found so far stands beside the bar. */
export function progressOf({ done, total, errored, verdicts }: RunProgress): Progress {
  const breaches = verdicts.breach ?? 0
  const notes = [counted(breaches, 'breach', 'breaches')]
  if (errored > 0) notes.push(counted(errored, 'error'))
  return { task: 'Red-teaming', done, total, note: notes.join(', ') }
}

async function unfinishedLike(
  installation: Installation,
  { release, about }: Assessment,
  selection: Awaited<ReturnType<typeof defaultSelection>>,
  run: Parameters<typeof defineCampaign>[1],
): Promise<RedTeamCampaign | undefined> {
  const definition = await defineCampaign(selection, run, await additionsFor(installation, selection))
  for (const row of await campaignsOf(installation.db, { purpose: PURPOSE, release })) {
    if (row.state !== 'planned' && row.state !== 'running') continue
    if (row.about.snapshot !== about.snapshot || row.about.configuration !== about.configuration) continue
    try {
      return await openCampaign(installation, row.id, definition)
    } catch (error) {
      // a campaign of another plan is left as it is
      if (!(error instanceof AvouchError) || error.code !== 'conflict') throw error
    }
  }
  return undefined
}
