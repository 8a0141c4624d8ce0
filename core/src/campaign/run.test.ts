import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AvouchError } from '../errors.ts'
import { type PracticeTarget, startPracticeTarget } from '../model/index.ts'
import type { ModelRequest, Target, TargetSpec } from '../model/target.ts'
import { auditCampaign } from './audit.ts'
import { type CampaignDefinition, createCampaign, openCampaign } from './campaign.ts'
import { sha256 } from './canonical.ts'
import { abandonCampaign, campaignStatus } from './conclude.ts'
import { campaignAbandoned, campaignPlan } from './evidence.ts'
import { attemptProof, openAttempt } from './opened-attempt.ts'
import { runCampaign } from './run.ts'
import { shardJob } from './shard-job.ts'
import { campaignsOf } from './store.ts'
import type { Strategy } from './strategy.ts'
import { testCampaign, testPlain, testResult } from './test-campaign.ts'
import { testInstallation } from './test-installation.ts'
import { rootFromPath } from './tree.ts'

describe('a campaign', () => {
  let installation: Awaited<ReturnType<typeof testInstallation>>
  let practice: PracticeTarget
  let spec: TargetSpec

  beforeAll(async () => {
    installation = await testInstallation()
    practice = await startPracticeTarget()
    spec = {
      adapter: 'openai',
      url: practice.url,
      model: 'example-model-2.0',
      allowPrivate: true,
      concurrency: 20,
      maxTries: 1,
    }
  })
  afterAll(async () => {
    await practice.close()
    await installation.close()
  })

  const scripted = (
    ask: (request: ModelRequest) => Promise<Partial<Awaited<ReturnType<Target['ask']>>>>,
  ): Target => ({
    spec,
    ask: async (request) => ({
      outcome: 'answered',
      text: 'an answer',
      toolCalls: [],
      finish: 'stop',
      usage: { inputTokens: 1, outputTokens: 1 },
      servedBy: 'scripted',
      latency: 1,
      tries: 1,
      error: undefined,
      raw: { request: Buffer.from(JSON.stringify(request)), response: Buffer.from('{}') },
      ...(await ask(request)),
    }),
    close: async () => {},
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

  it('proves any one attempt against the root in its evidence, and opens it on demand', async () => {
    const campaign = await createCampaign(installation, testCampaign(spec, 3))
    const { evidence } = await runCampaign(installation, campaign)
    const root = (await installation.evidence.get(evidence!))!.bulk!.root
    for (const item of [0, 13, 29]) {
      const proof = await attemptProof(installation, campaign.id, item)
      const leaf = sha256(Buffer.concat([Buffer.from(proof.salt, 'base64'), Buffer.from(proof.record)]))
      const path = proof.path.map((hash) => Buffer.from(hash, 'base64'))
      expect(rootFromPath(leaf, item, 30, path)?.toString('hex')).toBe(root)
      expect(rootFromPath(leaf, (item + 1) % 30, 30, path)?.toString('hex')).not.toBe(root)
      const opened = await openAttempt(installation, campaign.id, item)
      expect(opened.record).toEqual(JSON.parse(proof.record))
      expect(opened.exchanges[0]?.request).toContain('What is the history of thing')
      expect(opened.answer?.text.length).toBeGreaterThan(0)
    }
    await expect(attemptProof(installation, campaign.id, 30)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('goes on after an abort where it was, and refuses another plan under its id', async () => {
    const definition = testCampaign(spec, 100)
    const campaign = await createCampaign(installation, definition)
    const stop = new AbortController()
    let asked = 0
    const target = scripted(async () => {
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
    const target = scripted(async () => {
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
    const target = scripted(async () => {
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
    const slow = scripted(async () => {
      asked++
      await held
      return {}
    })
    const running = runCampaign(installation, campaign, { target: slow, concurrency: 200 })
    await until(() => asked === 200)
    await installation.db.pool.query(
      'select pg_terminate_backend(pid) from pg_locks where locktype = $1 and pid <> pg_backend_pid() and objid = 0 and database = (select oid from pg_database where datname = current_database()) and classid <> 1635151733',
      ['advisory'],
    )
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

  describe('keeps its ledger honest', () => {
    const withTarget = async (definition: CampaignDefinition, target: Target) => {
      const campaign = await createCampaign(installation, definition)
      return {
        campaign,
        run: (more = {}) => runCampaign(installation, campaign, { target, concurrency: 4, ...more }),
      }
    }

    it('with errors, refusals by the provider and attempts that cannot be judged', async () => {
      let n = 0
      const target = scripted(async () => {
        n++
        if (n % 5 === 0) return { outcome: 'errored', text: '', error: 'HTTP 500' }
        if (n % 5 === 1) return { outcome: 'refused-by-provider', text: '', finish: 'content_filter' }
        return { text: n % 5 === 2 ? 'throw' : 'fine' }
      })
      const definition = testCampaign(spec, 10)
      const grader = definition.graders[0]!
      const { campaign, run } = await withTarget(
        {
          ...definition,
          graders: [
            {
              ...grader,
              grade: (given) => {
                if (given.transcript.last.text === 'throw') throw new Error('no idea')
                return grader.grade(given)
              },
            },
          ],
        },
        target,
      )
      const { ledger, evidence } = await run()
      expect(ledger).toEqual({
        planned: 100,
        executed: 60,
        graded: 40,
        errored: 20,
        refusedByProvider: 20,
        notRun: 0,
        supersededErrors: 0,
      })

      const retried = await run({ retryErrors: true })
      expect(retried.ledger).toMatchObject({ planned: 100, supersededErrors: 20 })
      expect(retried.ledger.executed + retried.ledger.errored + retried.ledger.refusedByProvider).toBe(100)
      expect((await installation.evidence.get(retried.evidence!))?.supersedes).toBe(evidence)
      const before = (await installation.evidence.get(evidence!))!.bulk!
      expect(before.records).toBe(`campaign/${campaign.id}/0`)
      expect((await auditCampaign(installation, campaign.id, { round: 0 })).root).toBe(before.root)
      expect((await auditCampaign(installation, campaign.id)).problems).toEqual([])
    })

    it('with a strategy that cannot be carried out here, and one that asks without end', async () => {
      const lacking: Strategy = {
        name: 'plain',
        version: '1',
        reference: 'none',
        attack: async () => {
          throw new AvouchError('unavailable', 'There is no attacker model')
        },
      }
      const endless: Strategy = {
        name: 'numbered',
        version: '1',
        reference: 'none',
        attack: async ({ ask, probe }) => {
          while (true) await ask({ messages: [{ role: 'user', content: probe.prompt }] })
        },
      }
      const { run, campaign } = await withTarget(
        testCampaign(spec, 2, { strategies: [lacking, endless], maxCalls: 3 }),
        scripted(async () => ({})),
      )
      const { ledger } = await run()
      expect(ledger).toMatchObject({ planned: 20, executed: 0, notRun: 10, errored: 10 })
      const items = await Promise.all(
        Array.from({ length: 20 }, (_, item) => openAttempt(installation, campaign.id, item)),
      )
      expect(new Set(items.map(({ record }) => record.error))).toEqual(
        new Set([
          'There is no attacker model',
          'The strategy made more than the 3 calls the plan allows for one attempt',
        ]),
      )
      expect(items.filter(({ exchanges }) => exchanges.length === 3)).toHaveLength(10)
    })

    it('when it is abandoned: what was not asked has its own leaf', async () => {
      let n = 0
      const stop = new AbortController()
      const { campaign, run } = await withTarget(
        testCampaign(spec, 5),
        scripted(async () => {
          if (++n === 30) stop.abort()
          return {}
        }),
      )
      await run({ signal: stop.signal })
      const status = await abandonCampaign(installation, campaign.id, 'The endpoint was the wrong one.')
      expect(status.state).toBe('abandoned')
      expect(status.ledger.notRun).toBe(50 - status.ledger.executed)
      const record = (await installation.evidence.get(status.evidence!))!
      expect(installation.evidence.read(campaignAbandoned, record)).toMatchObject({
        reason: 'The endpoint was the wrong one.',
        ledger: status.ledger,
      })
      const audit = await auditCampaign(installation, campaign.id)
      expect(audit).toMatchObject({ committed: true, problems: [] })
      for (const item of [0, 49]) {
        const proof = await attemptProof(installation, campaign.id, item)
        expect(proof.root).toBe(record.bulk!.root)
      }
      expect((await run()).state).toBe('abandoned')
      await expect(abandonCampaign(installation, campaign.id, 'again')).rejects.toMatchObject({
        code: 'conflict',
      })
    })

    it('when the target is gone: it stops, keeps what it has, and asks errors again only when told', async () => {
      let down = false
      let n = 0
      const { run } = await withTarget(
        testCampaign(spec, 40),
        scripted(async () => {
          if (++n === 101) down = true
          return down ? { outcome: 'errored', text: '', error: 'connection refused' } : {}
        }),
      )
      await expect(run()).rejects.toMatchObject({
        code: 'target',
        message: expect.stringContaining('connection refused'),
      })
      down = false
      n = 1000
      const { ledger } = await run()
      expect(ledger.executed + ledger.errored).toBe(400)
      expect(ledger.errored).toBeGreaterThanOrEqual(100)
      expect((await run({ retryErrors: true })).ledger).toMatchObject({
        executed: 400,
        errored: 0,
        supersededErrors: ledger.errored,
      })
    })
  })

  it('stops with a clear error when the database goes away, and what was recorded stands', async () => {
    const campaign = await createCampaign(installation, testCampaign(spec, 300))
    let asked = 0
    const target = scripted(async () => {
      // everything but the sealer loses its connection
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
    expect(after).toMatchObject({ state: 'finished', ledger: { executed: 3000 } })
    expect((await auditCampaign(installation, campaign.id)).problems).toEqual([])
  })

  it('is audited down to one flipped byte in bytes, leaves and ledger', async () => {
    const campaign = await createCampaign(installation, testCampaign(spec, 4))
    await runCampaign(installation, campaign)
    const clean = await auditCampaign(installation, campaign.id)
    expect(clean).toMatchObject({ attempts: 40, committed: true, problems: [] })

    const damage = async (text: string, undo: string): Promise<string[]> => {
      await sql.raw(text.replaceAll('$id', `'${campaign.id}'`)).execute(installation.db.kysely)
      const { problems } = await auditCampaign(installation, campaign.id)
      await sql.raw(undo.replaceAll('$id', `'${campaign.id}'`)).execute(installation.db.kysely)
      return problems.map(({ what }) => what)
    }
    const flip =
      'update campaign.batch set sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1) where campaign = $id'
    expect(await damage(flip, flip)).toContainEqual(expect.stringContaining('do not open'))
    const leaf =
      'update campaign.attempt set leaf = set_byte(leaf, 5, get_byte(leaf, 5) # 1) where campaign = $id and item = 7'
    expect(await damage(leaf, leaf)).toEqual([
      'its record is not what its leaf commits to',
      expect.stringContaining('another root'),
    ])
    const verdict = (to: string) =>
      `update campaign.attempt set verdict = '${to}' where campaign = $id and item = 7`
    const was = (await openAttempt(installation, campaign.id, 7)).record.verdict!
    expect(await damage(verdict('breach'), verdict(was))).toEqual([
      'its row in the ledger is not what its record says',
    ])
    await sql
      .raw(`delete from campaign.attempt where campaign = '${campaign.id}' and item = 3`)
      .execute(installation.db.kysely)
    const { problems } = await auditCampaign(installation, campaign.id)
    expect(problems.map(({ what }) => what)).toContain('item 3 has no row in the ledger')
  })
})
