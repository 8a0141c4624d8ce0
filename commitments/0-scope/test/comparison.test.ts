import { describe, expect, it } from 'vitest'
import { compareRelease } from '../src/comparison.ts'
import { capabilityComparison } from '../src/evidence.ts'
import { linesOf } from '../src/wording.ts'
import { generate } from './generated.ts'

const request = { release: 'new', released: 'old', produced: 'lab', resamples: 300, source: 'file' } as const

function world(truth: number, options: { benchmarks?: number; domains?: number } = {}) {
  return generate({
    abilities: { old: 0, new: truth, lab: 0.1, other: -1 },
    benchmarks: options.benchmarks ?? 15,
    domains: options.domains ?? 5,
    noise: 0.2,
    seed: `comparison ${truth}`,
  }).table
}

describe('compareRelease', () => {
  it('decides in, out and undecided, each with its reason, in fields that the schema takes', () => {
    const found = [0.9, -0.9, 0].map((truth) => compareRelease(world(truth), request))
    expect(found.map((f) => f.decision)).toEqual(['in', 'out', 'undecided'])
    expect(found.map((f) => f.inScope)).toEqual([true, false, true])
    expect(found[0]!.reason).toMatch(/15 shared benchmarks in 5 domains .* at least 0.95: in scope/)
    expect(found[1]!.reason).toMatch(/at most 0.05: not in scope/)
    expect(found[2]!.reason).toMatch(/undecided, which counts as in scope/)
    for (const fields of found) expect(capabilityComparison.schema.parse(fields)).toEqual(fields)
  })

  it('records the produced baseline beside the one that decides', () => {
    const fields = compareRelease(world(0.9), request)
    expect(fields.baselines).toEqual({ released: 'old', produced: 'lab' })
    expect(fields.producedDelta!.value).toBeLessThan(fields.delta!.value)
    expect(fields.abilities.find((ability) => ability.model === 'old')!.value).toBe(0)
  })

  it.each([
    [{ benchmarks: 9, domains: 5 }, /only 9 shared benchmarks in 5 domains/],
    [{ benchmarks: 15, domains: 4 }, /only 15 shared benchmarks in 4 domains/],
  ])('is undecided, and so in scope, with too little shared: %j', (options, reason) => {
    const fields = compareRelease(world(2, options), request)
    expect(fields).toMatchObject({ decision: 'undecided', inScope: true, probability: null, delta: null })
    expect(fields.reason).toMatch(reason)
    expect(capabilityComparison.schema.parse(fields)).toEqual(fields)
  })

  it('decides at exactly 10 benchmarks in 5 domains', () => {
    expect(compareRelease(world(2, { benchmarks: 10, domains: 5 }), request).decision).toBe('in')
  })

  it('is undecided without a released baseline', () => {
    const fields = compareRelease(world(-2), { ...request, released: undefined })
    expect(fields).toMatchObject({ decision: 'undecided', inScope: true })
    expect(fields.reason).toMatch(/No released baseline/)
    expect(fields.producedProbability).toBeLessThan(0.05)
  })

  it('says in words what it found', () => {
    const lines = linesOf(compareRelease(world(0.9), { ...request, produced: undefined }))
    expect(lines[0]).toMatch(/^In scope: /)
    expect(lines[1]).toMatch(/ability \+\d\.\d\d \(\+0\.\d\d to \+\d\.\d\d at 95 %, 15 benchmarks\)/)
    expect(lines[2]).toMatch(/No most capable model produced/)
  })
})
