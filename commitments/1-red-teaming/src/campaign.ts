import {
  type AgentLimits,
  type Block,
  type Campaign,
  type CampaignDefinition,
  createCampaign,
  openCampaign,
  type PlanDocument,
  readCampaign,
} from '@avouch/core/campaign'
import { AvouchError } from '@avouch/core/errors'
import type { About, Draft } from '@avouch/core/evidence'
import type { Installation } from '@avouch/core/installation'
import type { TargetSpec } from '@avouch/core/model'
import { type Additions, additionsFor, NO_ADDITIONS } from './additions.ts'
import { judgeWith } from './attack/judge.ts'
import { type AttackPlan, attackPlanSchema, setupOf } from './attack/setup.ts'
import { blocksOf } from './blocks.ts'
import { loadGraders, standingIn } from './graders.ts'
import { openJudge } from './judge/model.ts'
import { comparisonOf } from './numbers/predecessor.ts'
import { shippedQuestions } from './own-questions.ts'
import type { Selection } from './plan-file.ts'
import { probesOf, type RedTeamProbe } from './probe.ts'
import { REPORTED_TURNS, regressionBlocks } from './regression/blocks.ts'
import { openFindings, resultOf } from './result.ts'
import { signedHeadersOf } from './sealed/noted.ts'
import { opaqueProbes } from './sealed/opaque.ts'
import { checkPermitted } from './sealed/permit.ts'
import type { SignedHeader } from './sealed/sealed-file.ts'
import { refOf } from './sealed/summary.ts'
import { applies } from './strategies/reported-turns.ts'
import { loadStrategies, strategyNamed } from './strategies.ts'
import { loadWorlds } from './worlds.ts'

/** What `core/campaign` files our campaigns under. */
export const PURPOSE = 'red-teaming'

/** Calls to the model in one attempt at most; in a world each step of the agent is one. */
const MAX_CALLS = 32
const MAX_CALLS_IN_WORLDS = 256

export type RedTeamCampaign = Campaign<RedTeamProbe>

/** What is tested, and by whom. */
export type Run = { about: About; target: TargetSpec; runBy: string }

/**
 * The definition of a campaign: attacks meet every strategy that applies, benign twins are asked in plain words. Throws
 * `forbidden` where the author of a sealed pack does not allow this use of it.
 */
export async function defineCampaign(
  selection: Selection,
  run: Run,
  additions: Additions = { now: new Date(), ...NO_ADDITIONS },
): Promise<CampaignDefinition<RedTeamProbe>> {
  if (additions.opened.length !== selection.sealed.length)
    throw new AvouchError('internal', 'The sealed packs of the plan were not opened')
  const probes = [
    ...selection.packs.flatMap(probesOf),
    ...additions.opened.flatMap(opaqueProbes),
    ...additions.regressions,
  ]
  const replays = additions.regressions.some(applies) ? [REPORTED_TURNS] : []
  const strategies = [...new Set([...selection.strategies, 'plain', ...replays])]
  const blocks = [
    ...blocksOf(probes, selection, strategies, await loadStrategies()),
    ...regressionBlocks(probes, strategies, selection.repetitions),
  ]
  return assemble({
    ...run,
    probes,
    strategies,
    blocks,
    request: selection.request,
    maxCalls: probes.some(({ world }) => world) ? MAX_CALLS_IN_WORLDS : MAX_CALLS,
    agent: selection.agent,
    seed: selection.seed,
    attack: selection.attack,
    sealedPacks: additions.opened.map(({ header, signature }) => ({ header, signature })),
    now: additions.now,
  })
}

/**
 * Plans a campaign and logs its plan. Throws `input` for a plan that cannot be, `proof` and `forbidden` for a sealed pack
 * that does not open or may not be used so; nothing is recorded then.
 */
export async function planCampaign(
  installation: Installation,
  selection: Selection,
  run: Run,
): Promise<RedTeamCampaign> {
  const additions = await additionsFor(installation, selection)
  return createCampaign(installation, await defineCampaign(selection, run, additions))
}

