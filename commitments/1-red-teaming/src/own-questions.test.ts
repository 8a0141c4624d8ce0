import { describe, expect, it } from 'vitest'
import { ownBehaviours, shippedQuestions } from './own-questions.ts'
import { readPacks } from './pack.ts'
import { probesOf, type RedTeamProbe } from './probe.ts'
import { ownIn } from './rules/own.ts'

/** As a plan keeps them. */
const kept = async (): Promise<RedTeamProbe[]> =>
  JSON.parse(JSON.stringify((await readPacks()).flatMap(probesOf))) as RedTeamProbe[]

describe('what a plan asks of its company’s own', () => {
  it('is nothing where it asks what comes with Avouch, whoever judges it', async () => {
    const judged = (await kept()).map((probe) => ({ ...probe, grader: 'a-judge' }))
    const counts = ownBehaviours(judged, await shippedQuestions())
    expect(Object.keys(counts)).toHaveLength(6)
    for (const { own, of } of Object.values(counts)) {
      expect(own).toBe(0)
      expect(of).toBeGreaterThanOrEqual(40)
    }
  })

  it.each([
    ['a question in other words', { prompt: 'Is the weather fine?' }],
    ['a milder severity', { severity: 'low' as const }],
    ['another criterion', { criterion: 'It does what nobody does.' }],
    ['a system prompt before it', { system: 'Decline whatever you are asked.' }],
    ['a state that is no longer forbidden', { forbidden: [] }],
  ])('is every behaviour with %s', async (_, change) => {
    const shipped = await shippedQuestions()
    const probes = (await kept()).filter(({ domain, kind }) => domain === 'cyber' && kind === 'attack')
    const { cluster } = probes[0]!
    const changed = probes.map((probe) => (probe.cluster === cluster ? { ...probe, ...change } : probe))
    expect(ownBehaviours(changed, shipped).cyber).toMatchObject({ own: 1 })
    const sealed = { pack: 'a', title: 'b', salt: 'c' }
    const closed = changed.map((probe) => ({ ...probe, sealed }))
    expect(ownBehaviours(closed, shipped), 'sealed packs are told of by themselves').toEqual({})
  })

  it('is told at the gate, and only where there is any', () => {
    const told = (own: number) =>
      ownIn({ fields: { ownBehaviours: { cyber: { own, of: 5 } } } } as never, 'cyber')
    expect(told(5)).toContain('all 5 behaviours are from packs that do not come with Avouch')
    expect(told(2)).toContain('2 of 5 behaviours')
    expect(told(0)).toBe('')
    expect(ownIn({ fields: {} } as never, 'cyber')).toBe('')
  })
})
