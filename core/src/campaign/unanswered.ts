import { sql } from 'kysely'
import type { Installation } from '../installation.ts'
import { withoutServiceWords } from '../model/service-words.ts'
import type { AttemptRecord, Status } from './attempt.ts'
import { sealedBatch } from './batch-store.ts'
import { batchContext } from './batch-writer.ts'
import { readCampaign } from './campaign.ts'
import { decodeFrames } from './frame.ts'
import { unseal } from './seal.ts'

/** Batches that are opened at most to learn why attempts were not answered: a few seconds, whatever the campaign. */
const MAX_BATCHES = 200

/** Why attempts have no answer, and how many of them say so. */
export type Unanswered = { status: Exclude<Status, 'executed'>; why: string; n: number }

/**
 * The reasons of attempts without an answer, most frequent first, in our own words: what a service said itself stays
 * sealed. `read` of the `of` attempts were looked at, all but in a campaign with very many. Throws `not-found`; `proof`
 * where bytes were changed.
 */
export async function unansweredReasons(
  installation: Installation,
  campaign: string,
): Promise<{ reasons: Unanswered[]; read: number; of: number }> {
  const { db } = installation
  const { key } = await readCampaign(installation, campaign)
  const { rows } = await sql<{ batch: string; positions: number[] }>`
    select batch, array_agg(position::int order by position) as positions from campaign.attempt
    where campaign = ${campaign} and status <> 'executed' group by batch order by batch`.execute(db.kysely)
  const reasons = new Map<string, Unanswered>()
  let read = 0
  for (const { batch, positions } of rows.slice(0, MAX_BATCHES)) {
    const sealed = await sealedBatch(db, campaign, batch)
    // an attempt whose batch is gone is what `avouch log audit` tells
    const frames = sealed ? decodeFrames(unseal(key, batchContext(campaign, batch), sealed)) : []
    for (const position of positions) {
      const frame = frames[position]
      if (!frame) continue
      // written by this module, and out of an authenticated seal
      const { status, error } = JSON.parse(frame.record) as AttemptRecord
      if (status === 'executed') continue
      const why = error === undefined ? 'no reason given' : withoutServiceWords(error)
      const reason = reasons.get(`${status} ${why}`) ?? { status, why, n: 0 }
      reason.n++
      reasons.set(`${status} ${why}`, reason)
      read++
    }
  }
  return {
    reasons: [...reasons.values()].sort((a, b) => b.n - a.n || (a.why < b.why ? -1 : 1)),
    read,
    of: rows.reduce((sum, { positions }) => sum + positions.length, 0),
  }
}
