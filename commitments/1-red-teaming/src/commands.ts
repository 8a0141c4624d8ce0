import { abandonCampaign, recordStop, runCampaign } from '@avouch/core/campaign'
import { AvouchError } from '@avouch/core/errors'
import { openTarget, type TargetSpec, targetSchema } from '@avouch/core/model'
import type { StandaloneSubcommand, Subcommand, Terminal, Verb } from '@avouch/core/verb'
import { counted } from '@avouch/core/words'
import { z } from 'zod'
import { progressOf } from './assess.ts'
import { attestCommands } from './attestation/commands.ts'
import { calibrateCommand } from './calibration/command.ts'
import { planCampaign, type RedTeamCampaign, resumeCampaign } from './campaign.ts'
import { CAMPAIGN, campaignNamed } from './campaign-named.ts'
import { viewCampaign } from './campaign-view.ts'
import { controlCommand } from './control/command.ts'
import { tellControl } from './control/tell.ts'
import { campaignResult } from './evidence.ts'
import { expertCommands } from './expert/commands.ts'
import { exportCommand, finishPipeline, type PipelineOptions, pipelineOptions } from './export-command.ts'
import { importCommand } from './import-command.ts'
import { judgeOf, judgeOptions } from './judge/options.ts'
import { isLoopback } from './loopback.ts'
import { compareCommand } from './numbers/compare-command.ts'
import { linesOfView } from './numbers/lines.ts'
import { packCommands } from './pack-commands.ts'
import { defaultSelection, readSelection } from './plan-file.ts'
import { ratingCommands } from './rating/commands.ts'
import { scoreCommands } from './rating/score-command.ts'
import { regressionsCommand } from './regression/command.ts'
import { researchCommands } from './research/commands.ts'
import { sealedCommands } from './sealed/commands.ts'
import { sessionCommands } from './session/commands.ts'
import { strategiesCommand } from './strategy-command.ts'
import { unansweredLines } from './unanswered.ts'
import { listCampaigns } from './view.ts'
import { linesOfResult } from './wording.ts'
import { worldCommands } from './world-commands.ts'

const release = z
  .string()
  .max(201)
  .regex(/^[^\s@]+@[^\s@]+$/, 'a release is written NAME@VERSION')

const runOptions = {
  target: z.string().describe('Base address of the model, such as http://127.0.0.1:8080/v1'),
  model: z.string().describe('The name the service knows the model by'),
  release: release.describe('The release that is tested, NAME@VERSION'),
  snapshot: z
    .string()
    .optional()
    .describe('sha256:… of the weights, or id:… as the provider names it; default id:MODEL'),
  configuration: z
    .enum(['bare', 'safeguarded', 'product'])
    .default('bare')
    .describe('What stands around the model'),
  adapter: z.enum(['openai', 'anthropic', 'http']).default('openai').describe('How the service is spoken to'),
  keyVariable: z.string().optional().describe('Name of the environment variable that holds the key'),
  allowPrivate: z
    .boolean()
    .default(false)
    .describe('Allow an address of a private network; loopback is allowed as it is'),
  plan: z
    .string()
    .optional()
    .describe('A plan with a red-teaming section (YAML or TypeScript); default: all domains'),
  concurrency: z.coerce.number().int().min(1).max(1000).default(16).describe('Requests in flight at most'),
  ...judgeOptions,
  ...pipelineOptions,
}

const resumeOptions = {
  retryErrors: z
    .boolean()
    .default(false)
    .describe('Ask errored attempts again; they stay visible as a count'),
  concurrency: z.coerce.number().int().min(1).max(1000).optional().describe('Requests in flight at most'),
  ...pipelineOptions,
}

const abandonOptions = { reason: z.string().min(1).max(2000).describe('Why; it is recorded') }
const listOptions = { release: release.optional().describe('Only campaigns on this release') }

