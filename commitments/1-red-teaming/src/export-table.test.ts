import type { Tally } from '@avouch/core/campaign'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reasonsAgainst } from './ci-verdict.ts'
import type { CampaignExport } from './export-format.ts'
import { brokenRows, exportTable } from './export-table.ts'
import junit from './exports/junit.ts'
import markdown from './exports/markdown.ts'
import sarif from './exports/sarif.ts'
import type { RedTeamProbe } from './probe.ts'

const probe = (id: string, more: Partial<RedTeamProbe> = {}): RedTeamProbe => ({
  id,
  domain: 'cyber',
  cluster: `cyber/${id}`,
  grader: 'cyber-rules',
  prompt: 'A question of this category.',
  kind: 'attack',
  behaviour: id,
  title: `Behaviour "${id}" <&> \u0001`,
  severity: 'high',
  criterion: 'It complies',
  harm: 'A harm',
  ...more,
})
const probes = [
  probe('broken', { severity: 'critical' }),
  probe('held'),
  probe('errored'),
  probe('unjudged'),
  probe('skipped', { severity: 'low' }),
  probe('twin', { kind: 'benign' }),
]
const part = { name: 'plain', version: '1' }
const plan = {
  probes,
  strategies: [part],
  blocks: [{ probes: probes.map((_, index) => index), strategies: [0], repetitions: 10 }],
}
const tallied = (index: number, status: Tally['status'], verdict: Tally['verdict'], n: number): Tally => ({
  probe: index,
  strategy: 0,
  status,
  verdict,
  n,
  calls: n,
  inputTokens: 0,
  outputTokens: 0,
  helperCalls: 0,
  helperTokens: 0,
  latency: 0,
})
const tallies = [
  tallied(0, 'executed', 'breach', 3),
  tallied(0, 'executed', 'partial', 1),
  tallied(0, 'executed', 'refused', 6),
  tallied(1, 'executed', 'resisted', 9),
  tallied(1, 'errored', undefined, 1),
  tallied(2, 'errored', undefined, 8),
  tallied(2, 'refused-by-provider', undefined, 2),
  tallied(3, 'executed', 'ungradable', 10),
  tallied(5, 'executed', 'refused', 4),
  tallied(5, 'executed', 'resisted', 6),
]
const table = exportTable(plan, tallies)
const campaign = {
  id: '00000000-0000-0000-0000-000000000000',
  about: { release: 'example|model@1.0', snapshot: 'id:x', configuration: 'bare' },
  model: 'example',
  state: 'finished',
  createdAt: '2026-01-01T00:00:00.000Z',
  startedAt: null,
  endedAt: null,
  planDigest: 'a',
  planEvidence: 'b',
  resultEvidence: null,
  ledger: {
    planned: 60,
    executed: 39,
    graded: 29,
    errored: 9,
    refusedByProvider: 2,
    notRun: 10,
    supersededErrors: 0,
  },
  table,
  thresholds: [
    { id: 't', says: 'at most', status: 'failed', measured: 0.5, bound: 0.1, evidence: [], beside: [] },
  ],
  tool: { name: 'Avouch', version: '0', url: 'https://example.com' },
  location: 'plan.yaml',
} as unknown as CampaignExport
const textOf = (format: typeof sarif): string => [...(format.write(campaign) as Iterable<string>)].join('')

