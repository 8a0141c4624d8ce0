import { AvouchError } from '@avouch/core/errors'
import type { Subcommand } from '@avouch/core/verb'
import { campaignNamed } from '../campaign-named.ts'
import { readOurs } from '../view.ts'
import { compareCampaigns, graderChanges } from './comparison.ts'
import { linesOfComparison } from './lines.ts'
import { predecessorResult, sideOf } from './predecessor.ts'

/**
 * `avouch red-team compare`: a campaign beside another, over the questions that both asked. Records nothing: the
 * comparison with the predecessor commits itself when a campaign ends. Exit status 1 where nothing can be compared.
 */
export const compareCommand: Subcommand = {
  summary: 'Compare a campaign with the predecessor’s, or another, over the questions that both asked',
  positionals: {
    campaign: 'Id of the newer campaign, or "latest"',
    'with?': 'Id of the older one; default: the widest on the release’s predecessor',
  },
  async run({ installation, terminal, args }) {
    const campaign = await campaignNamed(installation, args.campaign)
    const { row } = await readOurs(installation, campaign)
    const other =
      args.with === undefined
        ? await predecessorOf(row.about.release)
        : await campaignNamed(installation, args.with)
    await readOurs(installation, other)
    const before = await sideOf(installation, other)
    const after = await sideOf(installation, campaign)
    const parts = compareCampaigns(before, after)
    const changes = graderChanges(before, after)
    const isSame = changes.before.length === 0 && changes.after.length === 0
    terminal.say(`Campaign ${campaign} beside ${other}, newer less older:`)
    for (const line of linesOfComparison(parts)) terminal.say(line)
    terminal.say(
      isSame
        ? 'Both were judged by the very same graders, by version and digest.'
        : `They had different graders: now ${changes.after.join(', ') || 'none other'}; before ${changes.before.join(', ') || 'none other'}. Only what the very same grader judged in both is compared.`,
    )
    terminal.say('The changes are as graded. p is adjusted over the domains by Holm.')
    terminal.result({ campaign, with: other, parts, graders: { same: isSame, ...changes } })
    return Object.values(parts).some((part) => part?.comparable) ? 0 : 1

    async function predecessorOf(release: string | undefined): Promise<string> {
      const result = release === undefined ? undefined : await predecessorResult(installation, release)
      if (result) return String(result.fields.campaign)
      throw new AvouchError(
        'not-found',
        `No finished campaign of a predecessor of ${release ?? 'it'} is recorded`,
        {
          where: `campaign ${campaign}`,
          fix: 'Name the other campaign: avouch red-team compare CAMPAIGN WITH, from avouch red-team list.',
        },
      )
    }
  },
}
