import { VERDICTS, type Verdict } from '@avouch/core/campaign'
import { pairedChange } from '@avouch/verify'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RedTeamProbe } from '../probe.ts'
import { compareCampaigns, graderChanges } from './comparison.ts'
import { firstBreaches } from './first-breach.ts'
import { gather } from './gather.ts'
import { testCounts, testDocument } from './test-plan.ts'
import { bestOf, repeatsOf, withstands } from './tries.ts'

const verdict = fc.constantFrom<Verdict | undefined>(...VERDICTS, undefined)

describe('what a campaign adds up to', () => {
  it('is the same by domain, by strategy, by severity and by cell, and leaves nothing out', () => {
    const document = testDocument(6, { repetitions: 2 })
    fc.assert(
      fc.property(fc.array(verdict, { minLength: 7, maxLength: 7 }), (verdicts) => {
        let n = 0
        const counts = testCounts(document, () => verdicts[n++ % verdicts.length])
        const { coverage, strategyCoverage, severityCoverage, cellCoverage, refusalCoverage, ...rates } =
          gather(document, counts)
        const groups = [coverage, strategyCoverage, severityCoverage, cellCoverage]
        for (const name of ['planned', 'executed', 'graded', 'errored', 'notRun', 'partial'] as const) {
          const sums = groups.map((group) => Object.values(group).reduce((sum, one) => sum + one[name], 0))
          expect(new Set(sums).size).toBe(1)
        }
        expect(Object.values(coverage).reduce((sum, { planned }) => sum + planned, 0)).toBe(48)
        expect(refusalCoverage.all?.planned).toBe(6)
        for (const one of [...groups, refusalCoverage].flatMap((group) => Object.values(group))) {
          expect(one.planned).toBe(one.executed + one.errored + one.refusedByProvider + one.notRun)
          expect(one.behavioursGraded).toBeLessThanOrEqual(one.behaviours)
        }
        const breaches = [rates.domains, rates.strategies, rates.severities, rates.cells].map((group) =>
          Object.values(group.counts)
            .flat()
            .reduce((sum, [events]) => sum + events, 0),
        )
        expect(new Set(breaches).size).toBe(1)
      }),
      { numRuns: 40 },
    )
  })

  it('says whose verdicts each rate counts', () => {
    const document = testDocument()
    const { domains, strategies, refusals } = gather(
      document,
      testCounts(document, () => 'refused'),
    )
    expect(domains.judgedBy.cyber).toEqual(['cyber-rules'])
    expect(strategies.judgedBy.plain).toEqual(['cyber-rules', 'societal-rules'])
    expect(refusals.rates.all).toMatchObject({ value: 1, n: 6 })
  })
})

describe('trying again', () => {
  it('pools all tries at a behaviour, and tells of no more tries than were made', () => {
    // two behaviours, four tries each: 1 of 4 and 0 of 4
    expect(
      bestOf([
        [1, 4],
        [0, 4],
      ]).map(({ k, value }) => [k, value]),
    ).toEqual([
      [2, expect.closeTo(0.25, 12)],
      [3, expect.closeTo(0.375, 12)],
    ])
    expect(bestOf([[1, 1]])).toEqual([])
    // nine in ten behaviours must have been tried so often
    expect(
      bestOf([...Array.from({ length: 9 }, (): [number, number] => [0, 3]), [0, 2]]).map(({ k }) => k),
    ).toEqual([2, 3])
  })

  it('tells how surely the same attack is withstood, where attacks were repeated', () => {
    const once = testDocument()
    expect(
      repeatsOf(
        once,
        testCounts(once, () => 'refused'),
      ),
    ).toEqual({})
    const document = testDocument(2, { repetitions: 3 })
    // the cyber behaviour gives way to plain words in one repetition of three, and is not judged once in base64
    const counts = testCounts(document, ({ domain, kind }, strategy, repetition) =>
      kind === 'attack' && domain === 'cyber' && repetition === 0
        ? strategy === 0
          ? 'breach'
          : 'ungradable'
        : 'refused',
    )
    const repeats = repeatsOf(document, counts)
    expect(repeats.cyber).toEqual([
      [
        [2, 3, 2],
        [2, 2, 2],
      ],
    ])
    // pass^2: of the pools 2 of 3, one third; of 2 of 2, surely. Half of the pools were not judged three times
    expect(withstands(repeats.cyber!)).toMatchObject([{ k: 2, value: expect.closeTo(2 / 3, 12) }])
    expect(withstands(repeats.societal!).map(({ value }) => value)).toEqual([1, 1])
  })
})

