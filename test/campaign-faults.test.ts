import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  auditCampaign,
  campaignStatus,
  createCampaign,
  openCampaign,
  queueCampaign,
  runCampaign,
  shardJob,
} from '@avouch/core/campaign'
import { loadConfig } from '@avouch/core/config'
import { startPracticeTarget } from '@avouch/core/model'
import { type OpenInstallation, openInstallation } from '@avouch/core/open'
import { installationDatabase } from '@avouch/core/testing'
import { startWorker } from '@avouch/core/work'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faultCampaign } from './campaign/definition.ts'

describe('campaigns among faults', () => {
  let db: Awaited<ReturnType<typeof installationDatabase>>
  let installation: OpenInstallation
  let home: string

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'avouch-faults-'))
    db = await installationDatabase([])
    installation = await openInstallation(loadConfig({ AVOUCH_DATABASE_URL: db.url }, { home }), {
      commitments: [],
    })
  })
  afterAll(async () => {
    await installation.close()
    await db.close()
    await rm(home, { recursive: true, force: true })
  })

  it.each([
    ['answers HTML', { rateHtml: 0.3 }],
    ['answers half a JSON', { rateMalformed: 0.3 }],
    ['cuts its answers', { rateCut: 0.3 }],
    ['fails', { rate500: 0.3 }],
    ['hangs', { rateHang: 0.02 }],
    ['answers 100 MB', { rateHuge: 0.02 }],
  ])('keep an honest ledger where the target %s', async (_, faults) => {
    const practice = await startPracticeTarget({ faults })
    try {
      const definition = faultCampaign(practice.url, 20)
      Object.assign(definition.target, { maxTries: 1, timeoutMs: 300, maxResponseBytes: 100_000 })
      const campaign = await createCampaign(installation, definition)
      const { state, ledger } = await runCampaign(installation, campaign)
      expect(state).toBe('finished')
      expect(ledger.errored).toBeGreaterThan(0)
      expect(ledger.executed).toBeGreaterThan(0)
      expect(ledger).toMatchObject({
        planned: 200,
        executed: 200 - ledger.errored,
        graded: 200 - ledger.errored,
        notRun: 0,
      })
      expect(await auditCampaign(installation, campaign.id)).toMatchObject({ committed: true, problems: [] })
    } finally {
      await practice.close()
    }
  })

  it('run two at once without touching each other', async () => {
    const practice = await startPracticeTarget()
    const definition = faultCampaign(practice.url, 150)
    const campaigns = [
      await createCampaign(installation, definition),
      await createCampaign(installation, definition),
    ]
    const [first, second] = await Promise.all(
      campaigns.map((campaign) => runCampaign(installation, campaign)),
    )
    await practice.close()
    for (const status of [first!, second!])
      expect(status).toMatchObject({ state: 'finished', ledger: { planned: 1500, executed: 1500 } })
    expect(first!.evidence).not.toBe(second!.evidence)
  })

  it('run as jobs of the queue, several shards at a time, and end by themselves', async () => {
    const practice = await startPracticeTarget()
    const definition = faultCampaign(practice.url, 420)
    const campaign = await createCampaign(installation, definition)
    const worker = await startWorker(installation, {
      'test/shard': shardJob((i, id) => openCampaign(i, id, definition)),
    })
    await queueCampaign(installation, 'test/shard', { id: campaign.id, items: campaign.plan.items })
    // adding them again adds nothing
    await queueCampaign(installation, 'test/shard', { id: campaign.id, items: campaign.plan.items })
    while ((await campaignStatus(installation, campaign.id)).state !== 'finished')
      await new Promise((resolve) => setTimeout(resolve, 50))
    await worker.stop()
    await practice.close()
    expect((await campaignStatus(installation, campaign.id)).ledger).toMatchObject({
      planned: 4200,
      executed: 4200,
    })
    expect(await auditCampaign(installation, campaign.id)).toMatchObject({ committed: true, problems: [] })
  })
})
