import { campaignsOf } from '@avouch/core/campaign'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { z } from 'zod'
import { PURPOSE } from './campaign.ts'

/** How a command says what names a campaign. */
export const CAMPAIGN = 'Id of the campaign, or "latest"'

/** The id of a campaign as a command line names it: an id, or `latest`. Throws `usage`; `not-found` where there is none. */
export async function campaignNamed(
  { db }: Pick<Installation, 'db'>,
  name: string | undefined,
  release?: string,
): Promise<string> {
  if (name === 'latest') {
    const [newest] = await campaignsOf(db, {
      purpose: PURPOSE,
      limit: 1,
      ...(release !== undefined && { release }),
    })
    if (newest) return newest.id
    throw new AvouchError('not-found', `There is no red-teaming campaign${release ? ` on ${release}` : ''}`, {
      fix: 'Run one: avouch red-team run',
    })
  }
  const parsed = z.uuid().safeParse(name)
  if (parsed.success) return parsed.data
  throw new AvouchError('usage', `"${name ?? ''}" is no id of a campaign`, {
    fix: 'Take it from: avouch red-team list, or say latest.',
  })
}
