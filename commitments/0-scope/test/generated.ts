import { random } from '@avouch/core/stats'
import type { Score, ScoreTable } from '../src/scores.ts'

const logistic = (x: number): number => 1 / (1 + Math.exp(-x))

export type World = {
  abilities: Record<string, number>
  benchmarks: number
  domains?: number
  items?: number
  /** Standard deviation, in logits, of how a model departs from the curve on a benchmark. */
  noise?: number
  seed: string
}

/** Scores drawn from the two-parameter logistic model itself, with what was true beside them. */
export function generate(world: World): {
  table: ScoreTable
  truth: { difficulty: number; discrimination: number }[]
} {
  const source = random(world.seed)
  const scores: Score[] = []
  const truth = Array.from({ length: world.benchmarks }, () => ({
    difficulty: 1.2 * source.normal(),
    discrimination: Math.exp(0.3 * source.normal()),
  }))
  for (const [b, { difficulty, discrimination }] of truth.entries()) {
    const n = world.items ?? 60 + source.below(300)
    for (const [model, ability] of Object.entries(world.abilities)) {
      const p = logistic(discrimination * (ability - difficulty) + (world.noise ?? 0) * source.normal())
      let right = 0
      for (let i = 0; i < n; i++) if (source.uniform() < p) right++
      scores.push({
        benchmark: `Example ${String(b).padStart(3, '0')}`,
        domain: `domain ${b % (world.domains ?? 5)}`,
        model,
        score: right / n,
        n,
      })
    }
  }
  return { table: { scores, items: new Map(), digest: '0'.repeat(64) }, truth }
}
