import { isDeepStrictEqual } from 'node:util'
import type { Assessment } from '@avouch/core/assessment'
import { readDescription } from './description.ts'
import { descriptionEvidence } from './evidence.ts'

/**
 * Public reporting's part in `avouch assess`: records what the plan's `report:` section says of the release. The same
 * words recorded again record nothing; other words supersede.
 */
export async function assess({ installation, plan, release, about, tell }: Assessment): Promise<void> {
  const description = plan === undefined ? undefined : await readDescription(plan, release)
  const before = (await installation.evidence.list({ type: descriptionEvidence, release })).findLast(
    (record) =>
      record.supersededBy === undefined && record.retractedBy === undefined && record.state !== 'erased',
  )
  if (!description) {
    tell(
      before
        ? 'report: the description recorded before stands'
        : 'report: no description given; capabilities, limitations and domains of use stay missing',
    )
    return
  }
  if (before && isDeepStrictEqual(before.fields, description)) {
    tell('report: the same description stands in the log already; nothing was recorded again')
    return
  }
  await installation.evidence.append({
    type: descriptionEvidence,
    fields: description,
    about,
    ...(before && { supersedes: before.id }),
  })
  tell('report: capabilities, limitations and domains of use are recorded')
}
