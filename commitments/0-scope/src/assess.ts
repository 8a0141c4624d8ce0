import type { Assessment } from '@avouch/core/assessment'
import { readScopePlan } from './plan.ts'
import { recordComparison } from './record.ts'
import { readScores } from './scores-file.ts'
import { linesOf } from './wording.ts'

/**
 * Scope's part in `avouch assess`: the comparison that the plan's `scope:` section describes. Without one nothing is
 * recorded, and the reader is told what that means.
 */
export async function assess(assessment: Assessment): Promise<void> {
  const plan = assessment.plan === undefined ? undefined : await readScopePlan(assessment.plan)
  if (!plan) {
    assessment.tell('scope: no comparison given; undecided counts as in scope')
    return
  }
  assessment.progress({ task: 'Comparing abilities', done: 0, total: 1 })
  const scores = await readScores(plan.scores)
  assessment.signal.throwIfAborted()
  const { fields, recorded } = await recordComparison(
    assessment.installation,
    scores,
    {
      release: assessment.release,
      released: plan.released,
      produced: plan.produced,
      seed: plan.seed,
      resamples: plan.resamples,
      source: 'file',
    },
    assessment.about,
  )
  assessment.progress({ task: 'Comparing abilities', done: 1, total: 1 })
  for (const line of linesOf(fields)) assessment.tell(`scope: ${line}`)
  if (!recorded)
    assessment.tell('scope: the same comparison stands in the log already; nothing was recorded again')
}