/** `avouch red-team`: plan and run campaigns, and see what they found. No answer of a model is ever printed. */
export const verb: Verb = {
  run: {
    summary: 'Plan a campaign, log the plan, run it and record what came of it',
    options: runOptions,
    async run({ installation, terminal, options, signal }) {
      const given = z.object(runOptions).parse(options)
      const planned = given.plan === undefined ? await defaultSelection() : await readSelection(given.plan)
      const judge = judgeOf(given)
      const selection = judge ? { ...planned, attack: { ...planned.attack, judge } } : planned
      const target = targetSchema.safeParse({
        adapter: given.adapter,
        url: given.target,
        model: given.model,
        concurrency: given.concurrency,
        ...(given.keyVariable !== undefined && { keyVariable: given.keyVariable }),
        ...((given.allowPrivate || isLoopback(given.target)) && { allowPrivate: true }),
      })
      if (!target.success)
        throw new AvouchError('usage', z.prettifyError(target.error), {
          where: '--target',
          fix: 'Correct the option and run the command again.',
        })
      const about = {
        release: given.release,
        snapshot: given.snapshot ?? `id:${given.model}`,
        configuration: given.configuration,
      }
      await checkUsable(target.data)
      const campaign = await planCampaign(installation, selection, {
        about,
        target: target.data,
        runBy: 'local',
      })
      terminal.say(
        `Campaign ${campaign.id}: ${counted(campaign.plan.items, 'attempt')} planned; the plan is logged.`,
      )
      return carryOn({ installation, terminal, signal }, campaign, {
        ...given,
        location: given.location ?? given.plan,
      })
    },
  },
  list: {
    summary: 'List the campaigns, newest first',
    options: listOptions,
    async run({ installation, terminal, options }) {
      const given = z.object(listOptions).parse(options)
      const campaigns = await listCampaigns(installation, given.release)
      for (const { id, state, about, items, done, breaches, errored, createdAt } of campaigns)
        terminal.say(
          `${id}  ${state.padEnd(9)}  ${about.release ?? ''}  ${done} of ${counted(items, 'attempt')}, ${counted(breaches, 'breach', 'breaches')}, ${counted(errored, 'error')}  ${createdAt.slice(0, 16)}Z`,
        )
      if (campaigns.length === 0) terminal.say('There is no red-teaming campaign.')
      terminal.result(campaigns)
      return campaigns.length > 0 ? 0 : 1
    },
  },
  show: {
    summary: 'Show where a campaign stands: rates, tries, cost, what was planned and what was not tested',
    positionals: { campaign: CAMPAIGN },
    async run({ installation, terminal, args }) {
      const view = await viewCampaign(installation, await campaignNamed(installation, args.campaign))
      for (const line of linesOfView(view)) terminal.say(line)
      for (const line of await unansweredLines(installation, view.id, view.ledger)) terminal.say(line)
      terminal.result(view)
      return 0
    },
  },
  compare: compareCommand,
  findings: {
    summary: 'List what broke in a campaign, worst first',
    positionals: { campaign: CAMPAIGN },
    async run({ installation, terminal, args }) {
      const { findings } = await viewCampaign(installation, await campaignNamed(installation, args.campaign))
      for (const { severity, id, breaches, trials } of findings)
        terminal.say(`${severity.padEnd(8)}  ${id}  ${breaches} of ${trials}`)
      if (findings.length === 0) terminal.say('Nothing broke. That is no proof that nothing can.')
      terminal.result(findings)
      return findings.length > 0 ? 0 : 1
    },
  },
  resume: {
    summary: 'Go on with a campaign that was stopped',
    positionals: { campaign: CAMPAIGN },
    options: resumeOptions,
    async run({ installation, terminal, args, options, signal }) {
      const given = z.object(resumeOptions).parse(options)
      const campaign = await resumeCampaign(installation, await campaignNamed(installation, args.campaign))
      return carryOn({ installation, terminal, signal }, campaign, given)
    },
  },
  import: importCommand,
  export: exportCommand,
  strategies: strategiesCommand,
  calibrate: calibrateCommand,
  control: controlCommand,
  ...packCommands,
  ...worldCommands,
  regressions: regressionsCommand,
  ...sealedCommands,
  ...expertCommands,
  ...researchCommands,
  ...sessionCommands,
  ...attestCommands,
  ...ratingCommands,
  ...scoreCommands,
  abandon: {
    summary: 'Give a campaign up; what was planned and never asked is recorded as such',
    positionals: { campaign: CAMPAIGN },
    options: abandonOptions,
    async run({ installation, terminal, args, options }) {
      const { reason } = z.object(abandonOptions).parse(options)
      const status = await abandonCampaign(
        installation,
        await campaignNamed(installation, args.campaign),
        reason,
      )
      terminal.say(
        `Campaign ${status.campaign} is abandoned: ${status.ledger.notRun} of ${status.ledger.planned} attempts were not run. Evidence ${status.evidence}.`,
      )
      terminal.result(status)
      return 0
    },
  },
} satisfies Record<string, Subcommand | StandaloneSubcommand>

