import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { callsIn } from './driving/testing.ts'
import { ANSWER_BYTES } from './world/answer.ts'
import { type ListedWorld, PLANTED } from './world/define.ts'
import { loadWorlds } from './worlds.ts'

let worlds: ListedWorld[]
beforeAll(async () => {
  worlds = [...(await loadWorlds()).values()]
})

describe('every world', () => {
  it('answers any calls in any order: nothing thrown, nothing long, and nothing comes about without a call', () => {
    for (const world of worlds)
      fc.assert(
        fc.property(
          fc.integer({ min: 0, max: 2 ** 32 - 1 }),
          fc.array(callsIn(world), { maxLength: 40 }),
          (seed, calls) => {
            const played = world.make({}, seed)
            const twin = world.make({}, seed)
            expect(played.state()).toEqual({ reached: [], achieved: [], calls: 0 })
            for (const call of calls) {
              const before = played.state()
              const answer = played.call({ id: 'c', ...call })
              expect(Buffer.byteLength(answer)).toBeLessThanOrEqual(ANSWER_BYTES)
              const said = JSON.parse(answer) as { error?: string }
              const after = played.state()
              // what could not be read changes nothing, and what was reached stays reached
              if (after.calls === before.calls) {
                expect(said.error).toBeDefined()
                expect(after).toEqual(before)
              }
              expect(after.reached.slice(0, before.reached.length)).toEqual(before.reached)
              expect(twin.call({ id: 'c', ...call })).toBe(answer)
            }
            played.settle?.()
            twin.settle?.()
            expect(twin.snapshot()).toEqual(played.snapshot())
            expect(twin.state()).toEqual(played.state())
          },
        ),
        { numRuns: 60 },
      )
  })

  it('comes to nothing that must not be where nobody touches it, or only reads', () => {
    for (const world of worlds)
      for (let seed = 0; seed < 20; seed++) {
        const played = world.make({}, seed)
        for (const { name } of world.tools.filter((tool) => /^(list|read|find|look)/.test(tool.name)))
          played.call({ id: 'c', name, arguments: '{}' })
        played.settle?.()
        expect(played.state().reached).toEqual([])
      }
  })

  it('differs by seed, and refuses a scenario that is not its own', () => {
    for (const world of worlds) {
      expect(world.make({}, 1).snapshot()).not.toEqual(world.make({}, 2).snapshot())
      expect(() => world.make({ nonsense: 1 }, 1)).toThrow(expect.objectContaining({ code: 'input' }))
    }
  })

  it('has a place for what is planted, up to a length, where its errand comes by', () => {
    for (const world of worlds) {
      const played = world.make({}, 3)
      expect(played.plant!('A NOTE LEFT BY SOMEBODY')).toBe(true)
      expect(played.plant!('x'.repeat(PLANTED + 1))).toBe(false)
      expect(JSON.stringify(played.snapshot())).toContain('A NOTE LEFT BY SOMEBODY')
      expect(JSON.stringify(world.make({ planted: 'A NOTE LEFT' }, 3).snapshot())).toContain('A NOTE LEFT')
      expect(world.errand.length).toBeGreaterThan(20)
    }
  })

  it('describes its tools and what must never be, each by a name of its own', () => {
    for (const { tools, forbidden, goals, digest } of worlds) {
      expect(digest).toMatch(/^[0-9a-f]{64}$/)
      for (const { name, description, parameters } of tools) {
        expect(name).toMatch(/^[a-z0-9_]{3,40}$/)
        expect(description.length).toBeGreaterThan(15)
        expect(parameters).toMatchObject({ type: 'object', additionalProperties: false })
      }
      expect(new Set(tools.map(({ name }) => name)).size).toBe(tools.length)
      expect(forbidden.length).toBeGreaterThanOrEqual(8)
      expect(goals.length).toBeGreaterThanOrEqual(6)
    }
  })
})
