import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makePlan, type PlanDocument } from './plan.ts'

const probe = (id: string) => ({ id, domain: 'd', cluster: id, grader: 'g', prompt: `ask ${id}` })

function document(over: Partial<PlanDocument> = {}): PlanDocument {
  return {
    purpose: 'test',
    about: { release: 'example-model@2.0' },
    target: { adapter: 'openai', model: 'example' },
    request: {},
    maxCalls: 4,
    seed: '00112233445566778899aabbccddeeff',
    probes: [probe('a'), probe('b'), probe('c')],
    strategies: [
      { name: 'plain', version: '1' },
      { name: 'other', version: '1' },
    ],
    graders: [{ name: 'g', version: '1' }],
    blocks: [
      { probes: [0, 1], strategies: [0, 1], repetitions: 3 },
      { probes: [2], strategies: [0], repetitions: 2 },
    ],
    ...over,
  }
}

describe('a campaign plan', () => {
  it('lists every (probe, strategy, repetition) once, and finds each again', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.integer({ min: 1, max: 7 }),
            fc.integer({ min: 1, max: 5 }),
            fc.integer({ min: 1, max: 4 }),
          ),
          {
            minLength: 1,
            maxLength: 4,
          },
        ),
        fc.string(),
        (shape, seed) => {
          const probes: ReturnType<typeof probe>[] = []
          const blocks = shape.map(([p, s, repetitions]) => {
            const start = probes.length
            for (let i = 0; i < p; i++) probes.push(probe(`p${probes.length}`))
            return {
              probes: Array.from({ length: p }, (_, i) => start + i),
              strategies: Array.from({ length: s }, (_, i) => i),
              repetitions,
            }
          })
          const strategies = Array.from({ length: 5 }, (_, i) => ({ name: `s${i}`, version: '1' }))
          const plan = makePlan(document({ probes, strategies, blocks, seed }))
          const seen = new Set<string>()
          for (let item = 0; item < plan.items; item++) {
            const place = plan.at(item)
            expect(plan.indexOf(place)).toBe(item)
            seen.add(`${place.probe}/${place.strategy}/${place.repetition}`)
          }
          expect(seen.size).toBe(shape.reduce((sum, [p, s, r]) => sum + p * s * r, 0))
          expect(plan.items).toBe(seen.size)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('spreads its order over the grid, so that half of it touches every probe', () => {
    const probes = Array.from({ length: 20 }, (_, i) => probe(`p${i}`))
    const plan = makePlan(
      document({ probes, blocks: [{ probes: [...probes.keys()], strategies: [0, 1], repetitions: 50 }] }),
    )
    const touched = new Set(Array.from({ length: plan.items / 2 }, (_, item) => plan.at(item).probe))
    expect(touched.size).toBe(20)
  })

  it('holds 400,000 items without writing them out, and gives each a seed of its own', () => {
    const plan = makePlan(
      document({ blocks: [{ probes: [0, 1], strategies: [0, 1], repetitions: 100_000 }] }),
    )
    expect(plan.items).toBe(400_000)
    expect(plan.indexOf(plan.at(399_999))).toBe(399_999)
    expect(new Set(Array.from({ length: 10_000 }, (_, item) => plan.seedOf(item))).size).toBeGreaterThan(
      9_990,
    )
    expect(() => plan.at(400_000)).toThrow(RangeError)
  })

  it('changes its digest with whatever determines it, and with nothing else', () => {
    const digest = makePlan(document()).digest
    expect(makePlan(structuredClone(document())).digest).toBe(digest)
    const others = [
      document({ seed: '01' }),
      document({ probes: [probe('a'), probe('b'), { ...probe('c'), prompt: 'other words' }] }),
      document({
        strategies: [
          { name: 'plain', version: '2' },
          { name: 'other', version: '1' },
        ],
      }),
      document({ graders: [{ name: 'g', version: '1', digest: 'ff' }] }),
      document({ target: { adapter: 'openai', model: 'another' } }),
      document({ about: { release: 'example-model@2.0', configuration: 'bare' } }),
      document({ request: { temperature: 0 } }),
    ].map((other) => makePlan(other).digest)
    expect(new Set([digest, ...others]).size).toBe(others.length + 1)
  })

  it.each([
    ['no item', { blocks: [] }, 'no item'],
    ['an id twice', { probes: [probe('a'), probe('a'), probe('c')] }, '"a" twice'],
    ['a grader it does not have', { graders: [] }, 'grader "g"'],
    [
      'a pair in two blocks',
      {
        blocks: [
          { probes: [0], strategies: [0], repetitions: 1 },
          { probes: [0], strategies: [0], repetitions: 1 },
        ],
      },
      'two blocks',
    ],
    ['no repetition', { blocks: [{ probes: [0], strategies: [0], repetitions: 0 }] }, '0 repetitions'],
    ['an index outside its lists', { blocks: [{ probes: [9], strategies: [0], repetitions: 1 }] }, 'outside'],
  ])('refuses %s', (_, over, message) => {
    expect(() => makePlan(document(over as Partial<PlanDocument>))).toThrow(message)
  })
})