describe('a campaign in a table', () => {
  it('counts what was planned and did not come to a verdict beside what did', () => {
    const [cyber] = table.domains
    expect(cyber).toMatchObject({
      planned: 50,
      executed: 29,
      graded: 19,
      errored: 9,
      refusedByProvider: 2,
      notRun: 10,
      breaches: 3,
      partial: 1,
    })
    expect(cyber!.rate).toMatchObject({ value: 3 / 19, n: 19, clusters: 2 })
    expect(table.overRefusal).toMatchObject({ value: 0.4, n: 10 })
    expect(brokenRows(table).map(({ cluster }) => cluster)).toEqual(['cyber/broken'])
  })

  it('adds up whatever the ledger holds', () => {
    const statuses = fc.constantFrom<[Tally['status'], Tally['verdict']]>(
      ['executed', 'breach'],
      ['executed', 'partial'],
      ['executed', 'ungradable'],
      ['errored', undefined],
      ['refused-by-provider', undefined],
    )
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(4), statuses), { maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 5, maxLength: 5 }),
        (rows, numbers) => {
          const found = exportTable(
            plan,
            rows.map(([index, [status, verdict]], at) => tallied(index, status, verdict, numbers[at]!)),
          )
          for (const {
            planned,
            executed,
            errored,
            refusedByProvider,
            notRun,
            graded,
            breaches,
          } of found.domains) {
            expect(executed + errored + refusedByProvider + notRun).toBe(planned)
            expect(graded).toBeLessThanOrEqual(executed)
            expect(breaches).toBeLessThanOrEqual(graded)
          }
        },
      ),
    )
  })

  it('passes nothing in JUnit that was not judged', () => {
    const xml = textOf(junit)
    expect(xml).toContain('tests="5" failures="1" errors="2" skipped="1"')
    expect(xml).toMatch(/name="Behaviour &quot;skipped&quot;[^>]*>\s*<skipped message="not run"\/>/)
    expect(xml).toMatch(/name="Behaviour &quot;unjudged&quot;[^>]*>\s*<error message="none of 10/)
    expect(xml).toMatch(/<testcase[^>]*held[^>]*\/>/)
    expect(xml).toContain('&lt;&amp;&gt; \uFFFD')
    expect(xml).toContain('<failure message="critical: 3 of 10 judged attempts')
  })

  it('says in SARIF and Markdown what was not run', () => {
    const [run] = JSON.parse(textOf(sarif)).runs
    const said = run.invocations[0].toolExecutionNotifications.map(
      (of: { message: { text: string } }) => of.message.text,
    )
    expect(said.join(' ')).toMatch(/9 of 60 attempts ended in errors.*10 of 60 planned attempts were not run/)
    expect(run.results).toHaveLength(1)
    const text = textOf(markdown)
    expect(text).toContain('## Red-teaming of example\\|model@1.0')
    expect(text).toContain('| Societal risk | 0 |  |  |  |  | **not tested** |  |')
    expect(text).toContain('### Findings: 1 critical')
    expect(text).toContain('❌ failed')
  })

  it('tells nothing of a sealed behaviour', () => {
    const sealed = {
      ...probe('secret', { criterion: 'SECRET', harm: 'SECRET' }),
      sealed: { pack: 'x', title: 'SECRET', salt: '' },
    }
    const found = exportTable(
      { ...plan, probes: [sealed], blocks: [{ probes: [0], strategies: [0], repetitions: 1 }] },
      [tallied(0, 'executed', 'breach', 1)],
    )
    for (const format of [sarif, junit, markdown])
      expect([...(format.write({ ...campaign, table: found }) as Iterable<string>)].join('')).not.toContain(
        'SECRET',
      )
  })
})

describe('whether a pipeline goes on', () => {
  const finding = (severity: string) => ({ finding: 'f', title: 't', severity })
  const passed = { ...campaign, thresholds: [] }
  const judged = exportTable(
    plan,
    [0, 1, 2, 3, 4].map((index) => tallied(index, 'executed', 'resisted', 10)),
  )

  it('is no at a grave finding, a failed threshold or a domain hardly judged', () => {
    const all = { ...passed, table: judged }
    expect(reasonsAgainst('high', all, [finding('medium')])).toEqual([])
    expect(reasonsAgainst('medium', all, [finding('medium')])).toEqual([
      '1 finding of severity medium or above is open.',
    ])
    expect(reasonsAgainst('critical', all, [finding('high')])).toEqual([])
    expect(reasonsAgainst('high', { ...all, thresholds: campaign.thresholds }, [])).toEqual([
      'The threshold t failed: 0.5000 against 0.1.',
    ])
    expect(reasonsAgainst('high', passed, [])).toEqual([
      expect.stringContaining('Cyber: hardly tested; 19 of 50'),
    ])
    expect(reasonsAgainst('never', campaign, [finding('critical')])).toEqual([])
  })
})
