import { randomUUID } from 'node:crypto'
import {
  type AuthenticationResponse,
  activePerson,
  beginSignedEvidence,
  finishSignedEvidence,
  LOCAL,
  may,
  type Principal,
} from '@avouch/core/auth'
import type { Tx } from '@avouch/core/db'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { findCase, setCaseReviewed } from './break-glass-store.ts'
import { recordLeaseEnds } from './lease-end.ts'
import { notify, peopleWith } from './notice.ts'
import { policiesInForce } from './policy/force.ts'
import { changeProfile } from './profile.ts'
import { reviewEvidence, reviewOpenedEvidence } from './review-evidence.ts'
import {
  closeReview,
  decideItem,
  insertReview,
  listItems,
  listReviews,
  lockReview,
  lockReviews,
  type Review,
} from './review-store.ts'
import { endLeasesOf, endLeasesOfCase, findProfile, listLeases, listProfiles } from './store.ts'

const DAY_MS = 86_400_000

export type Decision = { person: string; decision: 'keep' | 'remove'; words: string }
type Signing = Awaited<ReturnType<typeof beginSignedEvidence>>
type Answer = { ceremony: string; response: AuthenticationResponse }

/**
 * When the next review of everyone's access is to begin: so long after the last was begun, or at once where there was
 * none. Undefined while one is open. Throws as `policiesInForce` does.
 */
export async function nextReview(
  installation: Pick<Installation, 'config' | 'db' | 'now'>,
): Promise<Date | undefined> {
  const { settings } = await policiesInForce(installation)
  const [last] = await listReviews(installation.db, 1)
  if (last === undefined) return installation.now()
  if (last.closedAt === undefined) return undefined
  return new Date(last.openedAt.getTime() + settings.reviews.everyDays * DAY_MS)
}

/**
 * Begins a review: everyone who has a job here that policies may speak of, or a lease. Those who may decide are told.
 * Throws `conflict` while one is open, `not-found` where nobody has any access.
 */
export async function openReview(installation: Installation): Promise<Review> {
  const { db, evidence, now } = installation
  const { settings } = await policiesInForce(installation)
  const at = now()
  const items = await accessNow(installation, at)
  if (items.length === 0)
    throw new AvouchError('not-found', 'nobody has any access to weights, so there is nothing to review', {
      fix: 'Say what people do here first: avouch weights job set, or the page Access of the console.',
    })
  const review = {
    id: randomUUID(),
    openedAt: at,
    dueAt: new Date(at.getTime() + settings.reviews.withinDays * DAY_MS),
  }
  const told = await peopleWith(installation, 'weight-security:review')
  await db.kysely.transaction().execute(async (tx) => {
    await lockReviews(tx)
    const [last] = await listReviews(tx, 1)
    if (last && last.closedAt === undefined)
      throw new AvouchError('conflict', 'a review of access is open already', {
        where: `review ${last.id}`,
        fix: `Decide it first, at ${reviewPage(installation, last.id)}`,
      })
    await insertReview(tx, review, items)
    await evidence.accept(tx, {
      type: reviewOpenedEvidence,
      about: {},
      fields: {
        review: review.id,
        people: items.map(({ person }) => person),
        due: review.dueAt.toISOString(),
      },
    })
    await notify(tx, at, 'review-due', review.id, told)
  })
  return { ...review, closedAt: undefined }
}

/** Where a review is decided. */
export function reviewPage({ config }: Pick<Installation, 'config'>, id: string): string {
  return `${config.url}/console/access/reviews/${id}`
}

async function accessNow(installation: Installation, at: Date) {
  const leases = await listLeases(installation.db, { liveAt: at, limit: 10_000 })
  const items = []
  for (const { person, team, functions, projects, environments } of await listProfiles(installation.db)) {
    const held = leases.filter(({ holder }) => holder === person).length
    if (functions.length === 0 && held === 0) continue
    if ((await activePerson(installation, person)) === undefined) continue
    items.push({ person, access: { team, functions, projects, environments, leases: held } })
  }
  return items
}

/** Asks a reviewer to sign what they decided, person by person. Throws `forbidden` for a decision about themselves. */
export async function beginReviewDecisions(
  installation: Installation,
  by: Principal,
  review: string,
  decisions: readonly Decision[],
): Promise<Signing> {
  const left = await undecidedAfter(installation, by, review, decisions)
  return beginSignedEvidence(installation, by, {
    type: reviewEvidence,
    about: {},
    fields: { kind: 'access', review, decisions: [...decisions], left },
  })
}

