import { type Ledger, unansweredReasons } from '@avouch/core/campaign'
import type { Installation } from '@avouch/core/installation'
import { counted } from '@avouch/core/words'

/** Reasons that are told at most; a campaign has few kinds. */
const MAX_TOLD = 10

const TITLES = {
  errored: 'Errors',
  'refused-by-provider': 'Refused by the provider',
  'not-run': 'Not run',
} as const

/**
 * Why attempts of a campaign have no answer, as lines for a person; nothing where all have one. First that a campaign in
 * which nothing was answered tested nothing, however it ended.
 */
export async function unansweredLines(
  installation: Installation,
  campaign: string,
  ledger: Ledger,
): Promise<string[]> {
  if (ledger.executed === ledger.planned) return []
  const { reasons, read, of } = await unansweredReasons(installation, campaign)
  const more = reasons.length - MAX_TOLD
  return [
    ...(ledger.executed === 0
      ? [`Nothing was answered: not one of ${counted(ledger.planned, 'attempt')}. This tests nothing.`]
      : []),
    ...reasons.slice(0, MAX_TOLD).map(({ status, why, n }) => `${TITLES[status]}, ${n} times: ${why}`),
    ...(more > 0 ? [`And ${counted(more, 'other reason')}.`] : []),
    ...(read < of ? [`Of ${of} attempts without an answer ${read} were looked at for this.`] : []),
  ]
}
