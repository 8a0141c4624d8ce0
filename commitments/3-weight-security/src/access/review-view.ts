import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { peopleWith } from './notice.ts'
import { findPolicy } from './policy-store.ts'
import { nextReview } from './review.ts'
import { reviewEvidence } from './review-evidence.ts'
import { findReview, listItems, listReviews, type Review } from './review-store.ts'

type Needs = Pick<Installation, 'config' | 'db' | 'evidence' | 'now'>

/** A review of access on the wire. */
export function reviewView({ id, openedAt, dueAt, closedAt }: Review, at: Date) {
  return {
    id,
    openedAt: openedAt.toISOString(),
    dueAt: dueAt.toISOString(),
    closedAt: closedAt?.toISOString() ?? null,
    overdue: closedAt === undefined && dueAt < at,
  }
}

/** All reviews, the newest first, how far each is, when the next begins, and who may decide. */
export async function reviewsView(installation: Needs) {
  const { db, now } = installation
  const reviews = []
  for (const one of await listReviews(db)) {
    const items = await listItems(db, one.id)
    const decided = items.filter(({ decision }) => decision !== undefined).length
    reviews.push({ ...reviewView(one, now()), people: items.length, decided })
  }
  const next = (await findPolicy(db)) ? await nextReview(installation).catch(() => undefined) : undefined
  const reviewers = await peopleWith(installation, 'weight-security:review')
  return { reviews, next: next?.toISOString() ?? null, reviewers }
}

/**
 * One review, person by person: what each could do when it was opened, what was decided of them, by whom and why. The
 * words come from the signed evidence, and are null where that was erased. Throws `not-found`.
 */
export async function wholeReview(installation: Needs, id: string) {
  const { db, evidence, now } = installation
  const review = await findReview(db, id)
  if (review === undefined)
    throw new AvouchError('not-found', 'there is no such review', {
      where: `review ${id}`,
      fix: 'Look it up in the list of reviews.',
    })
  const items = await listItems(db, id)
  const words = new Map<string, string>()
  for (const signed of new Set(items.flatMap((item) => item.evidence ?? []))) {
    const fields = reviewEvidence.schema.safeParse((await evidence.get(signed))?.fields).data
    if (fields?.kind !== 'access') continue
    for (const { person, words: said } of fields.decisions) words.set(`${signed} ${person}`, said)
  }
  return {
    ...reviewView(review, now()),
    reviewers: await peopleWith(installation, 'weight-security:review'),
    items: items.map(({ person, access, decision, decidedBy, decidedAt, evidence: signed }) => ({
      ...{ person, access },
      decision: decision ?? null,
      decidedBy: decidedBy ?? null,
      decidedAt: decidedAt?.toISOString() ?? null,
      words: words.get(`${signed} ${person}`) ?? null,
      evidence: signed ?? null,
    })),
  }
}