/**
 * Takes up a campaign again from what was planned: probes from its own plan, strategies and graders by name. Throws
 * `not-found`; `conflict` where a strategy or grader is no longer the one that was planned; `forbidden` where the author
 * of a sealed pack no longer allows it.
 */
export async function resumeCampaign(installation: Installation, id: string): Promise<RedTeamCampaign> {
  const { row, document } = await readCampaign<RedTeamProbe>(installation, id)
  if (row.purpose !== PURPOSE)
    throw new AvouchError('not-found', `Campaign ${id} is no red-teaming campaign, but one of ${row.purpose}`)
  return openCampaign(installation, id, await definitionOf(document, row, installation.now()))
}

async function definitionOf(
  document: PlanDocument<RedTeamProbe>,
  { target, note }: { target: TargetSpec; note: Record<string, unknown> },
  now: Date,
): Promise<CampaignDefinition<RedTeamProbe>> {
  const { about, probes, blocks, request, maxCalls, seed, agent } = document
  return assemble({
    about,
    agent,
    target,
    runBy: runByOf(note),
    attack: attackPlanSchema.parse(note.attack ?? {}),
    probes,
    blocks,
    request,
    maxCalls,
    seed,
    strategies: document.strategies.map(({ name }) => name),
    sealedPacks: signedHeadersOf(note, probes),
    now,
  })
}

async function assemble(parts: {
  about: About
  target: TargetSpec
  runBy: string
  probes: RedTeamProbe[]
  strategies: string[]
  blocks: Block[]
  request: PlanDocument['request']
  maxCalls: number
  agent: AgentLimits | undefined
  seed: string | undefined
  attack: AttackPlan
  sealedPacks: SignedHeader[]
  now: Date
}): Promise<CampaignDefinition<RedTeamProbe>> {
  const { about, target, attack, sealedPacks } = parts
  checkPermitted(sealedPacks, { release: about.release, now: parts.now, target: target.url, helpers: attack })
  const judge = parts.attack.judge && (await openJudge(parts.attack.judge))
  const graders = await loadGraders(judge ? { judge } : {})
  const probes = parts.probes.map((probe) => ({ ...probe, grader: standingIn(graders, probe.grader) }))
  const known = await loadStrategies(await setupOf(parts.attack, judgeWith(graders), judge))
  const shipped = await shippedQuestions()
  const needed = new Set(probes.map(({ grader }) => grader))
  const played = new Set(probes.flatMap(({ world }) => (world ? [world.name] : [])))
  const worlds = [...(await loadWorlds()).values()].filter(({ name }) => played.has(name))
  return {
    purpose: PURPOSE,
    about: parts.about,
    target: parts.target,
    request: parts.request,
    maxCalls: parts.maxCalls,
    ...(parts.seed !== undefined && { seed: parts.seed }),
    probes,
    strategies: parts.strategies.map((name) => {
      const strategy = strategyNamed(known, name)
      if (!strategy)
        throw new AvouchError(
          'conflict',
          `The campaign was planned with the strategy "${name}", which is not here`,
          {
            fix: 'Resume it with the version of Avouch that planned it, or abandon it.',
          },
        )
      return strategy
    }),
    graders: graders.filter(({ name }) => needed.has(name)),
    ...(worlds.length > 0 && { worlds, ...(parts.agent && { agent: parts.agent }) }),
    blocks: parts.blocks,
    note: { runBy: parts.runBy, attack, ...(sealedPacks.length > 0 && { sealedPacks }) },
    ...(sealedPacks.length > 0 && { sealedPacks: sealedPacks.map(refOf) }),
    first: {
      verdict: 'breach',
      unit: ({ kind, cluster, regression }) =>
        kind === 'attack' && regression === undefined ? cluster : undefined,
    },
    result: (conclusion) =>
      resultOf(conclusion, parts.runBy, sealedPacks, shipped) as Draft<Record<string, unknown>>,
    consequences: async (installation, source, conclusion) => [
      ...(await openFindings(installation, source, conclusion)),
      ...((await comparisonOf(installation, conclusion)) as Draft<Record<string, unknown>>[]),
    ],
  }
}

function runByOf(note: Record<string, unknown>): string {
  return typeof note.runBy === 'string' ? note.runBy : 'unknown'
}
