import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { AvouchError } from '../errors.ts'
import type { Installation } from '../installation.ts'
import { openTarget } from '../model/index.ts'
import type { Target } from '../model/target.ts'
import type { Jobs } from '../work/job.ts'
import type { Attempt } from './attempt.ts'
import { BatchWriter } from './batch-writer.ts'
import type { Campaign } from './campaign.ts'
import { Claims, SHARD } from './claims.ts'
import { concludeCampaign } from './conclude.ts'
import { Executor } from './executor.ts'
import type { Probe } from './probe.ts'
import { startCampaign } from './store.ts'

/** Milliseconds between looks at a shard that another process holds. */
const WAIT_FOR_OTHERS = 500

const payload = z.object({ campaign: z.uuid(), shard: z.int().nonnegative() })

/** What the shards of one campaign share in this process: the target with its limiter, the writer, the claims. */
type Shared<P extends Probe> = {
  campaign: Campaign<P>
  target: Target
  claims: Claims
  executor: Executor<P>
  /** Items of a shard that are not recorded yet, and who waits for there to be none. */
  open: Map<number, { left: number; done: () => void; failed: (error: unknown) => void }>
  users: number
  stop: AbortController
}

/** Adds one job for each shard of a campaign to the queue; adding them again does nothing while they are there. */
export async function queueCampaign(
  installation: Installation,
  job: string,
  campaign: { id: string; items: number },
): Promise<void> {
  for (let shard = 0; shard * SHARD < campaign.items; shard++)
    await installation.work.add(job, { campaign: campaign.id, shard }, { key: `${campaign.id}/${shard}` })
}

/**
 * The work handler of a campaign's shards. `load` opens the campaign by its id. Shards that run at the same time in
 * one process share the target's limiter and the batches, so that as many calls are in flight across their borders
 * as within them. Running a shard again records nothing twice.
 */
export function shardJob<P extends Probe>(
  load: (installation: Installation, id: string) => Promise<Campaign<P>>,
): Jobs[string] {
  const shared = new Map<string, Promise<Shared<P>>>()

  const join = async (installation: Installation, id: string): Promise<Shared<P>> => {
    let opening = shared.get(id)
    if (!opening) {
      opening = openShared(installation, () => load(installation, id))
      shared.set(id, opening)
      opening.catch(() => shared.delete(id))
    }
    const joined = await opening
    joined.users++
    return joined
  }

  const leave = async (id: string, joined: Shared<P>): Promise<void> => {
    if (--joined.users > 0) return
    shared.delete(id)
    // what is in flight is dropped, not recorded as an error; failures have reached every shard already
    joined.stop.abort()
    await joined.executor.drain().catch(() => undefined)
    await joined.claims.close()
    await joined.target.close()
  }

  return async (installation, given, signal) => {
    const { campaign: id, shard } = payload.parse(given)
    const joined = await join(installation, id)
    try {
      await workShard(joined, shard, signal)
      await concludeCampaign(installation, joined.campaign)
    } finally {
      await leave(id, joined)
    }
  }
}

async function openShared<P extends Probe>(
  installation: Installation,
  load: () => Promise<Campaign<P>>,
): Promise<Shared<P>> {
  const campaign = await load()
  await installation.evidence.logged([campaign.planEvidence])
  const row = await startCampaign(installation.db, campaign.id, installation.now())
  if (!row)
    throw new AvouchError('conflict', `Campaign ${campaign.id} has ended`, {
      fix: 'There is nothing left to run.',
    })
  const open: Shared<P>['open'] = new Map()
  const recorded = (attempts: Attempt[]): void => {
    for (const { record } of attempts) {
      const entry = open.get(Math.floor(record.item / SHARD))
      if (entry && --entry.left === 0) entry.done()
    }
  }
  const stop = new AbortController()
  const concurrency = campaign.definition.target.concurrency ?? 16
  const target = openTarget({ ...campaign.definition.target, concurrency })
  const claims = await Claims.open(installation.db, campaign.id, campaign.plan.items)
  const writer = new BatchWriter(installation, campaign, row.round, recorded)
  const executor = new Executor({
    installation,
    campaign,
    round: row.round,
    target,
    concurrency,
    writer,
    signal: stop.signal,
    failed: (error) => {
      for (const entry of open.values()) entry.failed(error)
    },
  })
  return { campaign, target, claims, executor, open, users: 0, stop }
}

async function workShard<P extends Probe>(
  { claims, executor, open }: Shared<P>,
  shard: number,
  signal: AbortSignal,
): Promise<void> {
  let claim = await claims.claim(shard)
  while (!claim) {
    await sleep(WAIT_FOR_OTHERS, undefined, { signal })
    claim = await claims.claim(shard)
  }
  if (claim.missing.length === 0) return
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  promise.catch(() => undefined)
  const abandon = (): void => reject(signal.reason)
  signal.addEventListener('abort', abandon, { once: true })
  open.set(shard, { left: claim.missing.length, done: resolve, failed: reject })
  try {
    for (const item of claim.missing) {
      signal.throwIfAborted()
      await executor.start(item)
    }
    await promise
    await claims.release(shard)
  } finally {
    signal.removeEventListener('abort', abandon)
    open.delete(shard)
  }
}