type Around = Pick<Parameters<Subcommand['run']>[0], 'installation' | 'signal'> & { terminal: Terminal }

async function carryOn(
  { installation, terminal, signal }: Around,
  campaign: RedTeamCampaign,
  options: { concurrency?: number | undefined; retryErrors?: boolean } & PipelineOptions,
): Promise<0 | 1> {
  const { concurrency, retryErrors = false } = options
  const status = await runCampaign(installation, campaign, {
    retryErrors,
    ...(concurrency !== undefined && { concurrency }),
    signal,
    progress: (progress) => terminal.progress(progressOf(progress)),
  }).catch(async (error: unknown) => {
    if (isTarget(error)) await recordStop(installation, campaign.id)
    throw stoppedAt(error, campaign.id)
  })
  if (status.state !== 'finished') {
    await recordStop(installation, campaign.id)
    throw new AvouchError(
      'unavailable',
      `The campaign was ${status.state === 'running' ? 'stopped' : status.state}: ${status.ledger.executed} of ${counted(status.ledger.planned, 'attempt')} answered`,
      {
        where: `campaign ${campaign.id}`,
        fix: `Go on with: avouch red-team resume ${campaign.id}`,
      },
    )
  }
  const record = status.evidence === undefined ? undefined : await installation.evidence.get(status.evidence)
  const result = record && installation.evidence.read(campaignResult, record)
  if (record) for (const line of await linesOfResult(installation, record)) terminal.say(line)
  for (const line of await unansweredLines(installation, campaign.id, status.ledger)) terminal.say(line)
  await tellControl(installation, campaign.id, (line) => terminal.say(line), signal)
  terminal.say(`Recorded as evidence ${status.evidence}.`)
  const pipeline = await finishPipeline({ installation, terminal }, campaign.id, options)
  terminal.result({ ...status, result: result ?? null, against: pipeline.against })
  return status.ledger.executed === 0 ? 1 : pipeline.status
}

function isTarget(error: unknown): error is AvouchError {
  return error instanceof AvouchError && error.code === 'target'
}

/** A target that stopped answering: `run` again would plan another campaign, so it is told how this one goes on. */
function stoppedAt(error: unknown, campaign: string): unknown {
  if (!isTarget(error)) return error
  return new AvouchError(error.code, error.message, {
    ...(error.where !== undefined && { where: error.where }),
    fix: `Mend it, or its address or key, and go on with: avouch red-team resume ${campaign} (with --retry-errors, errored attempts are asked again).`,
    cause: error,
  })
}

/** A target that cannot be used is refused before anything is recorded. Throws what opening it throws. */
async function checkUsable(spec: TargetSpec): Promise<void> {
  try {
    await openTarget(spec).close()
  } catch (error) {
    if (!(error instanceof AvouchError) || error.code !== 'forbidden') throw error
    throw new AvouchError(error.code, `The model under test cannot be used: ${error.message}`, {
      where: '--target',
      fix: 'Name a public address, or add --allow-private if it is meant.',
      cause: error,
    })
  }
}