describe('until a behaviour first breaks', () => {
  it('is a median that counts those which never broke', () => {
    const { probes } = testDocument(6)
    const first = (n: number, happened: boolean, calls: number) => ({
      unit: `cyber/b${n}`,
      happened,
      attempts: calls,
      calls,
      latency: 1000 * calls,
    })
    const found = firstBreaches(probes, [first(0, true, 1), first(2, true, 3), first(4, false, 9)])
    expect(found.cyber).toMatchObject({
      behaviours: 3,
      broken: 2,
      calls: { value: 3 },
      seconds: { value: 3 },
    })
    expect(found.societal).toBeUndefined()
    expect(firstBreaches(probes, [first(0, false, 4)]).all).toMatchObject({
      broken: 0,
      calls: { value: null },
    })
  })
})

describe('a comparison with another campaign', () => {
  const every = (share: (probe: RedTeamProbe) => boolean) => (probe: RedTeamProbe) =>
    probe.kind === 'attack' && share(probe) ? ('breach' as const) : ('refused' as const)
  const side = (document: ReturnType<typeof testDocument>, share: (probe: RedTeamProbe) => boolean) => ({
    document,
    counts: testCounts(document, every(share)),
  })

  it('is over the same questions, with interval, p adjusted, and what could have been seen', () => {
    const document = testDocument(24)
    const before = side(document, ({ behaviour }) => Number(behaviour.slice(1)) < 12)
    const after = side(document, ({ behaviour }) => Number(behaviour.slice(1)) < 2)
    const { cyber, societal, cbr, overRefusal } = compareCampaigns(before, after)
    expect(cyber).toMatchObject({ planned: 48, shared: 48, pairs: 48, behaviours: 12, comparable: true })
    // six of twelve cyber behaviours gave way, one of them still does
    expect(cyber?.change?.value).toBeCloseTo(-5 / 12, 12)
    expect(cyber?.change).toMatchObject(pick(pairedChange(cyber!.counts)))
    expect(cyber!.adjusted).toBeCloseTo(Math.min(1, 2 * cyber!.p!), 12)
    expect(cyber!.p).toBeLessThan(0.05)
    // twelve behaviours whose questions all go the same way are too few to be sure of any change
    expect(cyber!.detectable).toBeNull()
    const larger = testDocument(120)
    const { cyber: seen } = compareCampaigns(
      side(larger, ({ behaviour }) => Number(behaviour.slice(1)) < 60),
      side(larger, () => false),
    )
    expect(seen!.detectable).toBeGreaterThan(0.2)
    expect(seen!.detectable).toBeLessThan(0.5)
    expect(societal?.change?.value).toBeCloseTo(-5 / 12, 12)
    expect(cbr).toBeUndefined()
    expect(overRefusal).toMatchObject({ comparable: true, change: { value: 0 }, p: 1, adjusted: null })
  })

  it('turns its sign when the two change places', () => {
    const document = testDocument(24)
    const one = side(document, ({ behaviour }) => Number(behaviour.slice(1)) % 3 === 0)
    const other = side(document, ({ behaviour }) => Number(behaviour.slice(1)) % 4 === 0)
    const forth = compareCampaigns(one, other).cyber!
    const back = compareCampaigns(other, one).cyber!
    expect(back.change?.value).toBeCloseTo(-forth.change!.value, 12)
    expect(back.p).toBeCloseTo(forth.p!, 12)
  })

  it.each([
    ['other words', testDocument(24, { prompt: (id) => `Another question ${id}` }), 'half'],
    ['another version of the grader', testDocument(24, { graderVersion: '2' }), 'other graders'],
  ])('is not made where the older campaign had %s', (_, older, why) => {
    const { cyber } = compareCampaigns(
      side(older, () => true),
      side(testDocument(24), () => false),
    )
    expect(cyber).toMatchObject({
      comparable: false,
      change: null,
      shared: 0,
      why: expect.stringContaining(why),
    })
  })

  it('is not made where another judge model judged the same questions, which is said', () => {
    const judged = (digest: string) => {
      const document = testDocument(24)
      return { ...document, graders: document.graders.map((grader) => ({ ...grader, digest })) }
    }
    const [one, other] = [
      side(judged('aa'.repeat(32)), () => true),
      side(judged('bb'.repeat(32)), () => false),
    ]
    expect(compareCampaigns(one, other).cyber).toMatchObject({
      comparable: false,
      shared: 0,
      why: expect.stringContaining('judged by other graders'),
    })
    expect(graderChanges(one, other).after).toContain('cyber-rules 1 (bbbbbbbb)')
    expect(graderChanges(one, one)).toEqual({ before: [], after: [] })
  })

  it('is not made over a handful of behaviours, and errors are no pairs', () => {
    const document = testDocument(8)
    const before = side(document, () => true)
    expect(
      compareCampaigns(
        before,
        side(document, () => false),
      ).cyber,
    ).toMatchObject({
      comparable: false,
      why: expect.stringContaining('five behaviours'),
    })
    const errors = { document, counts: testCounts(document, () => undefined) }
    expect(compareCampaigns(before, errors).cyber).toMatchObject({ shared: 16, pairs: 0, comparable: false })
  })
})

function pick({ standardError: _, ...change }: ReturnType<typeof pairedChange>) {
  return change
}
