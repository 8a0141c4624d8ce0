import type { Answer, RuleContext } from '@avouch/core/obligation'
import { counted } from '@avouch/core/words'
import { type FollowedLogs, followedLogs } from './followed.ts'

/**
 * 3.2 as far as the logs of a company's own storage tell: who acted on the weights, and that each of them has a role. That
 * nobody else could have, and that somebody reviewed it, no log shows: never more than partly met. Undefined where no log
 * is followed.
 */
export function needByLogs(context: RuleContext): Answer | undefined {
  const logs = followedLogs(context)
  if (!logs) return undefined
  const { events, unmapped, withoutRole } = logs
  const open = [
    ...lateness(logs),
    ...(unmapped > 0 ? [`${unmapped} of them are of principals nobody mapped`] : []),
    ...(withoutRole > 0 ? [`${withoutRole} are of people or workloads without a role`] : []),
    'that nobody else could read, and that access was reviewed, a log does not show',
  ]
  return partly(logs, `${events} acts are told`, open)
}

/**
 * 3.4 as far as these logs tell: that the weights were read from environments the mapping names, and not copied out.
 * What such an environment is, and whether a limit holds what leaves it, no log shows: never more than partly met.
 */
export function environmentByLogs(context: RuleContext): Answer | undefined {
  const logs = followedLogs(context)
  if (!logs) return undefined
  const { events, outside, exports, unencrypted } = logs
  const open = [
    ...lateness(logs),
    ...(outside > 0 ? [`${counted(outside, 'read')} came from no environment that is named`] : []),
    ...(exports > 0 ? [`${exports} copies went out of the storage that is named`] : []),
    ...(unencrypted > 0
      ? [`${counted(unencrypted, 'read was', 'reads were')} of objects that were not encrypted at rest`]
      : []),
    'what these environments are, and what limits hold what leaves them, a log does not show',
  ]
  return partly(logs, `${events} acts are told`, open)
}

function lateness({ isLate, lost }: FollowedLogs): string[] {
  return [
    ...(isLate ? ['no log was taken in within 30 days'] : []),
    ...(lost > 0
      ? [`${counted(lost, 'file is', 'files are')} not there as CloudTrail's own digest files tell`]
      : []),
  ]
}

function partly({ sources, records }: FollowedLogs, told: string, open: readonly string[]): Answer {
  return {
    status: 'partly',
    why: `By the audit logs of the company's own storage (${sources.join(', ')}), ${told}; ${open.join('; ')}.`,
    evidence: records.map(({ id }) => id),
  }
}