async function undecidedAfter(
  { db }: Pick<Installation, 'db'>,
  by: Principal,
  review: string,
  decisions: readonly Decision[],
  tx?: Tx,
): Promise<number> {
  const items = await listItems(tx ?? db, review)
  if (items.length === 0)
    throw new AvouchError('not-found', 'there is no such review', { where: `review ${review}` })
  const undecided = new Set(items.filter((item) => item.decision === undefined).map(({ person }) => person))
  for (const { person } of decisions) {
    if (by.kind === 'person' && by.person.id === person)
      throw new AvouchError('forbidden', 'nobody decides on their own access', { where: `person ${person}` })
    if (!undecided.delete(person))
      throw new AvouchError('conflict', 'this person is not in the review, or was decided on already', {
        where: `person ${person}`,
        fix: 'Look at the review anew.',
      })
  }
  return undecided.size
}

/** Asks a reviewer to sign what they found of a broken glass. Throws `forbidden` for who broke it and their team. */
export async function beginCaseReview(
  installation: Installation,
  by: Principal,
  id: string,
  found: { outcome: 'justified' | 'not-justified'; words: string },
): Promise<Signing> {
  await checkCase(installation, by, id)
  return beginSignedEvidence(installation, by, {
    type: reviewEvidence,
    about: { release: (await findCase(installation.db, id))!.model },
    fields: { kind: 'break-glass', case: id, ...found },
  })
}

/** Throws `forbidden` where this person may not review a broken glass, `not-found`, `conflict` where it is reviewed. */
export async function checkCase(
  { db }: Pick<Installation, 'db'>,
  by: Principal,
  id: string,
  tx?: Tx,
): Promise<void> {
  const one = await findCase(tx ?? db, id)
  const where = `case ${id}`
  if (one === undefined) throw new AvouchError('not-found', 'there is no such case', { where })
  if (one.reviewedAt) throw new AvouchError('conflict', 'it has been reviewed already', { where })
  if (by.kind !== 'person') return
  const [own, theirs] = [await findProfile(tx ?? db, by.person.id), await findProfile(tx ?? db, one.person)]
  if (own === undefined)
    throw new AvouchError('forbidden', 'nothing is known of what you do here, so not whose team you are on', {
      where,
      fix: 'A custodian or an owner has to say it first: avouch weights job set, or Access, What people do here.',
    })
  if (by.person.id === one.person || own.team === theirs?.team)
    throw new AvouchError('forbidden', 'a broken glass is looked at by somebody of another team', { where })
}

/**
 * Takes a signed review: of access, where `remove` takes everything from that person's profile and ends their leases at
 * once; or of a broken glass, whose leases it ends. Throws `conflict` where somebody decided the same meanwhile.
 */
export async function finishReview(installation: Installation, by: Principal, answer: Answer): Promise<void> {
  if (!may(by, 'weight-security:review') || by.kind !== 'person')
    throw new AvouchError('forbidden', 'reviewing takes a person with weight-security:review')
  const at = installation.now()
  await finishSignedEvidence(
    installation,
    by,
    reviewEvidence.predicateType,
    answer,
    async (tx, accepted, signed) => {
      const fields = reviewEvidence.schema.parse(signed)
      if (fields.kind === 'break-glass') {
        await checkCase(installation, by, fields.case, tx)
        const { outcome } = fields
        if (!(await setCaseReviewed(tx, fields.case, { at, evidence: accepted.id, outcome })))
          throw new AvouchError('conflict', 'it has been reviewed already', { where: `case ${fields.case}` })
        // what would be read after it, nobody would have looked at
        await endLeasesOfCase(tx, fields.case, { at, reason: 'review', by: by.person.id })
        return
      }
      await lockReview(tx, fields.review)
      const left = await undecidedAfter(installation, by, fields.review, fields.decisions, tx)
      if (left !== fields.left)
        throw new AvouchError('conflict', 'somebody else decided meanwhile', {
          where: `review ${fields.review}`,
          fix: 'Look at the review anew, and sign again.',
        })
      for (const { person, decision } of fields.decisions) {
        await decideItem(tx, fields.review, {
          ...{ person, decision, at },
          by: by.person.id,
          evidence: accepted.id,
        })
        if (decision === 'remove') await removeAccess(installation, tx, by, person, at)
      }
      if (left === 0) await closeReview(tx, fields.review, at)
    },
  )
  await recordLeaseEnds(installation)
}

async function removeAccess(
  installation: Installation,
  tx: Tx,
  by: Principal,
  person: string,
  at: Date,
): Promise<void> {
  await endLeasesOf(tx, person, {
    at,
    reason: 'review',
    by: by.kind === 'person' ? by.person.id : LOCAL.kind,
  })
  const profile = await findProfile(tx, person)
  if (profile)
    await changeProfile(installation, tx, by, person, {
      team: profile.team,
      ...{ functions: [], projects: [], environments: [] },
    })
}
