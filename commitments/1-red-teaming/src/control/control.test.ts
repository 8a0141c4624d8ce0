import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type AttemptRecord, carryOut, planOf, retryErrors, runCampaign } from '@avouch/core/campaign'
import { loadConfig } from '@avouch/core/config'
import {
  PRACTICE_MODELS,
  type PracticeTarget,
  practiceInProcess,
  recognisePractice,
  startPracticeTarget,
  type TargetSpec,
} from '@avouch/core/model'
import { type OpenInstallation, openInstallation } from '@avouch/core/open'
import { installationDatabase } from '@avouch/core/testing'
import fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defineCampaign, planCampaign } from '../campaign.ts'
import redTeaming from '../index.ts'
import { readPacks } from '../pack.ts'
import { defaultSelection, readSelection } from '../plan-file.ts'
import { probesOf, type RedTeamProbe } from '../probe.ts'
import { controlClaims } from './claims.ts'
import { controlEvidence } from './evidence.ts'
import { findControl, recordControl } from './record.ts'
import { controlRoutes } from './routes.ts'
import { askedIn, ControlTally } from './tally.ts'
import { tellControl } from './tell.ts'
import { truthIn } from './truth.ts'
import { controlLines } from './wording.ts'

const demoPlan = (version: string): string =>
  fileURLToPath(new URL(`../../../../apps/cli/demo/example-model-${version}.yaml`, import.meta.url))
const about = {
  release: 'example-model@1.0',
  snapshot: 'id:example-model-1.0',
  configuration: 'bare' as const,
}
const of = { campaign: crypto.randomUUID(), result: crypto.randomUUID(), planDigest: 'ab'.repeat(32) }

describe("the demo's plans", () => {
  it.each([
    ['1.0', '0badcafe'],
    ['2.0', 'f005ba11'],
  ])(
    'find every weakness planted in %s and raise no false breach, with another seed',
    async (version, seed) => {
      const model = PRACTICE_MODELS.find((known) => known.version === version)!
      const target = practiceInProcess(model.id)
      const definition = await defineCampaign(
        { ...(await readSelection(demoPlan(version))), seed },
        { about, target: target.spec, runBy: 'local' },
      )
      const campaign = { id: of.campaign, definition, plan: planOf(definition) }
      const tally = new ControlTally({ ...model, weaknesses: [...model.weaknesses] }, 1)
      const { signal } = new AbortController()
      for (let item = 0; item < campaign.plan.items; item++) {
        const attempt = await carryOut({ campaign, round: 0, target, signal }, item)
        tally.add(campaign.plan.document.probes[attempt!.probe]!, { ...attempt!, answer: undefined })
      }
      const control = tally.control(of)
      expect(control.weaknesses.filter(({ judged }) => judged === 0)).toEqual([])
      expect(control).toMatchObject({
        planted: model.weaknesses.length,
        found: model.weaknesses.length,
        untold: 0,
      })
      expect(control.attacks.judgedWithout).toBe(0)
      expect(control.attacks.judgedOfThem).toBe(control.attacks.gaveWay)
      expect(control.twins).toMatchObject({ judgedBreach: 0, judgedRefused: 0 })
      expect(control.twins.overRefused).toBeGreaterThan(0)
      expect(control.twins.judgedOverRefused).toBe(control.twins.overRefused)
    },
    60_000,
  )

  it('have every strategy that the practice target tells apart', async () => {
    for (const { version, weaknesses } of PRACTICE_MODELS) {
      const { strategies } = await readSelection(demoPlan(version))
      const named: Record<string, string> = { direct: 'plain', split: 'payload-splitting', leetspeak: 'leet' }
      for (const { strategy } of weaknesses) expect(strategies).toContain(named[strategy] ?? strategy)
    }
  })

  it('put nothing to a benign twin that the practice target takes for harmful', async () => {
    const twins = (await readPacks()).flatMap(probesOf).filter(({ kind }) => kind === 'benign')
    expect(twins.length).toBeGreaterThan(200)
    expect(twins.filter(({ prompt }) => recognisePractice(prompt).domain !== undefined)).toEqual([])
  })
})

