import type { Verdict } from '@avouch/core/campaign'
import { makePlan, readCampaign } from '@avouch/core/campaign'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import type { RedTeamProbe } from '../probe.ts'
import { type RatingItem, settled } from './rating.ts'
import { adjudicationsOf, findRound, itemsOf, ratingsOf } from './store.ts'
import { criterionOf, wasActed, wordsOf } from './words.ts'

/** A row of a labels file as `avouch red-team calibrate` reads it. */
export type Label = {
  prompt: string
  answer: string
  label: Verdict
  domain: string
  /** What belongs together when a grader's error is estimated: a behaviour, or a conversation. */
  cluster: string
  criterion: string
}

/**
 * What people judged in a round that has ended, with the words: a grader can be calibrated on it. Items that came to no
 * end are left out, and so is what an agent did in a world: it was judged by deeds, and says nothing of a grader of
 * words. It holds what models answered, so it is written only where someone asked for it.
 */
export async function* labelsOf(installation: Installation, id: string): AsyncGenerator<Label> {
  const { db } = installation
  const round = await findRound(db, id)
  if (round?.state !== 'closed')
    throw new AvouchError(
      round ? 'conflict' : 'not-found',
      round ? 'This round has not ended' : 'There is no such round',
      { where: `round ${id}`, fix: 'Labels are exported once it has ended, so that raters stay blind.' },
    )
  const [ratings, decided] = [await ratingsOf(db, id), await adjudicationsOf(db, id)]
  for (const item of await itemsOf(db, id)) {
    const final = settled(
      ratings.filter((one) => one.item === item.item),
      round.raters,
      decided.find((one) => one.item === item.item),
    )
    if (!final || (await wasActed(installation, item))) continue
    const { conversation } = await wordsOf(installation, item)
    const last = conversation.at(-1)
    if (!last?.answer) continue
    yield {
      prompt: last.said,
      answer: last.answer,
      label: final.verdict,
      domain: item.domain,
      cluster: await clusterOf(installation, item),
      criterion: await criterionOf(installation, item),
    }
  }
}

/** How many items of a round are of sessions in which an agent acted in a world, and so give no label. */
export async function actedItems(installation: Installation, id: string): Promise<number> {
  let acted = 0
  for (const item of await itemsOf(installation.db, id)) if (await wasActed(installation, item)) acted++
  return acted
}

/** A behaviour with all its variants, or a session: its turns are one expert's search. */
async function clusterOf(installation: Installation, item: RatingItem): Promise<string> {
  if (item.source !== 'attempt') return `session/${item.session}`
  const { document } = await readCampaign<RedTeamProbe>(installation, item.campaign)
  return document.probes[makePlan(document).at(item.attempt).probe]?.cluster ?? `attempt/${item.attempt}`
}
