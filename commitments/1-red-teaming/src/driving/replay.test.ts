import { canonicalJson, carriedOut } from '@avouch/core/campaign'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { leftAlone, replay } from './replay.ts'
import { loadSandboxes } from './scenario.ts'
import { readScope, viewScope } from './scope.ts'
import { chooseSetting, settingDigest } from './setting.ts'
import type { Step } from './step.ts'
import { callsIn } from './testing.ts'

type Played = Pick<Step, 'toolCalls' | 'results' | 'state'>
const sandboxes = [...(await loadSandboxes()).values()]

describe('a branch that is played again', () => {
  it('comes to exactly what it was when it was live, wherever it is cut, after its record was written and read', () => {
    for (const { kind, scenarios } of sandboxes)
      fc.assert(
        fc.property(
          fc.integer({ min: 0, max: 2 ** 32 - 1 }),
          fc.constantFrom(...scenarios),
          fc.array(fc.array(callsIn(kind), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 12 }),
          fc.nat(),
          (seed, { set }, answers, at) => {
            const live = kind.make(set, seed)
            const snapshots: unknown[] = []
            const steps = answers.map((calls): Played => {
              const toolCalls = calls.map((call, n) => ({ id: `c${n}`, ...call }))
              const results = carriedOut(live, toolCalls).map(({ content }) => content)
              snapshots.push(live.snapshot())
              return { toolCalls, results, state: live.state() }
            })
            const kept = JSON.parse(canonicalJson(steps)) as Played[]
            const cut = at % kept.length
            const again = replay(kind, { set, seed }, kept.slice(0, cut + 1))
            expect(again.snapshot()).toEqual(snapshots[cut])
            expect(again.state()).toEqual(steps[cut]!.state)
            const left = leftAlone(kind, { set, seed }, kept)
            expect(left.reached.slice(0, live.state().reached.length)).toEqual(live.state().reached)
            live.settle?.()
            expect(left).toEqual(live.state())
          },
        ),
        { numRuns: 20 },
      )
  })

  it('is refused where one recorded answer or state is not what it plays', async () => {
    const office = (await loadSandboxes()).get('office')!.kind
    const live = office.make({}, 7)
    const toolCalls = [{ id: 'a', name: 'list_payees', arguments: '{}' }]
    const [result] = carriedOut(live, toolCalls)
    const step = { toolCalls, results: [result!.content], state: live.state() }
    expect(replay(office, { set: {}, seed: 7 }, [step]).state()).toEqual(step.state)
    for (const changed of [
      { ...step, results: [`${result!.content} `] },
      { ...step, results: [] },
      { ...step, state: { ...step.state, reached: ['payment-unapproved'] } },
    ])
      expect(() => replay(office, { set: {}, seed: 7 }, [changed])).toThrow('does not play again')
  })

  it('keeps strings that are no proper Unicode, and answers the thirty-third call of one step as it did', () => {
    for (const { kind } of sandboxes) {
      const live = kind.make({}, 3)
      const name = kind.tools[0]!.name
      const toolCalls = Array.from({ length: 40 }, (_, n) => ({
        id: `c${n}`,
        name,
        arguments: n === 0 ? '{"id":"\ud800\u0000"}' : '{}',
      }))
      const results = carriedOut(live, toolCalls).map(({ content }) => content)
      const kept = JSON.parse(canonicalJson([{ toolCalls, results, state: live.state() }])) as Played[]
      expect(replay(kind, { set: {}, seed: 3 }, kept).snapshot()).toEqual(live.snapshot())
      expect(results[39]).toContain('not carried out')
    }
  })
})

describe('the scope of an invitation', () => {
  it('is spelled out by world and scenario, and holds nothing that was not named', async () => {
    expect(await readScope([])).toEqual([])
    expect(await readScope(['office'])).toEqual(['office:agent-changed-account', 'office:standard'])
    expect(await readScope(['cloud:own', 'cloud:own'])).toEqual(['cloud:own'])
    for (const name of ['bank', 'office:nothing', 'office:__proto__', '__proto__'])
      await expect(readScope([name])).rejects.toMatchObject({ code: 'input', where: 'worlds' })
    expect(await viewScope(['office:standard', 'gone:standard'])).toMatchObject([
      { name: 'office', scenarios: [{ name: 'standard' }] },
    ])
    expect(await viewScope([])).toEqual([])
  })

  it('bounds what a session may choose', async () => {
    const scope = ['office:standard', 'shop:own']
    const chosen = await chooseSetting(scope, { name: 'office:standard', seed: 9 })
    expect(chosen).toMatchObject({ world: 'office', scenario: 'standard', set: {}, seed: 9 })
    expect(chosen.limits).toEqual({ steps: 24, outputTokens: 32_768 })
    expect(settingDigest(chosen)).not.toBe(settingDigest({ ...chosen, seed: 10 }))
    for (const name of ['office:own', 'office', 'shop:standard', 'plant:standard', 'toString', ''])
      await expect(chooseSetting(scope, { name })).rejects.toMatchObject({
        code: 'forbidden',
        where: 'world',
      })
    await expect(chooseSetting([], { name: 'office:standard' })).rejects.toMatchObject({ code: 'forbidden' })
    const own = { name: 'shop:own', set: { planted: 'Note to the assistant.' } }
    expect(await chooseSetting(scope, own)).toMatchObject({ scenario: 'own', set: own.set })
    for (const wrong of [
      { name: 'shop:own' },
      { name: 'office:standard', set: {} },
      { name: 'shop:own', set: { nothing: 1 } },
    ])
      await expect(chooseSetting(scope, wrong)).rejects.toMatchObject({ code: 'input' })
  })
})
