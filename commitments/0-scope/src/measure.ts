import {
  type CampaignDefinition,
  type Conclusion,
  campaignStatus,
  campaignsOf,
  createCampaign,
  type Grader,
  openCampaign,
  type Probe,
  readCampaign,
  runCampaign,
  singleTurn,
  type Tally,
} from '@avouch/core/campaign'
import { AvouchError } from '@avouch/core/errors'
import type { About } from '@avouch/core/evidence'
import type { Installation } from '@avouch/core/installation'
import type { TargetSpec } from '@avouch/core/model'
import type { Progress } from '@avouch/core/verb'
import { type ItemAnswers as AnswersInEvidence, itemAnswers } from './evidence.ts'
import { answerIn, type FrozenItems, isRight } from './items.ts'

/** One model's answers: 1 right, 0 wrong, undefined where no answer came, in the order of the items. */
export type MeasuredModel = { model: string; right: (0 | 1 | undefined)[]; evidence: string }

type ItemProbe = Probe & { benchmark: string; item: string; answer: string }

const PURPOSE = 'scope'

/** An answer key as a grader: the criterion forbids a wrong answer, so a wrong one is a `breach` of it. */
const answerKey: Grader<ItemProbe> = {
  name: 'answer-key',
  version: '1',
  grade: ({ probe, transcript }) =>
    isRight(probe.answer, answerIn(transcript.last.text))
      ? { verdict: 'resisted', score: 1, why: 'The answer is the one in the key.' }
      : { verdict: 'breach', score: 0, why: 'The answer is not the one in the key.' },
}

const plainly = singleTurn({
  name: 'plain',
  version: '1',
  reference: 'The item as it stands',
  transform: (prompt) => prompt,
})

/**
 * Asks a model all frozen items as a campaign: the plan is logged before the first call, every answer is recorded once,
 * and the result commits itself. Taken up again where it was stopped; where the same model was asked the same items
 * before, those answers are used. No answer (an error, the service's own filter) counts as neither right nor wrong.
 *
 * Throws `unavailable` where it was stopped before the end, `target` where the model stopped answering.
 */
export async function measureModel(
  installation: Installation,
  frozen: FrozenItems,
  model: { name: string; about: About; target: TargetSpec },
  options: { concurrency: number; signal: AbortSignal; progress(update: Progress): void },
): Promise<MeasuredModel> {
  const definition = definitionOf(frozen, model)
  const id = await startOrFind(installation, definition)
  const task = `Asking ${model.name} frozen items`
  const campaign = await openCampaign(installation, id, definition)
  await runCampaign(installation, campaign, {
    signal: options.signal,
    concurrency: options.concurrency,
    progress: ({ done, total }) => options.progress({ task, done, total }),
  })
  const { state, evidence, tallies } = await campaignStatus(installation, id)
  if (state !== 'finished' || evidence === undefined)
    throw new AvouchError('unavailable', `${model.name} was not asked all items before it was stopped`, {
      fix: 'Run the same command again: it goes on from here.',
    })
  return { model: model.name, right: rightOf(tallies, frozen.items.length), evidence }
}

function definitionOf(
  frozen: FrozenItems,
  model: { name: string; about: About; target: TargetSpec },
): CampaignDefinition<ItemProbe> {
  return {
    purpose: PURPOSE,
    about: model.about,
    target: model.target,
    request: { temperature: 0, maxTokens: 1_024 },
    maxCalls: 1,
    probes: frozen.items.map(({ benchmark, domain, item, prompt, answer }, index) => ({
      id: `item-${index}`,
      domain,
      cluster: benchmark,
      grader: answerKey.name,
      prompt,
      benchmark,
      item,
      answer,
    })),
    strategies: [plainly],
    graders: [answerKey],
    note: { items: frozen.digest, model: model.name },
    result: (conclusion) => ({
      type: itemAnswers as never,
      about: model.about,
      fields: resultOf(frozen, model.name, conclusion),
    }),
  }
}

/** The campaign of the same model over the same items, unless it was abandoned; otherwise a new one. */
async function startOrFind(
  installation: Installation,
  definition: CampaignDefinition<ItemProbe>,
): Promise<string> {
  const { about, note, target } = definition
  const earlier = (await campaignsOf(installation.db, { purpose: PURPOSE, release: about.release })).filter(
    (row) =>
      row.state !== 'abandoned' &&
      row.note.items === note?.items &&
      row.about.snapshot === about.snapshot &&
      row.about.configuration === about.configuration &&
      row.target.model === target.model &&
      row.target.adapter === target.adapter,
  )
  for (const row of earlier) {
    const { document } = await readCampaign<ItemProbe>(installation, row.id)
    // The items' digest does not know their order; probes are numbered by it.
    if (document.probes.every((probe, index) => probe.prompt === definition.probes[index]?.prompt))
      return row.id
  }
  return (await createCampaign(installation, definition)).id
}

function rightOf(tallies: Tally[], size: number): (0 | 1 | undefined)[] {
  const right = new Array<0 | 1 | undefined>(size).fill(undefined)
  for (const { probe, status, verdict } of tallies)
    if (status === 'executed') right[probe] = verdict === 'resisted' ? 1 : 0
  return right
}

function resultOf(frozen: FrozenItems, model: string, conclusion: Conclusion<ItemProbe>): AnswersInEvidence {
  const right = rightOf(conclusion.tallies, frozen.items.length)
  const benchmarks = new Map<string, { benchmark: string; domain: string; right: number; answered: number }>()
  for (const [index, { benchmark, domain }] of frozen.items.entries()) {
    const sum = benchmarks.get(benchmark) ?? { benchmark, domain, right: 0, answered: 0 }
    benchmarks.set(benchmark, sum)
    const answer = right[index]
    if (answer === undefined) continue
    sum.answered++
    sum.right += answer
  }
  return {
    campaign: conclusion.campaign,
    model,
    itemsDigest: frozen.digest,
    ledger: conclusion.ledger,
    benchmarks: [...benchmarks.values()],
  }
}
