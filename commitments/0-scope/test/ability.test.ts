import { describe, expect, it } from 'vitest'
import { compareAbility, sharedBenchmarks } from '../src/ability.ts'
import { fitResponseModel, type Observation } from '../src/response-model.ts'
import type { ScoreTable } from '../src/scores.ts'
import { generate } from './generated.ts'

const correlation = (a: number[], b: number[]): number => {
  const mean = (x: number[]): number => x.reduce((s, v) => s + v, 0) / x.length
  const [ma, mb] = [mean(a), mean(b)]
  const sum = (f: (i: number) => number): number => a.reduce((s, _, i) => s + f(i), 0)
  return (
    sum((i) => (a[i]! - ma) * (b[i]! - mb)) /
    Math.sqrt(sum((i) => (a[i]! - ma) ** 2) * sum((i) => (b[i]! - mb) ** 2))
  )
}

describe('the two-parameter logistic fit', () => {
  it('recovers abilities, difficulties and discriminations', () => {
    const abilities = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`m${i}`, -1.8 + 0.33 * i]))
    const { table, truth } = generate({ abilities, benchmarks: 40, items: 2_000, seed: 'recovery' })
    const observations: Observation[] = table.scores.map(({ model, benchmark, score }) => ({
      model: Number(model.slice(1)),
      benchmark: Number(benchmark.slice(8)),
      score,
      weight: 2_000,
    }))
    const fit = fitResponseModel(observations, { models: 12, benchmarks: 40 })
    expect(fit.converged).toBe(true)
    // The scale is where the geometric mean of the discriminations is 1; the truth is put on it too.
    const scale = Math.exp(truth.reduce((sum, t) => sum + Math.log(t.discrimination), 0) / truth.length)
    const shift = fit.ability[0]! - Object.values(abilities)[0]! * scale
    Object.values(abilities).forEach((ability, m) => {
      expect(Math.abs(fit.ability[m]! - (ability * scale + shift))).toBeLessThan(0.1)
    })
    truth.forEach(({ difficulty, discrimination }, b) => {
      expect(Math.abs(fit.difficulty[b]! - (difficulty * scale + shift))).toBeLessThan(0.25)
      expect(Math.abs(Math.log((fit.discrimination[b]! * scale) / discrimination))).toBeLessThan(0.2)
    })
  })

  it('stays finite where every score is 0 or 1', () => {
    const observations: Observation[] = Array.from({ length: 12 }, (_, b) => [
      { model: 0, benchmark: b, score: 0, weight: 50 },
      { model: 1, benchmark: b, score: 1, weight: 50 },
    ]).flat()
    const fit = fitResponseModel(observations, { models: 2, benchmarks: 12 })
    for (const value of [...fit.ability, ...fit.difficulty, ...fit.discrimination])
      expect(Number.isFinite(value)).toBe(true)
    expect(fit.ability[1]! - fit.ability[0]!).toBeGreaterThan(2)
  })
})

