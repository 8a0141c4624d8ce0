import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { auditCampaign, campaignStatus, openAttempt, readAttempts, runCampaign } from '@avouch/core/campaign'
import { loadConfig } from '@avouch/core/config'
import { type PracticeTarget, startPracticeTarget, type TargetSpec } from '@avouch/core/model'
import { type OpenInstallation, openInstallation } from '@avouch/core/open'
import { installationDatabase } from '@avouch/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defineCampaign, planCampaign, type RedTeamCampaign, resumeCampaign } from './campaign.ts'
import { claims } from './claims.ts'
import { campaignResult } from './evidence.ts'
import redTeaming from './index.ts'
import { judgeSchema } from './judge/plan.ts'
import { defaultSelection, readSelection, type Selection } from './plan-file.ts'
import type { RedTeamProbe } from './probe.ts'

describe('a campaign of attacks of several calls', () => {
  let db: Awaited<ReturnType<typeof installationDatabase>>
  let installation: OpenInstallation
  let practice: PracticeTarget
  let home: string
  const spec = (model: string): TargetSpec => ({
    adapter: 'openai',
    url: practice.url,
    model,
    allowPrivate: true,
    concurrency: 16,
  })
  const run = () => ({
    about: { release: 'example-model@1.0', snapshot: 'id:example-model-1.0', configuration: 'bare' as const },
    target: spec('example-model-1.0'),
    runBy: 'local',
  })
  /** A few behaviours of two domains. */
  const selection = async (strategies: string[], over: Partial<Selection> = {}): Promise<Selection> => {
    const all = await defaultSelection()
    return {
      ...all,
      packs: all.packs
        .filter(({ pack }) => pack === 'cyber' || pack === 'tool-use')
        .map((pack) => ({ ...pack, behaviours: pack.behaviours.slice(0, 6) })),
      strategies,
      benignRepetitions: 0,
      seed: '00c0ffee',
      ...over,
    }
  }
  /** Counts of (strategy, status), and the first attempt of each. */
  const tally = async (campaign: RedTeamCampaign) => {
    const counts: Record<string, number> = {}
    for (let item = 0; item < campaign.plan.items; item++) {
      const { record } = await openAttempt(installation, campaign.id, item)
      const key = `${record.strategy} ${record.status}`
      counts[key] = (counts[key] ?? 0) + 1
    }
    return counts
  }

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'avouch-attacks-'))
    db = await installationDatabase([redTeaming])
    practice = await startPracticeTarget()
    installation = await openInstallation(loadConfig({ AVOUCH_DATABASE_URL: db.url }, { home }), {
      commitments: [redTeaming],
    })
  })
  afterAll(async () => {
    await practice.close()
    await installation.close()
    await db.close()
    await rm(home, { recursive: true, force: true })
  })

  it('records what lacks an attacker or translator as not run, never as resisted', async () => {
    const chosen = ['plain', 'goat', 'pair', 'tap', 'low-resource-language']
    const campaign = await planCampaign(installation, await selection(chosen), run())
    const { state, ledger } = await runCampaign(installation, campaign)
    const each = campaign.plan.items / chosen.length
    expect(state).toBe('finished')
    expect(ledger).toMatchObject({ planned: each * 5, executed: each, graded: each, notRun: each * 4 })
    expect(await tally(campaign)).toEqual({
      'plain@1 executed': each,
      'goat@2 not-run': each,
      'pair@2 not-run': each,
      'tap@2 not-run': each,
      'low-resource-language@2 not-run': each,
    })
    expect((await auditCampaign(installation, campaign.id)).problems).toEqual([])
  })

  it('lets an attacker model drive, within the plan, and finds with it what plain asking does not', async () => {
    const plan = await selection(['plain', 'goat', 'pair', 'tap', 'crescendo', 'best-of-n'])
    const campaign = await planCampaign(
      installation,
      { ...plan, attack: { ...plan.attack, attacker: spec('example-attacker') } },
      run(),
    )
    await runCampaign(installation, await resumeCampaign(installation, campaign.id))
    const { ledger, tallies } = await campaignStatus(installation, campaign.id)
    expect(ledger).toMatchObject({ executed: campaign.plan.items, errored: 0, notRun: 0 })
    const names = campaign.plan.document.strategies.map(({ name }) => name)
    const breaches = (name: string) =>
      tallies
        .filter(({ strategy, verdict }) => names[strategy] === name && verdict === 'breach')
        .reduce((sum, { n }) => sum + n, 0)
    for (const name of ['pair', 'tap', 'goat']) expect(breaches(name)).toBeGreaterThan(breaches('plain'))
  })

  it('judges with a model, recorded with the attempt, and lets attacks go by it', async () => {
    const plan = await selection(['plain', 'tap'], { benignRepetitions: 1 })
    const judge = { ...judgeSchema.parse({ ...spec('example-judge') }), mode: 'always' as const }
    const campaign = await planCampaign(
      installation,
      { ...plan, attack: { ...plan.attack, judge, attacker: spec('example-attacker') } },
      run(),
    )
    await runCampaign(installation, await resumeCampaign(installation, campaign.id))
    const { ledger, evidence } = await campaignStatus(installation, campaign.id)
    expect(ledger).toMatchObject({ executed: campaign.plan.items, graded: campaign.plan.items, errored: 0 })
    const graders = campaign.plan.document.graders.map(({ name }) => name)
    expect(graders.filter((name) => name.endsWith('-judge')).sort()).toEqual([
      'cyber-judge',
      'over-refusal-judge',
      'tool-use-judge',
    ])
    const seen = new Set<string>()
    for await (const { record, exchanges } of readAttempts(installation, campaign.id)) {
      const judged = exchanges.filter(({ role }) => role === 'judge')
      const domain = record.probe.startsWith('cyber') ? 'cyber' : 'tool-use'
      if (record.grader === 'cyber-judge@2') {
        expect(judged.length).toBeGreaterThan(0)
        seen.add(`${domain} ${record.strategy}`)
        // the attack and the grader ask about one answer together, once
        if (record.strategy === 'plain@1') expect(judged).toHaveLength(1)
      }
      // a tool that was called or not needs no judge
      if (record.grader === 'tool-use-judge@2' && record.strategy === 'plain@1') expect(judged).toEqual([])
      expect(record.helpers?.calls ?? 0).toBe(exchanges.filter(({ role }) => role !== undefined).length)
    }
    expect(seen).toEqual(new Set(['cyber plain@1', 'cyber tap@2']))
    expect((await auditCampaign(installation, campaign.id)).problems).toEqual([])
    const result = installation.evidence.read(campaignResult, (await installation.evidence.get(evidence!))!)
    expect(result.graders.some((name) => name.startsWith('cyber-judge@'))).toBe(true)
  }, 30_000)

  it('commits to the attacker in its plan', async () => {
    const plan = await selection(['plain', 'pair'])
    const digests = async (attack: Selection['attack']) =>
      (await defineCampaign({ ...plan, attack }, run())).strategies.map(({ digest }) => digest)
    const bare = await digests(plan.attack)
    const helped = await digests({ ...plan.attack, attacker: spec('example-attacker') })
    expect(helped[0]).toBe(bare[0])
    expect(helped[1]).not.toBe(bare[1])
  })

  it('refuses an attacker that cannot be used before anything is recorded', async () => {
    const plan = await selection(['pair'])
    const attacker = { ...spec('example-attacker'), keyVariable: 'AVOUCH_TEST_NO_SUCH_KEY' }
    await expect(
      planCampaign(installation, { ...plan, attack: { ...plan.attack, attacker } }, run()),
    ).rejects.toMatchObject({ code: 'config' })
    const inside = { ...spec('example-attacker'), url: 'http://10.0.0.1/v1', allowPrivate: false }
    await expect(
      planCampaign(installation, { ...plan, attack: { ...plan.attack, attacker: inside } }, run()),
    ).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('The attacker cannot be used'),
      where: expect.stringContaining('red-teaming.attacker'),
      fix: expect.stringContaining('allowPrivate: true'),
    })
  })

  it('puts a rewriting before an attack of many turns, by name', async () => {
    const campaign = await planCampaign(installation, await selection(['leet+crescendo']), run())
    await runCampaign(installation, await resumeCampaign(installation, campaign.id))
    const { ledger, evidence } = await campaignStatus(installation, campaign.id)
    expect(ledger).toMatchObject({ executed: campaign.plan.items, errored: 0, notRun: 0 })
    const result = (await installation.evidence.get(evidence!))!
    const ids = claims([result], 'example-model@1.0').flatMap(
      ({ figures }) => figures?.map(({ id }) => id) ?? [],
    )
    expect(ids).toContain('rt-strategy-leet--crescendo')
    const { record, exchanges } = await openAttempt(installation, campaign.id, 0)
    expect(record.strategy).toBe('leet+crescendo@1+2')
    expect(exchanges.length).toBeGreaterThan(3)
    for (const { request } of exchanges) expect(request).toMatch(/4n|7h/)

    const file = join(home, 'composed.yaml')
    for (const [name, reason] of [
      ['base64+telepathy', 'telepathy'],
      ['crescendo+base64', 'rewrites no message'],
    ] as const) {
      await writeFile(file, `red-teaming:\n  strategies:\n    - ${name}\n`)
      await expect(readSelection(file)).rejects.toMatchObject({
        code: 'input',
        where: `${file}:3`,
        message: expect.stringContaining(reason),
      })
    }
  })

  it('takes helpers and limits from the plan file, and says where they are wrong', async () => {
    const file = join(home, 'plan.yaml')
    const write = (section: string) => writeFile(file, `red-teaming:\n${section}`)
    await write(
      '  strategies: [tap]\n  attacker: { url: "http://127.0.0.1:1/v1", model: m, allowPrivate: true }\n  limits: { depth: 2 }\n',
    )
    expect((await readSelection(file)).attack).toMatchObject({
      attacker: { adapter: 'openai', model: 'm' },
      limits: { depth: 2, width: 3, turns: 5 },
    })
    // an address of this machine is meant by whoever types it here, as --target is
    await write('  judge: { url: "http://localhost:1/v1", model: m }\n')
    expect((await readSelection(file)).attack.judge).toMatchObject({ allowPrivate: true })
    await write('  judge: { url: "http://10.0.0.1/v1", model: m }\n')
    expect((await readSelection(file)).attack.judge?.allowPrivate).toBeUndefined()
    await write('  limits:\n    depth: 8\n    width: 8\n')
    await expect(readSelection(file)).rejects.toMatchObject({ code: 'input', where: `${file}:3` })
    await write('  attacker:\n    model: m\n')
    await expect(readSelection(file)).rejects.toMatchObject({ code: 'input' })
  })

  it('pairs a strategy only with probes it applies to', async () => {
    const all = await defaultSelection()
    const { probes, blocks, strategies } = await defineCampaign(
      { ...all, strategies: ['plain', 'system-prompt-extraction'] },
      run(),
    )
    const at = strategies.findIndex(({ name }) => name === 'system-prompt-extraction')
    const paired = blocks!.filter((block) => block.strategies.includes(at)).flatMap((block) => block.probes)
    const hiding = probes.filter((probe: RedTeamProbe) => probe.kind === 'attack' && probe.leak !== undefined)
    expect(hiding.length).toBeGreaterThan(0)
    expect(paired.map((n) => probes[n]!.id)).toEqual(hiding.map(({ id }) => id))
  })
})
