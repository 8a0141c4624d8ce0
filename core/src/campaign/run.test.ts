import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PracticeTarget, startPracticeTarget } from '../model/index.ts'
import type { TargetSpec } from '../model/target.ts'
import { auditCampaign } from './audit.ts'
import { createCampaign, openCampaign } from './campaign.ts'
import { campaignStatus } from './conclude.ts'
import { campaignPlan } from './evidence.ts'
import { runCampaign } from './run.ts'
import { shardJob } from './shard-job.ts'
import { campaignsOf } from './store.ts'
import { scriptedTarget, testCampaign, testPlain, testResult, testTarget } from './test-campaign.ts'
import { testInstallation } from './test-installation.ts'

describe('a campaign', () => {
  let installation: Awaited<ReturnType<typeof testInstallation>>
  let practice: PracticeTarget
  let spec: TargetSpec

  beforeAll(async () => {
    installation = await testInstallation()
    practice = await startPracticeTarget()
    spec = testTarget(practice.url)
  })
  afterAll(async () => {
    await practice.close()
    await installation.close()
  })

  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
  }

  it('logs its plan before the first call, records every item once and commits its result', async () => {
    const campaign = await createCampaign(installation, testCampaign(spec, 130))
    const plan = await installation.evidence.get(campaign.planEvidence)
    expect(plan?.state).toBe('logged')
    expect(installation.evidence.read(campaignPlan, plan!)).toMatchObject({
      campaign: campaign.id,
      items: 1300,
      planDigest: campaign.plan.digest,
    })

    const seen: number[] = []
    const status = await runCampaign(installation, campaign, { progress: ({ done }) => seen.push(done) })
    expect(status.state).toBe('finished')
    expect(status.ledger).toEqual({
      planned: 1300,
      executed: 1300,
      graded: 1300,
      errored: 0,
      refusedByProvider: 0,
      notRun: 0,
      supersededErrors: 0,
    })
    expect(seen.at(-1)).toBe(1300)

    const result = await installation.evidence.get(status.evidence!)
    expect(result?.index).toBeGreaterThan(plan!.index!)
    expect(result?.bulk).toMatchObject({ leaves: 1300 })
    expect(installation.evidence.read(testResult, result!).ledger).toEqual(status.ledger)

    const again = await runCampaign(installation, campaign)
    expect(again).toEqual(status)
    expect(
      (await campaignsOf(installation.db, { purpose: 'test', release: 'example-model@2.0' }))[0]?.id,
    ).toBe(campaign.id)
  })

  it('goes on after an abort where it was, and refuses another plan under its id', async () => {
    const definition = testCampaign(spec, 100)
    const campaign = await createCampaign(installation, definition)
    const stop = new AbortController()
    let asked = 0
    const target = scriptedTarget(spec, async () => {
      if (++asked === 600) stop.abort()
      return {}
    })
    const stopped = await runCampaign(installation, campaign, { signal: stop.signal, target, concurrency: 7 })
    expect(stopped.state).toBe('running')
    expect(stopped.ledger.executed).toBeGreaterThan(500)
    expect(stopped.ledger.executed + stopped.ledger.notRun).toBe(1000)

    await expect(
      openCampaign(installation, campaign.id, { ...definition, strategies: [testPlain] }),
    ).rejects.toThrow()
    await expect(
      openCampaign(installation, campaign.id, { ...definition, maxCalls: 3 }),
    ).rejects.toMatchObject({ code: 'conflict', where: 'maxCalls' })

    const resumed = await openCampaign(installation, campaign.id, definition)
    const done = await runCampaign(installation, resumed, { target, concurrency: 7 })
    expect(done.state).toBe('finished')
    expect(done.ledger.executed).toBe(1000)
    // what was in flight at the abort was asked again; nothing else was
    expect(asked).toBeLessThanOrEqual(1000 + 7)
    expect((await auditCampaign(installation, campaign.id)).problems).toEqual([])
  })

  it('keeps its concurrency across the borders of shards, and never exceeds it', async () => {
    const campaign = await createCampaign(installation, testCampaign(spec, 250))
    let flying = 0
    const samples: number[] = []
    let asked = 0
    const target = scriptedTarget(spec, async () => {
      samples.push(++flying)
      asked++
      await new Promise((resolve) => setTimeout(resolve, 2))
      flying--
      return {}
    })
    await runCampaign(installation, campaign, { target, concurrency: 40 })
    expect(asked).toBe(2500)
    expect(Math.max(...samples)).toBe(40)
    const steady = samples.slice(100, -100)
    expect(steady.reduce((sum, n) => sum + n, 0) / steady.length).toBeGreaterThan(30)
  })

  it('is worked through once by two processes at a time', async () => {
    const definition = testCampaign(spec, 450)
    const first = await createCampaign(installation, definition)
    const second = await openCampaign(installation, first.id, definition)
    let asked = 0
    const target = scriptedTarget(spec, async () => {
      asked++
      await new Promise((resolve) => setTimeout(resolve, 1))
      return {}
    })
    const [a, b] = await Promise.all([
      runCampaign(installation, first, { target, concurrency: 20 }),
      runCampaign(installation, second, { target, concurrency: 20 }),
    ])
    expect(a).toEqual(b)
    expect(a.ledger.executed).toBe(4500)
    expect(asked).toBe(4500)
    const results = (await installation.evidence.list({ type: testResult })).filter(
      ({ fields }) => fields.campaign === first.id,
    )
    expect(results).toHaveLength(1)
  })

  it('records the first answer where two processes asked the same, and counts the other as discarded', async () => {
    const definition = testCampaign(spec, 20)
    const campaign = await createCampaign(installation, definition)
    // a connection that was lost frees the lock while its process still works: here, a lock nobody respects
    const job = shardJob(async () => campaign)
    let release = (): void => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    let asked = 0
    const slow = scriptedTarget(spec, async () => {
      asked++
      await held
      return {}
    })
    const running = runCampaign(installation, campaign, { target: slow, concurrency: 200 })
    await until(() => asked === 200)
    await installation.db.pool.query(`
      select pg_terminate_backend(pid) from pg_locks
      where locktype = 'advisory' and objid = 0
        and database = (select oid from pg_database where datname = current_database())`)
    await job!(installation, { campaign: campaign.id, shard: 0 }, new AbortController().signal)
    release()
    const status = await running.catch((error: unknown) => error)
    if (status instanceof Error) expect(status).toMatchObject({ code: 'database' })
    const { ledger } = await campaignStatus(installation, campaign.id)
    expect(ledger.executed).toBe(200)
    expect((await auditCampaign(installation, campaign.id)).problems).toEqual([])
    expect(
      (await campaignsOf(installation.db, { purpose: 'test' })).find(({ id }) => id === campaign.id),
    ).toMatchObject({ state: 'finished', discarded: 200 })
  })

  it('runs as jobs, shard by shard, and a shard run again asks nothing', async () => {
    const definition = testCampaign(spec, 220)
    const campaign = await createCampaign(installation, definition)
    const job = shardJob((i, id) => openCampaign(i, id, definition))!
    const run = (shard: number) =>
      job(installation, { campaign: campaign.id, shard }, new AbortController().signal)
    await Promise.all([run(0), run(1)])
    expect((await campaignStatus(installation, campaign.id)).state).toBe('running')
    await Promise.all([run(1), run(2)])
    expect(await campaignStatus(installation, campaign.id)).toMatchObject({
      state: 'finished',
      ledger: { executed: 2200 },
    })
    await expect(run(0)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('stops with a clear error when the database goes away, and what was recorded stands', async () => {
    const campaign = await createCampaign(installation, testCampaign(spec, 600))
    let asked = 0
    const target = scriptedTarget(spec, async () => {
      // every connection is lost; three more shards are still to be claimed
      if (++asked === 1500)
        await installation.db.pool.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
        )
      return {}
    })
    await expect(runCampaign(installation, campaign, { target, concurrency: 10 })).rejects.toMatchObject({
      code: 'database',
    })
    const before = await campaignStatus(installation, campaign.id)
    expect(before.ledger.executed).toBeGreaterThan(0)
    const after = await runCampaign(installation, campaign, { target, concurrency: 10 })
    expect(after).toMatchObject({ state: 'finished', ledger: { executed: 6000 } })
    expect((await auditCampaign(installation, campaign.id)).problems).toEqual([])
  })
})
