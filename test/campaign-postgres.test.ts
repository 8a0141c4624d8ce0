import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { auditCampaign, type CampaignStatus, createCampaign, runCampaign } from '@avouch/core/campaign'
import { loadConfig } from '@avouch/core/config'
import { AvouchError } from '@avouch/core/errors'
import { startPracticeTarget } from '@avouch/core/model'
import { openInstallation } from '@avouch/core/open'
import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { faultCampaign, faultResult } from './campaign/definition.ts'

/** A few kills in the fast suite; twenty with AVOUCH_FAULTS=1. */
const KILLS = process.env.AVOUCH_FAULTS === '1' ? 20 : 2

describe('a campaign whose PostgreSQL is killed', () => {
  it(
    'stops with a clear error each time, and is whole once it was resumed to its end',
    async () => {
      const home = await mkdtemp(join(tmpdir(), 'avouch-postgres-'))
      const practice = await startPracticeTarget({ latencyMs: 2 })
      const installation = await openInstallation(loadConfig({}, { home }), {
        commitments: [],
        log: pino({ level: 'silent' }),
      })
      const stopped: string[] = []
      try {
        const campaign = await createCampaign(installation, faultCampaign(practice.url, KILLS * 400))
        const whole = campaign.plan.items
        let status: CampaignStatus | undefined
        for (let kill = 0; status?.state !== 'finished'; ) {
          let due = kill < KILLS
          try {
            status = await runCampaign(installation, campaign, {
              progress: ({ done }) => {
                if (!due || done < (whole * (kill + 0.3)) / (KILLS + 1)) return
                due = false
                void sleep(Math.random() * 100).then(() => killPostmaster(home))
              },
            })
          } catch (error) {
            expect(error).toBeInstanceOf(AvouchError)
            const { code, fix } = error as AvouchError
            expect(['database', 'unavailable']).toContain(code)
            if (!due && kill < KILLS) {
              expect(fix).toContain('resume')
              stopped.push(code)
              kill++
            }
            // the server is on its way back
            await sleep(100)
          }
        }
        expect(stopped).toHaveLength(KILLS)
        expect(status.ledger).toMatchObject({ planned: whole, executed: whole })
        const rows = await installation.db.pool.query<{ n: number; items: number; refused: number }>(
          `select count(*)::int as n, count(distinct item)::int as items,
             count(*) filter (where verdict = 'refused')::int as refused
           from campaign.attempt where campaign = $1`,
          [campaign.id],
        )
        expect(rows.rows[0]).toMatchObject({ n: whole, items: whole })
        const results = await installation.evidence.list({ type: faultResult })
        expect(results.map(({ fields }) => fields)).toEqual([
          { campaign: campaign.id, executed: whole, refused: rows.rows[0]!.refused },
        ])
        expect(await auditCampaign(installation, campaign.id)).toMatchObject({
          committed: true,
          problems: [],
        })
      } finally {
        await installation.close()
        await practice.close()
        await rm(home, { recursive: true, force: true })
      }
    },
    KILLS * 20_000 + 60_000,
  )
})

/** `kill -9` of the home's own server, as `postmaster.pid` in its data folder names it. */
async function killPostmaster(home: string): Promise<void> {
  const place = JSON.parse(await readFile(join(home, 'database', 'server.json'), 'utf8')) as { data: string }
  const pid = Number((await readFile(join(place.data, 'postmaster.pid'), 'utf8')).split('\n')[0])
  if (pid > 1) process.kill(pid, 'SIGKILL')
}
