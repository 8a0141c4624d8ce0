import { RELEASE_NAME } from '@avouch/core/gate'
import type { Installation } from '@avouch/core/installation'
import type { Subcommand, Terminal } from '@avouch/core/verb'
import { z } from 'zod'
import { CAMPAIGN, campaignNamed } from './campaign-named.ts'
import { FAIL_ON, openFindingsOf, reasonsAgainst } from './ci-verdict.ts'
import { exportOf, writeExport } from './export.ts'
import { exportFormat } from './export-format.ts'

/** What `run` and `resume` write for a pipeline, and when they answer no. */
export const pipelineOptions = {
  sarif: z.string().optional().describe('Write findings to this file as SARIF 2.1.0, for code scanning'),
  junit: z.string().optional().describe('Write behaviours to this file as JUnit XML'),
  summary: z.string().optional().describe('Write a summary to this file in Markdown'),
  location: z
    .string()
    .max(1000)
    .optional()
    .describe('File of the repository that SARIF results point at; default the plan'),
  failOn: z
    .enum(FAIL_ON)
    .default('never')
    .describe(
      'Answer no (status 1) at an open finding of this severity or above, a failed threshold or a domain hardly judged',
    ),
}
const pipelineSchema = z.object(pipelineOptions)
export type PipelineOptions = z.infer<typeof pipelineSchema>

const FILES = { sarif: 'sarif', junit: 'junit', summary: 'markdown' } as const

/**
 * Writes the files that a pipeline asked for and gives its verdict: 0, or 1 where something speaks against going on.
 * Also returns the reasons, one sentence each.
 */
export async function finishPipeline(
  { installation, terminal }: { installation: Installation; terminal: Terminal },
  campaign: string,
  options: PipelineOptions,
): Promise<{ status: 0 | 1; against: string[] }> {
  const location = options.location === undefined ? {} : { location: options.location }
  const found = await exportOf(installation, campaign, location)
  for (const [option, name] of Object.entries(FILES) as [keyof typeof FILES, string][]) {
    const file = options[option]
    if (file === undefined) continue
    await writeExport(found, await exportFormat(name), file)
    terminal.say(`Wrote ${file}.`)
  }
  const findings = options.failOn === 'never' ? [] : await openFindingsOf(installation, found.about)
  const against = reasonsAgainst(options.failOn, found, findings)
  for (const reason of against) terminal.say(`Against going on: ${reason}`)
  return { status: against.length > 0 ? 1 : 0, against }
}

const options = {
  format: z.string().describe('jsonl, inspect, avid, sarif, junit or markdown'),
  out: z.string().min(1).describe('The file to write; one that is there is replaced'),
  release: z
    .string()
    .regex(RELEASE_NAME, 'a release is written NAME@VERSION')
    .optional()
    .describe('With "latest": the newest campaign on this release'),
  location: pipelineOptions.location,
  withText: z
    .boolean()
    .default(false)
    .describe('With questions and answers, harmful ones too (jsonl, inspect); the file is its owner’s alone'),
}

/** `avouch red-team export`: a campaign in a form that other tools read. Words leave only when they are asked for. */
export const exportCommand: Subcommand = {
  summary: 'Write a campaign as JSON lines, an Inspect log, AVID reports, SARIF, JUnit or Markdown',
  positionals: { campaign: CAMPAIGN },
  options,
  async run({ installation, terminal, args, options: given, signal }) {
    const { format: name, out, withText, location, release } = z.object(options).parse(given)
    const format = await exportFormat(name)
    const id = await campaignNamed(installation, args.campaign, release)
    const campaign = await exportOf(installation, id, {
      withText,
      signal,
      ...(location !== undefined && { location }),
    })
    await writeExport(campaign, format, out)
    terminal.say(`Wrote ${out}: ${format.title}, campaign ${id}, ${campaign.state}.`)
    if (withText)
      terminal.say(
        'It holds what the model was asked and what it answered, harmful text too. Keep it where such text may be, and remove it after use.',
      )
    terminal.result({ campaign: id, format: name, file: out, state: campaign.state, withText })
    return 0
  },
}