describe('compareAbility', () => {
  const names = { release: 'new', baseline: 'old' }

  it('follows the true difference over a range of them', () => {
    const truths = [-0.9, -0.6, -0.3, 0, 0.3, 0.6, 0.9]
    const found = truths.map((truth, i) => {
      const { table } = generate({
        abilities: { old: 0, new: truth, a: -1, b: 1, c: 0.5 },
        benchmarks: 20,
        noise: 0.15,
        seed: `range ${i}`,
      })
      return compareAbility(table, { ...names, seed: 1, resamples: 400 })
    })
    expect(
      correlation(
        truths,
        found.map((f) => f.delta.value),
      ),
    ).toBeGreaterThan(0.97)
    found.forEach(({ delta, probability }, i) => {
      expect(Math.abs(delta.value - truths[i]!)).toBeLessThan(0.3)
      if (truths[i]! >= 0.6) expect(probability).toBeGreaterThan(0.95)
      if (truths[i]! <= -0.6) expect(probability).toBeLessThan(0.05)
    })
  })

  it('is calibrated: between equal models it is sure of either side about one time in twenty', () => {
    const rounds = 100
    let above = 0
    let below = 0
    let covered = 0
    for (let round = 0; round < rounds; round++) {
      const { table } = generate({
        abilities: { old: 0.2, new: 0.2, a: -0.8, b: 0.9 },
        benchmarks: 12,
        noise: 0.4,
        seed: `null ${round}`,
      })
      const { probability, delta } = compareAbility(table, { ...names, seed: round, resamples: 250 })
      if (probability >= 0.95) above++
      if (probability <= 0.05) below++
      if (delta.low <= 0 && 0 <= delta.high) covered++
    }
    expect(above / rounds).toBeLessThan(0.11)
    expect(below / rounds).toBeLessThan(0.11)
    expect((above + below) / rounds).toBeGreaterThan(0.02)
    expect(covered / rounds).toBeGreaterThan(0.89)
  })

  it('turns round when the two change places', () => {
    const { table } = generate({
      abilities: { old: 0, new: 0.2, a: 1 },
      benchmarks: 14,
      noise: 0.3,
      seed: 'turn',
    })
    const there = compareAbility(table, { ...names, seed: 3 })
    const back = compareAbility(table, { release: 'old', baseline: 'new', seed: 3 })
    expect(back.delta.value).toBeCloseTo(-there.delta.value, 5)
    expect(back.probability).toBeCloseTo(1 - there.probability, 1)
  })

  it('gives the same answer for the same seed, whatever the order of the rows', () => {
    const { table } = generate({ abilities: { old: 0, new: 0.3, a: 1 }, benchmarks: 12, seed: 'order' })
    const once = compareAbility(table, { ...names, seed: 5, resamples: 300 })
    const again = compareAbility(
      { ...table, scores: [...table.scores].reverse() },
      { ...names, seed: 5, resamples: 300 },
    )
    expect(again.delta.value).toBeCloseTo(once.delta.value, 9)
    expect(again.probability).toBe(once.probability)
    expect(compareAbility(table, { ...names, seed: 5, resamples: 300 })).toEqual(once)
    expect(compareAbility(table, { ...names, seed: 6, resamples: 300 }).delta.low).not.toBe(once.delta.low)
  })

  it('finds nothing between identical scores, and the interval is no point', () => {
    const { table } = generate({ abilities: { old: 0 }, benchmarks: 12, seed: 'same' })
    const scores = table.scores.flatMap((score) => [score, { ...score, model: 'new' }])
    const { delta, probability } = compareAbility({ ...table, scores }, { ...names, seed: 1, resamples: 300 })
    expect(delta.value).toBeCloseTo(0, 9)
    expect(probability).toBeCloseTo(0.5, 6)
    expect(delta.high - delta.low).toBeGreaterThan(0.1)
  })

  it('bears saturated benchmarks, missing ones and perfect separation', () => {
    const { table } = generate({
      abilities: { old: 0, new: 0.8, a: 1, b: -1 },
      benchmarks: 16,
      seed: 'robust',
    })
    const scores = table.scores
      .filter(
        ({ model, benchmark }) =>
          !(model === 'a' && benchmark < 'Example 006') && !(model === 'old' && benchmark === 'Example 015'),
      )
      .map((score) => (score.benchmark < 'Example 004' ? { ...score, score: 1 } : score))
    const robust = compareAbility({ ...table, scores }, { ...names, seed: 1, resamples: 300 })
    expect(robust.benchmarks).toHaveLength(15)
    expect(robust.saturated).toBeGreaterThanOrEqual(4)
    expect(robust.probability).toBeGreaterThan(0.95)
    const separated = table.scores.map((score) => ({
      ...score,
      score: score.model === 'new' ? 1 : 0,
      n: undefined,
    }))
    const sure = compareAbility({ ...table, scores: separated }, { ...names, seed: 1, resamples: 300 })
    expect(sure.probability).toBeGreaterThan(0.99)
    expect(Number.isFinite(sure.delta.high)).toBe(true)
  })

  it('measures both models on the items both were asked, and draws items anew', () => {
    const table: ScoreTable = { scores: [], items: new Map(), digest: '' }
    for (let b = 0; b < 10; b++) {
      const benchmark = `Example ${b}`
      // The baseline was asked ten easy items more than the release; on the common ones the release is better.
      const own = [
        ...Array.from({ length: 20 }, (_, i) => (i % 10 < 7 ? 1 : 0) as 0 | 1),
        ...new Array(10).fill(undefined),
      ]
      const other = [
        ...Array.from({ length: 20 }, (_, i) => (i % 10 < 4 + (b % 3) ? 1 : 0) as 0 | 1),
        ...new Array<1>(10).fill(1),
      ]
      table.items.set(benchmark, {
        items: own.map((_, i) => `i${i}`),
        right: new Map([
          ['new', own],
          ['old', other],
        ]),
      })
      table.scores.push({ benchmark, domain: `d${b % 5}`, model: 'new', score: 0.7, n: 20 })
      table.scores.push({ benchmark, domain: `d${b % 5}`, model: 'old', score: 0.8, n: 30 })
    }
    const { delta, probability } = compareAbility(table, { ...names, seed: 1, resamples: 400 })
    expect(delta.value).toBeGreaterThan(0)
    expect(probability).toBeGreaterThan(0.95)
  })

  it('fits at most thirty models beside the two, those that share most', () => {
    const others = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`m${i}`, -1 + i / 20]))
    const { table } = generate({ abilities: { old: 0, new: 0.5, ...others }, benchmarks: 12, seed: 'many' })
    const scores = table.scores.filter(({ model, benchmark }) => model !== 'm0' || benchmark < 'Example 005')
    const { abilities } = compareAbility({ ...table, scores }, { ...names, seed: 1, resamples: 200 })
    expect(abilities).toHaveLength(32)
    expect(abilities.map((ability) => ability.model)).toEqual(expect.arrayContaining(['new', 'old']))
    expect(abilities.some((ability) => ability.model === 'm0')).toBe(false)
  })

  it('counts what is shared', () => {
    const { table } = generate({ abilities: { old: 0, new: 0 }, benchmarks: 12, domains: 4, seed: 'shared' })
    const scores = table.scores.filter(
      ({ model, benchmark }) => model !== 'old' || benchmark !== 'Example 000',
    )
    const shared = sharedBenchmarks({ ...table, scores }, 'new', 'old')
    expect(shared.benchmarks).toHaveLength(11)
    expect(shared.domains).toHaveLength(4)
    expect(sharedBenchmarks({ ...table, scores }, 'new', 'nobody').benchmarks).toEqual([])
  })
})
