import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Assessment } from '@avouch/core/assessment'
import { auditCampaign } from '@avouch/core/campaign'
import { gate } from '@avouch/core/gate'
import { type PracticeTarget, startPracticeTarget } from '@avouch/core/model'
import { type OpenInstallation, openInstallation } from '@avouch/core/open'
import { installationDatabase } from '@avouch/core/testing'
import type { Terminal } from '@avouch/core/verb'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { assess } from '../src/assess.ts'
import { verb } from '../src/commands.ts'
import scope from '../src/index.ts'

const DEMO = join(import.meta.dirname, '..', 'demo')

describe('scope in an installation', () => {
  let home: string
  let database: Awaited<ReturnType<typeof installationDatabase>>
  let installation: OpenInstallation
  let practice: PracticeTarget

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'avouch-scope-'))
    database = await installationDatabase([scope])
    practice = await startPracticeTarget()
    installation = await openInstallation(
      {
        home,
        databaseUrl: database.url,
        blobs: { kind: 'folder', dir: join(home, 'blobs') },
        origin: 'example.test/log',
        url: 'http://localhost:4600',
        host: '127.0.0.1',
        port: 0,
      },
      { commitments: [scope], log: pino({ level: 'silent' }) },
    )
  })

  afterAll(async () => {
    await installation?.close()
    await practice?.close()
    await database?.close()
    await rm(home, { recursive: true, force: true })
  })

  async function run(
    name: 'compare' | 'show',
    args: Record<string, string>,
    options: Record<string, unknown> = {},
  ) {
    const lines: string[] = []
    let result: Record<string, unknown> = {}
    const terminal: Terminal = {
      json: false,
      say: (line) => void lines.push(line),
      result: (value) => {
        result = value as Record<string, unknown>
      },
      progress: () => {},
    }
    const command = verb[name]!
    if (command.standalone) throw new Error('scope needs an installation')
    const parsed = z.object(command.options ?? {}).parse(options)
    const status = await command.run({
      installation,
      terminal,
      args,
      options: parsed,
      signal: AbortSignal.timeout(20_000),
    })
    return { status, lines, result }
  }

  async function assessWith(plan: string | undefined, release: string): Promise<string[]> {
    const told: string[] = []
    const assessment: Assessment = {
      installation,
      release,
      about: { release, snapshot: 'id:example-model-2.0', configuration: 'bare' },
      target: { adapter: 'openai', url: practice.url, model: 'example-model-2.0', allowPrivate: true },
      plan,
      concurrency: 16,
      progress: () => {},
      tell: (line) => void told.push(line),
      signal: AbortSignal.timeout(20_000),
    }
    await assess(assessment)
    return told
  }

  it('shows nothing, and answers no, before anything was compared', async () => {
    const { status, lines } = await run('show', { release: 'example-model@2.0' })
    expect(status).toBe(1)
    expect(lines[0]).toMatch(/No capability comparison is recorded/)
  })

  it('records a comparison once, shows it, and the gate finds 0.1 met', async () => {
    const options = {
      release: 'example-model@2.0',
      scores: join(DEMO, 'scores.csv'),
      released: 'example-model@1.0',
      produced: 'example-model-internal@1.5',
    }
    const first = await run('compare', {}, options)
    expect(first.result).toMatchObject({ decision: 'in', recorded: true })
    const second = await run('compare', {}, options)
    expect(second.result).toMatchObject({ evidence: first.result.evidence, recorded: false })

    const shown = await run('show', { release: 'example-model@2.0' })
    expect(shown.status).toBe(0)
    expect(shown.lines[0]).toMatch(/^In scope/)

    const verdict = await gate(installation, 'example-model@2.0', scope.obligations)
    expect(verdict.scope).toMatchObject({ decision: 'in', evidence: [first.result.evidence] })
    expect(verdict.obligations.find((o) => o.id === '0.1')).toMatchObject({ status: 'met' })

    const record = await installation.evidence.get(String(first.result.evidence))
    expect(record!.attachments[0]).toMatchObject({ name: 'scores.csv', mediaType: 'text/csv' })
    const kept = await installation.blobs.get(`scope/inputs/${record!.attachments[0]!.sha256}`)
    expect(Buffer.from(kept!).toString('utf8')).toMatch(/^benchmark,domain,model,score,n/)
  })

  it('refuses a model without scores and records nothing', async () => {
    const options = {
      release: 'example-model@3.0',
      scores: join(DEMO, 'scores.csv'),
      released: 'example-model@1.0',
    }
    await expect(run('compare', {}, options)).rejects.toMatchObject({
      code: 'input',
      message: 'there is no score of example-model@3.0',
    })
    await expect(run('compare', {}, { ...options, release: 'example-model@1.0' })).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining('itself'),
    })
    expect(await installation.evidence.list({ release: 'example-model@3.0' })).toEqual([])
  })

  it('assesses by the plan, and without one says what that means', async () => {
    expect(await assessWith(undefined, 'example-model@2.0')).toEqual([
      'scope: no comparison given; undecided counts as in scope',
    ])
    const told = await assessWith(join(DEMO, 'scores-plan.yaml'), 'example-model@2.0')
    expect(told[0]).toMatch(/^scope: In scope/)
    const again = await assessWith(join(DEMO, 'scores-plan.yaml'), 'example-model@2.0')
    expect(again.at(-1)).toMatch(/nothing was recorded again/)
  })

  it('measures both models by asking them frozen items, and asks nothing again', async () => {
    const told = await assessWith(join(DEMO, 'plan.yaml'), 'example-model@2.0')
    expect(told[0]).toMatch(/^scope: In scope: On 14 shared benchmarks in 6 domains/)
    const [comparison] = await installation.evidence.list({
      type: 'https://avouch.dev/evidence/scope/capability-comparison/v1',
      newest: true,
      limit: 1,
    })
    expect(comparison!.fields).toMatchObject({ source: 'measured', decision: 'in' })
    const measured = comparison!.fields.measuredIn as string[]
    expect(measured).toHaveLength(2)
    for (const id of measured) {
      const answers = await installation.evidence.get(id)
      expect(answers!.fields).toMatchObject({ ledger: { planned: 336, executed: 336, errored: 0 } })
      const audit = await auditCampaign(installation, String(answers!.fields.campaign))
      expect(audit.problems).toEqual([])
    }
    const before = (await installation.evidence.list({})).length
    expect((await assessWith(join(DEMO, 'plan.yaml'), 'example-model@2.0')).at(-1)).toMatch(
      /nothing was recorded again/,
    )
    expect((await installation.evidence.list({})).length).toBe(before)
  })

  it('refuses a plan whose section is wrong, naming the key', async () => {
    const plan = join(home, 'plan.yaml')
    await writeFile(plan, 'red-team: {}\nscope:\n  scores: s.csv\n  relased: m@1\n')
    await expect(assessWith(plan, 'm@2')).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining('relased'),
      where: expect.stringContaining('line 2'),
    })
    await writeFile(plan, 'red-team: {}\n')
    expect(await assessWith(plan, 'm@2')).toHaveLength(1)
    await writeFile(plan, 'scope: {scores: nowhere.csv}\n')
    await expect(assessWith(plan, 'm@2')).rejects.toMatchObject({
      code: 'input',
      where: join(home, 'nowhere.csv'),
    })
  })
})
