import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { auditCampaign, campaignStatus, createCampaign, openAttempt } from '@avouch/core/campaign'
import { loadConfig } from '@avouch/core/config'
import { startPracticeTarget } from '@avouch/core/model'
import { openInstallation } from '@avouch/core/open'
import { installationDatabase } from '@avouch/core/testing'
import { describe, expect, it } from 'vitest'
import { faultCampaign, faultResult } from './campaign/definition.ts'

const WORKER = fileURLToPath(new URL('./campaign/worker.ts', import.meta.url))
/** A few kills in the fast suite; twenty with AVOUCH_FAULTS=1. */
const KILLS = process.env.AVOUCH_FAULTS === '1' ? 20 : 3
const REPETITIONS = KILLS * 150

describe('a campaign whose processes are killed', () => {
  it(
    'is resumed until every planned attempt is recorded once, and its totals are those of its rows',
    async () => {
      const home = await mkdtemp(join(tmpdir(), 'avouch-kill-'))
      const db = await installationDatabase([])
      const practice = await startPracticeTarget({ latencyMs: 3 })
      const env = { ...process.env, AVOUCH_HOME: home, AVOUCH_DATABASE_URL: db.url }
      const installation = await openInstallation(loadConfig(env), { commitments: [] })
      try {
        const definition = faultCampaign(practice.url, REPETITIONS)
        const { id, plan } = await createCampaign(installation, definition)
        const recorded: number[] = []
        for (let kill = 0; kill < KILLS; kill++) {
          const before = await count(id)
          // two processes at once, so that one dies while the other works
          const workers = [work(id), ...(kill % 2 === 1 ? [work(id)] : [])]
          await until(
            async () => (await count(id)) > before || workers.some(({ exitCode }) => exitCode !== null),
          )
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 300))
          for (const worker of workers) worker.kill('SIGKILL')
          await Promise.all(workers.map(ended))
          recorded.push(await count(id))
        }
        const last = work(id)
        expect(await ended(last)).toBe(0)

        const { state, ledger, evidence } = await campaignStatus(installation, id)
        expect({ state, planned: ledger.planned, executed: ledger.executed }).toEqual({
          state: 'finished',
          planned: plan.items,
          executed: plan.items,
        })
        const rows = await db.pool.query<{
          n: number
          items: number
          lowest: number
          highest: number
          refused: number
        }>(
          `select count(*)::int as n, count(distinct item)::int as items, min(item) as lowest, max(item) as highest,
             count(*) filter (where verdict = 'refused')::int as refused
           from campaign.attempt where campaign = $1`,
          [id],
        )
        expect(rows.rows[0]).toMatchObject({
          n: plan.items,
          items: plan.items,
          lowest: 0,
          highest: plan.items - 1,
        })
        const result = await installation.evidence.get(evidence!)
        expect(installation.evidence.read(faultResult, result!)).toEqual({
          campaign: id,
          executed: plan.items,
          refused: rows.rows[0]!.refused,
        })
        expect(await installation.evidence.list({ type: faultResult })).toHaveLength(1)
        expect(await auditCampaign(installation, id)).toMatchObject({
          attempts: plan.items,
          committed: true,
          problems: [],
        })
        expect((await openAttempt(installation, id, 0)).record.item).toBe(0)
        // the kills fell while there was work under way
        expect(recorded[0]).toBeLessThan(plan.items)
      } finally {
        await installation.close()
        await practice.close()
        await db.close()
        await rm(home, { recursive: true, force: true })
      }

      async function count(id: string): Promise<number> {
        const found = await db.pool.query<{ n: number }>(
          'select count(*)::int as n from campaign.attempt where campaign = $1',
          [id],
        )
        return found.rows[0]!.n
      }
      function work(id: string): ChildProcess {
        return spawn(process.execPath, [WORKER, id, practice.url, String(REPETITIONS)], {
          env,
          stdio: ['ignore', 'ignore', 'inherit'],
        })
      }
    },
    KILLS * 15_000 + 60_000,
  )
})

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10))
}

function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode)
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)))
}
