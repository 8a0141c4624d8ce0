import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Assessment } from '@avouch/core/assessment'
import { auditCampaign, readAttempts, runCampaign } from '@avouch/core/campaign'
import { loadConfig } from '@avouch/core/config'
import type { EvidenceRecord } from '@avouch/core/evidence'
import { findingEvidence } from '@avouch/core/gate'
import { type PracticeTarget, startPracticeTarget, type TargetSpec } from '@avouch/core/model'
import { type OpenInstallation, openInstallation } from '@avouch/core/open'
import { installationDatabase } from '@avouch/core/testing'
import { checkFigure } from '@avouch/verify'
import fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { assess } from './assess.ts'
import { planCampaign, resumeCampaign } from './campaign.ts'
import { viewCampaign } from './campaign-view.ts'
import { claims } from './claims.ts'
import { truthIn } from './control/truth.ts'
import { DOMAINS } from './domain.ts'
import { campaignResult } from './evidence.ts'
import redTeaming from './index.ts'
import { defaultSelection, readSelection } from './plan-file.ts'
import type { RedTeamProbe } from './probe.ts'
import { routes } from './routes.ts'

describe('a red-teaming campaign on the practice target', () => {
  let db: Awaited<ReturnType<typeof installationDatabase>>
  let installation: OpenInstallation
  let practice: PracticeTarget
  let home: string
  const about = {
    release: 'example-model@1.0',
    snapshot: 'id:example-model-1.0',
    configuration: 'bare' as const,
  }
  const spec = (model: string): TargetSpec => ({
    adapter: 'openai',
    url: practice.url,
    model,
    allowPrivate: true,
    concurrency: 32,
  })

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'avouch-red-team-'))
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

  it('finds what is planted, raises no false breach, and says all of it with intervals', async () => {
    const selection = { ...(await defaultSelection()), seed: '00c0ffee' }
    const campaign = await planCampaign(installation, selection, {
      about,
      target: spec('example-model-1.0'),
      runBy: 'local',
    })
    const status = await runCampaign(installation, campaign)
    expect(status.ledger).toMatchObject({ executed: campaign.plan.items, graded: campaign.plan.items })

    // what the target says of itself, in each answer's own bytes, against what the graders made of it
    const wrong: string[] = []
    const planted = new Set<string>()
    let read = 0
    for await (const { record, exchanges } of readAttempts(installation, campaign.id)) {
      read++
      const probe = campaign.plan.document.probes[campaign.plan.at(record.item).probe] as RedTeamProbe
      // an agent's answers are many: one that gave way counts, and otherwise how it ended
      const truths = exchanges.map(({ response }) => truthIn(response)!)
      const { kind, weakness } = truths.find((truth) => truth.kind === 'breach') ?? truths.at(-1)!
      if (weakness) planted.add(weakness)
      const expected: Partial<Record<string, string>> =
        probe.kind === 'benign'
          ? { help: 'resisted', tool: 'resisted', 'over-refusal': 'refused' }
          : probe.planted
            ? { breach: 'breach', help: 'resisted', 'over-refusal': 'refused' }
            : record.strategy.startsWith('rot13') || record.strategy.startsWith('base64')
              ? { breach: 'breach', refusal: 'refused', unreadable: 'resisted' }
              : { breach: 'breach', refusal: 'refused' }
      if (expected[kind] !== record.verdict)
        wrong.push(
          `${record.probe} ${record.strategy}: ${kind}, judged ${record.verdict}: ${Buffer.from(exchanges[0]!.response)}`,
        )
    }
    expect(wrong).toEqual([])
    expect(read).toBe(campaign.plan.items)

    const result = installation.evidence.read(
      campaignResult,
      (await installation.evidence.get(status.evidence!))!,
    )
    expect(result.domains).toEqual([...DOMAINS])
    for (const weakness of planted) {
      const [domain, strategy] = weakness.split('/')
      // what stands in a world is come across on an errand that is asked for in plain words
      const name = strategy === 'direct' || strategy === 'injected-document' ? 'plain' : strategy
      expect(
        result.findings.some(
          (finding) => finding.domain === domain && (finding.strategy === name || name === undefined),
        ),
      ).toBe(true)
    }
    for (const rate of [
      ...Object.values(result.rates),
      ...Object.values(result.strategyRates),
      result.overRefusal.all!,
    ]) {
      expect(rate.low).toBeLessThanOrEqual(rate.value)
      expect(rate.high).toBeGreaterThan(rate.value)
    }
    expect(Object.values(result.ownBehaviours!).map(({ own }) => own)).toEqual([0, 0, 0, 0, 0, 0])
    expect((await auditCampaign(installation, campaign.id)).problems).toEqual([])
    expect(JSON.stringify(result)).not.toContain('ransomware that locks')

    const findings = await installation.evidence.list({ type: findingEvidence, release: about.release })
    expect(findings.length).toBeGreaterThan(0)
    expect(findings.every(({ fields }) => fields.source === status.evidence && fields.state === 'open')).toBe(
      true,
    )
  }, 60_000)

  it('is told in the report by figures that recompute from the evidence, with the predecessor beside', async () => {
    const newer = {
      release: 'example-model@2.0',
      snapshot: 'id:example-model-2.0',
      configuration: 'bare' as const,
    }
    const told: string[] = []
    const notes: (string | undefined)[] = []
    const assessment: Assessment = {
      installation,
      release: newer.release,
      about: newer,
      target: spec('example-model-2.0'),
      plan: undefined,
      concurrency: 32,
      progress: ({ note }) => notes.push(note),
      tell: (line) => told.push(line),
      signal: new AbortController().signal,
    }
    await installation.evidence.append({
      type: (await import('@avouch/core/gate')).releaseEvidence,
      about: newer,
      fields: { model: 'example-model-2.0', adapter: 'openai', predecessor: 'example-model@1.0' },
    })
    await assess(assessment)
    expect(told.filter((line) => line.includes('breaches'))).toHaveLength(DOMAINS.length + 2)
    expect(told.filter((line) => line.includes('by an agent'))).toHaveLength(2)
    expect(told.some((line) => /^Over-refusal: \d/.test(line))).toBe(true)
    expect(notes.at(-1)).toMatch(/^\d+ breach/)

    const evidence = await installation.evidence.list({})
    const made = claims(evidence, newer.release)
    expect(made.map(({ title }) => title)).toEqual([
      'Red-teaming by the company itself',
      'Change since `example-model@1.0`',
      'Trying again, and what it took',
      'Dangerous capabilities',
      'Agents in simulated worlds',
      'Control: weaknesses that were planted',
    ])
    expect(told.some((line) => /^Planted weaknesses found: \d+ of 30$/.test(line))).toBe(true)
    expect(made.at(-1)!.figures.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['rt-control-found', 'rt-control-planted', 'rt-control-sensitivity']),
    )
    expect(made[4]!.tables?.[0]?.rows).toHaveLength(8)
    const figures = made.flatMap((claim) => claim.figures)
    expect(new Set(figures.map(({ id }) => id)).size).toBe(figures.length)
    const byDigest = new Map(evidence.map((record) => [record.digest, record]))
    for (const figure of figures)
      expect(checkFigure(figure, asVerified(byDigest.get(figure.source.evidence)!))).toMatch(
        /Recomputed|Equal/,
      )
    for (const id of [
      'rt-cyber-predecessor',
      'rt-severity-critical',
      'rt-cell-cyber-plain',
      'rt-strategy-plain-count-planned',
      'rt-change-cyber',
      'rt-change-over-refusal',
      'rt-tries-cyber-best-5',
      'rt-tries-all-broken',
      'rt-cost-calls',
    ])
      expect(figures.map((figure) => figure.id)).toContain(id)
    for (const claim of made)
      for (const text of claim.prose) {
        expect(text.replaceAll(/\{\{[a-z0-9-]+\}\}|`[^`]*`/g, '')).not.toMatch(/\d/)
        for (const [, id] of text.matchAll(/\{\{([a-z0-9-]+)\}\}/g))
          expect(claim.figures.map((figure) => figure.id)).toContain(id)
      }
    expect(made[3]?.withheld?.map(({ pointer }) => pointer)).toContain('/prompts/cbr')
    expect(claims(evidence, 'example-model@3.0')).toEqual([])
  }, 60_000)

  it('goes on where it was stopped, from its own plan', async () => {
    const all = await defaultSelection()
    const selection = { ...all, packs: all.packs.filter(({ domain }) => domain === 'cyber') }
    // slow enough that not everything is recorded at the first progress
    const slow = await startPracticeTarget({ latencyMs: 20 })
    const campaign = await planCampaign(installation, selection, {
      about,
      target: { ...spec('example-model-1.0'), url: slow.url },
      runBy: 'local',
    })
    const stop = new AbortController()
    const stopped = await runCampaign(installation, campaign, {
      signal: stop.signal,
      concurrency: 4,
      progress: ({ done }) => done > 0 && stop.abort(),
    })
    expect(stopped.state).toBe('running')
    const view = await viewCampaign(installation, campaign.id)
    expect(view.ledger.notRun).toBeGreaterThan(0)
    const finished = await runCampaign(installation, await resumeCampaign(installation, campaign.id))
    expect(finished).toMatchObject({ state: 'finished', ledger: { executed: campaign.plan.items } })
    await slow.close()
  })

  it('is shown over HTTP without words, and one attempt with its words when asked', async () => {
    const app = fastify()
    await app.register(routes(installation))
    const list = (await app.inject('/campaigns?release=example-model@1.0')).json<{ id: string }[]>()
    const { id } = list.at(-1)!
    const view = await app.inject(`/campaigns/${id}`)
    expect(view.json()).toMatchObject({
      state: 'finished',
      domains: expect.arrayContaining([expect.objectContaining({ domain: 'cyber' })]),
    })
    expect((await app.inject(`/campaigns/${id}/control`)).json()).toBeNull()
    const page = (await app.inject(`/campaigns/${id}/breaches?domain=cyber&limit=5`)).json<
      { item: number; probe: string }[]
    >()
    expect(page.length).toBeGreaterThan(0)
    for (const text of [view.body, JSON.stringify(page)]) expect(text).not.toContain('practice compliance')
    const one = await app.inject(`/campaigns/${id}/attempts/${page[0]!.item}`)
    expect(one.headers['cache-control']).toBe('no-store')
    expect(one.json()).toMatchObject({ record: { probe: page[0]!.probe }, exchanges: [expect.anything()] })
    await app.close()
  })

  it('counts errors as neither: a target that only errs leaves every domain untested', async () => {
    const failing = await startPracticeTarget({ faults: { rateHtml: 1 } })
    const all = await defaultSelection()
    // fewer attempts than errors in a row that would end the campaign early
    const packs = all.packs.map((pack) => ({ ...pack, behaviours: pack.behaviours.slice(0, 5) }))
    const selection = {
      ...all,
      packs,
      strategies: ['plain'],
      repetitions: 1,
      benignRepetitions: 0,
    }
    const target: TargetSpec = { ...spec('example-model-1.0'), url: failing.url, maxTries: 1 }
    const campaign = await planCampaign(installation, selection, { about, target, runBy: 'local' })
    const status = await runCampaign(installation, campaign)
    await failing.close()
    expect(status.ledger).toMatchObject({ executed: 0, errored: campaign.plan.items })
    const record = (await installation.evidence.get(status.evidence!))!
    const result = installation.evidence.read(campaignResult, record)
    expect(result).toMatchObject({ domains: [], rates: {}, counts: {}, findings: [] })
    expect(claims([record], about.release)[0]?.prose).toEqual(expect.arrayContaining(['Cyber: not tested.']))
  })
})

describe('a plan file', () => {
  let folder: string
  const plan = async (text: string, name = 'plan.yaml'): Promise<string> => {
    const file = join(folder, name)
    await writeFile(file, text)
    return file
  }
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'avouch-plan-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('chooses packs, strategies and repetitions; sections of others are left alone', async () => {
    const file = await plan(
      'scope: { anything: 1 }\nred-teaming:\n  packs: [cyber]\n  strategies: [plain, rot13]\n  repetitions: 2\n',
    )
    expect(await readSelection(file)).toMatchObject({
      strategies: ['plain', 'rot13'],
      repetitions: 2,
      benignRepetitions: 2,
      packs: [{ pack: 'cyber' }],
    })
    expect((await readSelection(await plan('scope: {}\n'))).packs).toHaveLength(DOMAINS.length + 2)
  })

  it('may be a TypeScript module', async () => {
    const file = await plan(
      "export default { 'red-teaming': { packs: ['societal'], repetitions: 7 } }\n",
      'plan.ts',
    )
    expect(await readSelection(file)).toMatchObject({ repetitions: 7, packs: [{ pack: 'societal' }] })
  })

  it.each([
    ['an unknown strategy', 'red-teaming:\n  strategies:\n    - plain\n    - telepathy\n', 4, 'telepathy'],
    ['a strategy twice', 'red-teaming:\n  strategies:\n    - plain\n    - plain\n', 4, 'twice'],
    ['an unknown pack', 'red-teaming:\n  packs: [cyber, astrology]\n', 2, 'astrology'],
    ['no probe', 'red-teaming:\n  packs: []\n', 2, 'no probe'],
    ['no strategy', 'red-teaming:\n  strategies: []\n', 2, 'no strategy'],
    ['an unknown member', 'red-teaming:\n  packs: [cyber]\n  repetition: 3\n', 3, 'repetition'],
    ['a pack twice', 'red-teaming:\n  packs: [cyber, cyber]\n', 2, 'cyber/'],
    ['a number out of range', 'red-teaming:\n  repetitions: 0\n', 2, '>=1'],
  ])('is refused with line and reason: %s', async (_, text, line, reason) => {
    const file = await plan(text)
    await expect(readSelection(file)).rejects.toMatchObject({
      code: 'input',
      where: `${file}:${line}`,
      message: expect.stringContaining(reason),
    })
  })

  it('is refused where a pack of its own names a behaviour twice, with the line in that pack', async () => {
    const behaviour = (id: string) =>
      `  - { id: ${id}, behaviour: b, harm: h, severity: low, criterion: c, atlas: [], owasp: [], variants: [{ prompt: p }], benign: [] }\n`
    await plan(
      `pack: own\nversion: '1'\ndomain: cyber\nbehaviours:\n${behaviour('one')}${behaviour('one')}`,
      'own.yaml',
    )
    const file = await plan('red-teaming:\n  packs: [own.yaml]\n')
    await expect(readSelection(file)).rejects.toMatchObject({
      code: 'input',
      where: `${join(folder, 'own.yaml')}:6`,
    })
  })
})

/** A record as a verifier sees it with all its fields laid open. */
function asVerified(record: EvidenceRecord): Parameters<typeof checkFigure>[1] {
  return {
    id: record.id,
    digest: record.digest,
    predicateType: record.predicateType,
    index: record.index ?? 0,
    signers: [],
    view: { fields: record.fields, withheld: [] },
    statement: { subject: [], predicate: {} },
  } as unknown as Parameters<typeof checkFigure>[1]
}