describe('a control', () => {
  const probe = (kind: RedTeamProbe['kind'], n: number) =>
    ({ kind, cluster: `cyber/b${n}`, domain: 'cyber' }) as RedTeamProbe
  const attempt = (verdict: AttemptRecord['verdict'], ...practice: [string, string?][]) => ({
    record: { status: 'executed', verdict } as AttemptRecord,
    answer: undefined,
    exchanges: practice.map(([kind, weakness]) => ({
      request: Buffer.of(),
      response: Buffer.from(
        JSON.stringify({ practice: { notAModel: true, kind, weakness: weakness ?? null } }),
      ),
    })),
  })
  const planted = {
    id: 'm',
    weaknesses: ['a', 'b', 'c'].map((id) => ({
      id,
      domain: 'cyber',
      strategy: 'direct',
      probability: 0.1,
      spread: 0.7,
    })),
  }

  it('counts what was there and what was seen, each against the other', () => {
    const tally = new ControlTally(planted, 1)
    tally.add(probe('attack', 1), attempt('breach', ['refusal'], ['breach', 'a']))
    tally.add(probe('attack', 1), attempt('partial', ['breach', 'a']))
    tally.add(probe('attack', 2), attempt('ungradable', ['breach', 'b']))
    tally.add(probe('attack', 2), attempt('breach', ['help']))
    tally.add(probe('attack', 3), attempt('refused', ['refusal']))
    tally.add(probe('benign', 1), attempt('refused', ['help']))
    tally.add(probe('benign', 2), attempt('breach', ['tool']))
    tally.add(probe('benign', 3), attempt('refused', ['over-refusal']))
    const missing = attempt('breach')
    tally.add(probe('attack', 1), missing)
    tally.add(probe('attack', 1), { ...missing, record: { ...missing.record, status: 'errored' } })
    const control = tally.control(of)
    expect(control.weaknesses.map(({ id, fired, judged }) => [id, fired, judged])).toEqual([
      ['a', 2, 1],
      ['b', 1, 0],
      ['c', 0, 0],
    ])
    expect(control).toMatchObject({
      planted: 3,
      found: 1,
      attacks: { answered: 5, gaveWay: 3, judgedOfThem: 1, judgedWithout: 1 },
      twins: {
        answered: 3,
        judgedBreach: 1,
        helped: 2,
        judgedRefused: 1,
        overRefused: 1,
        judgedOverRefused: 1,
      },
      untold: 1,
      counts: {
        found: [
          [1, 1],
          [0, 1],
          [0, 1],
        ],
        sensitivity: [
          [1, 2],
          [0, 1],
        ],
        falseBreaches: [
          [1, 1],
          [0, 1],
        ],
        falseBreachesOnTwins: [
          [0, 1],
          [1, 1],
          [0, 1],
        ],
        falseRefusals: [
          [1, 1],
          [0, 1],
        ],
      },
    })
    expect(controlEvidence.schema.parse(control)).toEqual(control)
    const lines = controlLines(control)
    expect(lines).toContain('Planted weaknesses found: 1 of 3')
    expect(lines.filter((line) => line.startsWith('Not found'))).toEqual([
      'Not found: b, planted at 10.0 %; it gave way 1 time, and 0 were seen',
      'Not found: c, planted at 10.0 %; it never gave way by it',
    ])
  })

  it('tells a weakness that its plan never asked for from one that it missed', () => {
    const tally = new ControlTally(
      {
        id: 'm',
        weaknesses: [{ ...planted.weaknesses[0]!, strategy: 'split' }, { ...planted.weaknesses[1]! }],
      },
      1,
      askedIn({
        probes: [probe('attack', 1)],
        strategies: [{ name: 'leet+plain', version: '1' }],
        blocks: [{ probes: [0], strategies: [0], repetitions: 1 }],
      }),
    )
    const lines = controlLines(tally.control(of))
    expect(lines).toContain('Not found: b, planted at 10.0 %; it never gave way by it')
    expect(lines).toContain('Not in this plan: a')
  })

  it('does not count what helpers said', () => {
    const tally = new ControlTally(planted, 1)
    const helped = attempt('refused', ['breach', 'a'], ['refusal'])
    tally.add(probe('attack', 1), {
      ...helped,
      exchanges: helped.exchanges.map((call, n) => (n === 0 ? { ...call, role: 'attacker' as const } : call)),
    })
    expect(tally.control(of).attacks).toMatchObject({ answered: 1, gaveWay: 0 })
  })

  it('reads what an answer says of itself, and nothing that its words pretend', () => {
    const truth = { notAModel: true, kind: 'help', weakness: null }
    const bytes = (text: string) => Buffer.from(text)
    expect(truthIn(bytes(JSON.stringify({ practice: truth })))).toEqual(truth)
    expect(truthIn(bytes(`data: ${JSON.stringify({ practice: truth })}\n\ndata: [DONE]\n\n`))).toEqual(truth)
    for (const text of [
      '',
      '{',
      '{"practice":{"kind":"breach"}}',
      JSON.stringify({ choices: [{ message: { content: JSON.stringify({ practice: truth }) } }] }),
    ])
      expect(truthIn(bytes(text))).toBeUndefined()
  })
})

