import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { auditCampaign, campaignStatus, queueCampaign } from '@avouch/core/campaign'
import { loadConfig } from '@avouch/core/config'
import { discoverCommitments } from '@avouch/core/discover'
import { startPracticeTarget } from '@avouch/core/model'
import { openInstallation } from '@avouch/core/open'
import { installationDatabase } from '@avouch/core/testing'
import { expect, it } from 'vitest'
import { planCampaign } from '../commitments/1-red-teaming/src/campaign.ts'
import { SHARD_JOB } from '../commitments/1-red-teaming/src/jobs.ts'
import { defaultSelection } from '../commitments/1-red-teaming/src/plan-file.ts'

const MAIN = fileURLToPath(new URL('../apps/cli/src/main.ts', import.meta.url))
/** A few kills in the fast suite; twenty with AVOUCH_FAULTS=1. */
const KILLS = process.env.AVOUCH_FAULTS === '1' ? 20 : 2
/** Enough work to be in the middle of it at every kill. */
const PACKS = KILLS > 2 ? 6 : 1

it(
  'a server that is killed while its worker runs a campaign loses nothing and records nothing twice',
  async () => {
    const home = await mkdtemp(join(tmpdir(), 'avouch-server-kill-'))
    const db = await installationDatabase(await discoverCommitments())
    const practice = await startPracticeTarget({ latencyMs: 20 })
    const env = { ...process.env, AVOUCH_HOME: home, AVOUCH_DATABASE_URL: db.url, AVOUCH_PORT: '0' }
    const installation = await openInstallation(loadConfig(env), { commitments: await discoverCommitments() })
    let server: ChildProcess | undefined
    try {
      const all = await defaultSelection()
      const selection = { ...all, packs: all.packs.filter(({ worlds }) => !worlds).slice(0, PACKS) }
      const campaign = await planCampaign(installation, selection, {
        about: { release: 'example-model@2.0', snapshot: 'id:example-model-2.0', configuration: 'bare' },
        target: {
          adapter: 'openai',
          url: practice.url,
          model: 'example-model-2.0',
          allowPrivate: true,
          concurrency: 16,
        },
        runBy: 'local',
      })
      const items = campaign.plan.items
      await queueCampaign(installation, SHARD_JOB, { id: campaign.id, items })
      const recorded = async (): Promise<number> =>
        (
          await db.pool.query<{ n: number }>(
            'select count(*)::int as n from campaign.attempt where campaign = $1',
            [campaign.id],
          )
        ).rows[0]!.n
      for (let kill = 0; kill < KILLS; kill++) {
        server = spawn(process.execPath, [MAIN, 'start', '--only', 'portal', '--only', 'worker'], {
          env,
          stdio: 'ignore',
        })
        const before = await recorded()
        await until(async () => (await recorded()) > before || before === items)
        await new Promise((done) => setTimeout(done, Math.random() * 300))
        server.kill('SIGKILL')
        await once(server, 'exit')
      }
      server = spawn(process.execPath, [MAIN, 'start', '--only', 'portal', '--only', 'worker'], {
        env,
        stdio: 'ignore',
      })
      await until(async () => (await campaignStatus(installation, campaign.id)).state === 'finished')
      const { ledger } = await campaignStatus(installation, campaign.id)
      expect({ planned: ledger.planned, executed: ledger.executed }).toEqual({
        planned: items,
        executed: items,
      })
      expect(await recorded()).toBe(items)
      expect((await auditCampaign(installation, campaign.id)).problems).toEqual([])
    } finally {
      server?.kill('SIGKILL')
      await installation.close()
      await practice.close()
      await db.close()
      await rm(home, { recursive: true, force: true })
    }
  },
  KILLS * 30_000 + 60_000,
)

async function until(done: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await done()); waited += 50) {
    if (waited > 60_000) throw new Error('nothing happened for a minute')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
