import type { FrozenItems } from './items.ts'
import type { MeasuredModel } from './measure.ts'
import { digestOf, type ItemAnswers, type Score, type ScoreTable } from './scores.ts'

/**
 * A table of measured answers, and the given scores of other models beside them. Where a model was measured on a
 * benchmark, its given score there is left out. Models must agree on a benchmark's domain; the items' word counts.
 */
export function measuredTable(
  frozen: FrozenItems,
  measured: MeasuredModel[],
  given: ScoreTable | undefined,
): ScoreTable {
  const items = new Map<string, ItemAnswers>()
  const places = new Map<string, number[]>()
  const domains = new Map<string, string>()
  for (const [index, { benchmark, domain }] of frozen.items.entries()) {
    domains.set(benchmark, domain)
    places.set(benchmark, [...(places.get(benchmark) ?? []), index])
  }
  const scores: Score[] = []
  for (const [benchmark, indices] of places) {
    const right = new Map(
      measured.map(({ model, right: all }) => [model, indices.map((index) => all[index])]),
    )
    items.set(benchmark, { items: indices.map((index) => frozen.items[index]!.item), right })
    for (const [model, answers] of right) {
      const answered = answers.filter((answer) => answer !== undefined)
      if (answered.length === 0) continue
      const sum = answered.reduce<number>((total, answer) => total + answer, 0)
      scores.push({
        benchmark,
        domain: domains.get(benchmark)!,
        model,
        score: sum / answered.length,
        n: answered.length,
      })
    }
  }
  const names = new Set(measured.map(({ model }) => model))
  for (const score of given?.scores ?? [])
    if (!(names.has(score.model) && domains.has(score.benchmark)))
      scores.push({ ...score, domain: domains.get(score.benchmark) ?? score.domain })
  return { scores, items, digest: digestOf({ scores, items }) }
}