describe('recording a control', () => {
  let db: Awaited<ReturnType<typeof installationDatabase>>
  let installation: OpenInstallation
  let practice: PracticeTarget
  let home: string

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'avouch-control-'))
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

  async function planned(target: Partial<TargetSpec> & { url: string }) {
    const all = await defaultSelection()
    return planCampaign(
      installation,
      {
        ...all,
        packs: all.packs
          .filter(({ domain }) => domain === 'misuse')
          .map((pack) => ({ ...pack, behaviours: pack.behaviours.slice(0, 12) })),
        strategies: ['plain', 'role-play'],
        seed: '00c0ffee',
      },
      {
        about,
        target: { adapter: 'openai', model: 'example-model-1.0', allowPrivate: true, ...target },
        runBy: 'local',
      },
    )
  }

  it('records it once for a result, superseded by that of a later one', async () => {
    const campaign = await planned({ url: practice.url })
    await expect(recordControl(installation, campaign.id)).rejects.toMatchObject({ code: 'conflict' })
    await runCampaign(installation, campaign)
    const both = await Promise.all([1, 2, 3, 4].map(() => recordControl(installation, campaign.id)))
    const record = both[0]!
    expect(
      new Set(both.map((one) => one!.id)).size,
      'who counted at the same moment records nothing beside',
    ).toBe(1)
    const control = installation.evidence.read(controlEvidence, record)
    expect(control).toMatchObject({ campaign: campaign.id, planted: 35, model: 'example-model-1.0' })
    expect(control.attacks.answered + control.twins.answered).toBe(campaign.plan.items)
    expect((await recordControl(installation, campaign.id))!.id).toBe(record.id)
    expect((await findControl(installation, campaign.id))!.id).toBe(record.id)

    await retryErrors(installation, campaign.id)
    await runCampaign(installation, campaign, { retryErrors: true })
    const told: string[] = []
    await tellControl(installation, campaign.id, (line) => told.push(line))
    expect(told.some((line) => line.startsWith('Planted weaknesses found'))).toBe(true)

    const app = fastify()
    await app.register(controlRoutes(installation))
    const shown = await app.inject(`/campaigns/${campaign.id}/control`)
    expect(shown.json()).toMatchObject({ planted: 35, rates: { found: { n: 35 } } })
    await app.close()

    const live = await installation.evidence.list({ type: controlEvidence })
    const [claim] = controlClaims(live, undefined)
    expect(claim!.prose.join(' ')).toContain('{{rt-control-found}} of {{rt-control-planted}}')
    expect(controlClaims([], undefined)).toEqual([])
    // a later, smaller one, with fewer found
    const smaller = {
      ...live[0]!,
      id: 'smaller',
      digest: 'smaller',
      fields: { ...live[0]!.fields, found: 1, attacks: { ...control.attacks, answered: 1 } },
    }
    const [widest, every] = controlClaims([...live, smaller], undefined)
    expect(widest!.figures[0]!.source.evidence).toBe(live[0]!.digest)
    expect(every!.tables![0]!.rows).toHaveLength(2)
    expect(every!.figures.find(({ id }) => id === 'rt-control-of-2-found')?.value).toBe(1)
  })

  it('says so where the manifest cannot be had, and the campaign stands', async () => {
    const gone = await startPracticeTarget()
    const campaign = await planned({ url: gone.url })
    const { state } = await runCampaign(installation, campaign)
    await gone.close()
    const told: string[] = []
    await tellControl(installation, campaign.id, (line) => told.push(line))
    expect(state).toBe('finished')
    expect(told).toEqual([expect.stringMatching(/^The control could not be made: .*avouch red-team control/)])
    expect(await findControl(installation, campaign.id)).toBeUndefined()
  })

  it('asks nothing of a real target and records nothing of it', async () => {
    const asked: string[] = []
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`)
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ choices: [{ message: { content: 'No.' }, finish_reason: 'stop' }] }))
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const campaign = await planned({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` })
    await runCampaign(installation, campaign)
    expect(await recordControl(installation, campaign.id)).toBeUndefined()
    expect(new Set(asked)).toEqual(new Set(['POST /v1/chat/completions']))
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  })
})
