import type { Assessment } from '@avouch/core/assessment'
import type { About } from '@avouch/core/evidence'
import { measureModel } from './measure.ts'
import { measuredTable } from './measured-table.ts'
import { readScopePlan, type ScopePlan } from './plan.ts'
import { recordComparison } from './record.ts'
import type { ScoreTable } from './scores.ts'
import { type InputFile, readItems, readScores } from './scores-file.ts'
import { linesOf } from './wording.ts'

/**
 * Scope's part in `avouch assess`: the comparison that the plan's `scope:` section describes, of given scores or by
 * asking the models frozen items. Without a section nothing is recorded, and the reader is told what that means.
 */
export async function assess(assessment: Assessment): Promise<void> {
  const plan = assessment.plan === undefined ? undefined : await readScopePlan(assessment.plan)
  if (!plan) {
    assessment.tell('scope: no comparison given; undecided counts as in scope')
    return
  }
  const { table, files, measuredIn } = await tableOf(plan, assessment)
  assessment.signal.throwIfAborted()
  const { fields, recorded } = await recordComparison(
    assessment.installation,
    { table, files },
    {
      release: assessment.release,
      released: plan.released,
      produced: plan.produced,
      seed: plan.seed,
      resamples: plan.resamples,
      source: measuredIn.length > 0 ? 'measured' : 'file',
      measuredIn,
    },
    assessment.about,
  )
  for (const line of linesOf(fields)) assessment.tell(`scope: ${line}`)
  if (!recorded)
    assessment.tell('scope: the same comparison stands in the log already; nothing was recorded again')
}

async function tableOf(
  plan: ScopePlan,
  assessment: Assessment,
): Promise<{ table: ScoreTable; files: InputFile[]; measuredIn: string[] }> {
  const given = plan.scores === undefined ? undefined : await readScores(plan.scores)
  if (plan.items === undefined)
    return {
      ...(given ?? { table: { scores: [], items: new Map(), digest: '' }, files: [] }),
      measuredIn: [],
    }
  const { frozen, files } = await readItems(plan.items)
  const measured = []
  for (const { name, model, about } of modelsOf(plan, assessment)) {
    const target = { ...assessment.target, model }
    measured.push(await measureModel(assessment.installation, frozen, { name, about, target }, assessment))
  }
  return {
    table: measuredTable(frozen, measured, given?.table),
    files: [...files, ...(given?.files ?? [])],
    measuredIn: measured.map(({ evidence }) => evidence),
  }
}

/** The release under its own subject, then the further models of the plan under the names they are asked by. */
function modelsOf(
  plan: ScopePlan,
  { release, about, target }: Assessment,
): { name: string; model: string; about: About }[] {
  const others = Object.entries(plan.models).filter(([name]) => name !== release)
  return [
    { name: release, model: target.model, about },
    ...others.map(([name, model]) => ({
      name,
      model,
      about: { release: name, snapshot: `id:${model}`, configuration: about.configuration },
    })),
  ]
}
