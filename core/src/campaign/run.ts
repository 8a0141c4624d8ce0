import { setTimeout as sleep } from 'node:timers/promises'
import { AvouchError } from '../errors.ts'
import type { Installation } from '../installation.ts'
import { openTarget } from '../model/index.ts'
import type { Target } from '../model/target.ts'
import type { Attempt } from './attempt.ts'
import { recordedCount } from './batch-store.ts'
import { BatchWriter } from './batch-writer.ts'
import type { Campaign } from './campaign.ts'
import { type Claim, Claims, SHARD } from './claims.ts'
import { type CampaignStatus, campaignStatus, concludeCampaign, retryErrors } from './conclude.ts'
import { databaseStop } from './database-stop.ts'
import { Executor } from './executor.ts'
import type { Verdict } from './grader.ts'
import type { Probe } from './probe.ts'
import { startCampaign } from './store.ts'

/** Milliseconds between looks at whether another process has finished, or died at, the shards it holds. */
const WAIT_FOR_OTHERS = 250

/** How far a run is. `done` counts recorded items, those of earlier runs and other processes included. */
export type RunProgress = {
  done: number
  total: number
  errored: number
  verdicts: Partial<Record<Verdict, number>>
}

export type RunOptions = {
  /** Aborted: what is in flight is dropped, what was answered is recorded, and the run returns. */
  signal?: AbortSignal
  progress?: (progress: RunProgress) => void
  /** Attempts in flight at most; default the target's own, or 16. */
  concurrency?: number
  /** Asks errored attempts again first. */
  retryErrors?: boolean
  /** A target that is open already; it is not closed. Default: one is opened as the campaign's definition says. */
  target?: Target
}

/**
 * Works through whatever of a campaign is not recorded yet, in this process, and ends it when all is. May be called
 * in several processes at once, and again after any of them died: every planned item is recorded once.
 *
 * Returns where the campaign stands; `running` where it was aborted. Throws `target` where the target stopped
 * answering, `database` where the database did, `conflict` where the campaign was abandoned meanwhile; what was
 * recorded stands, and a later run goes on from there.
 */
export async function runCampaign<P extends Probe>(
  installation: Installation,
  campaign: Campaign<P>,
  options: RunOptions = {},
): Promise<CampaignStatus> {
  try {
    return await run(installation, campaign, options)
  } catch (error) {
    throw databaseStop(error, campaign.id)
  }
}

async function run<P extends Probe>(
  installation: Installation,
  campaign: Campaign<P>,
  options: RunOptions,
): Promise<CampaignStatus> {
  const signal = options.signal ?? new AbortController().signal
  await installation.evidence.logged([campaign.planEvidence])
  if (options.retryErrors) await retryErrors(installation, campaign.id)
  const row = await startCampaign(installation.db, campaign.id, installation.now())
  if (!row) return campaignStatus(installation, campaign.id)

  const progress = await progressOf(installation, campaign.id)
  options.progress?.(progress)
  const concurrency = options.concurrency ?? campaign.definition.target.concurrency ?? 16
  const target = options.target ?? (await openTarget({ ...campaign.definition.target, concurrency }))
  const claims = await Claims.open(installation.db, campaign.id, campaign.plan.items)
  try {
    const unrecorded = new Map<number, number>()
    const recorded = (attempts: Attempt[]): void => {
      for (const { record } of attempts) {
        count(progress, record.status === 'errored', record.verdict)
        const shard = Math.floor(record.item / SHARD)
        const left = (unrecorded.get(shard) ?? 0) - 1
        unrecorded.set(shard, left)
        // a connection that broke while unlocking shows in the next claim
        if (left === 0) claims.release(shard).catch(() => undefined)
      }
      options.progress?.(progress)
    }
    const writer = new BatchWriter(installation, campaign, row.round, recorded)
    const executor = new Executor({
      installation,
      campaign,
      round: row.round,
      target,
      concurrency,
      writer,
      signal,
    })
    await work(installation, campaign, claims, executor, unrecorded, signal, async () => {
      progress.done = await recordedCount(installation.db, campaign.id)
      options.progress?.(progress)
    })
  } finally {
    await claims.close()
    if (!options.target) await target.close()
  }
  return campaignStatus(installation, campaign.id)
}

async function work<P extends Probe>(
  installation: Installation,
  campaign: Campaign<P>,
  claims: Claims,
  executor: Executor<P>,
  unrecorded: Map<number, number>,
  signal: AbortSignal,
  others: () => Promise<void>,
): Promise<void> {
  let upcoming = claims.next()
  try {
    while (true) {
      const claim: Claim | undefined = await upcoming
      if (claim) {
        unrecorded.set(claim.shard, claim.missing.length)
        // the next shard is claimed while this one is worked at, so that nothing waits at the border
        upcoming = claims.next()
        upcoming.catch(() => undefined)
        for (const item of claim.missing) await executor.start(item)
        continue
      }
      await executor.drain()
      if (await concludeCampaign(installation, campaign)) return
      await others()
      await sleep(WAIT_FOR_OTHERS, undefined, { signal })
      upcoming = claims.next()
    }
  } catch (error) {
    // the claim under way must end before its connection is given back
    await upcoming.catch(() => undefined)
    await settle(executor, error, signal)
  }
}

/** After a failure or an abort: lets what is in flight end and records what was answered, then throws what went wrong. */
async function settle<P extends Probe>(
  executor: Executor<P>,
  error: unknown,
  signal: AbortSignal,
): Promise<void> {
  try {
    await executor.drain()
  } catch (later) {
    if (!signal.aborted || later instanceof AvouchError) throw error instanceof AvouchError ? error : later
  }
  if (!signal.aborted || error instanceof AvouchError) throw error
}

async function progressOf(installation: Installation, id: string): Promise<RunProgress> {
  const { ledger, tallies } = await campaignStatus(installation, id)
  const progress: RunProgress = { done: 0, total: ledger.planned, errored: ledger.errored, verdicts: {} }
  for (const { verdict, n } of tallies) {
    progress.done += n
    if (verdict) progress.verdicts[verdict] = (progress.verdicts[verdict] ?? 0) + n
  }
  return progress
}

function count(progress: RunProgress, errored: boolean, verdict: Verdict | undefined): void {
  progress.done++
  if (errored) progress.errored++
  if (verdict) progress.verdicts[verdict] = (progress.verdicts[verdict] ?? 0) + 1
}
