import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Answer, RuleContext } from '@avouch/core/obligation'
import { needByLogs } from './by-logs.ts'
import { SEALED } from './held.ts'

// written out, so that listing obligations loads no schema
const BASE = 'https://avouch.dev/evidence/weight-security/'
export const POLICY = `${BASE}policy/v1`
export const GRANT = `${BASE}grant/v1`
export const LEASE = `${BASE}lease/v1`
export const BREAK_GLASS = `${BASE}break-glass/v1`
export const REVIEW_OPENED = `${BASE}review-opened/v1`
export const REVIEW = `${BASE}review/v1`
export const OPENED = `${BASE}opened/v1`

const DAY = 86_400_000

/**
 * 3.2: access to what is sealed here, and where a company's own storage is followed, what its logs tell. Those never show
 * that nobody else could read, so where weights lie there too it is partly met at most.
 */
export function need(context: RuleContext): Answer {
  const [sealed, logs] = [needOfSealed(context), needByLogs(context)]
  if (!logs) return sealed
  if (sealed.status === 'missing') return logs
  return {
    status: 'partly',
    why: `${sealed.why} ${logs.why}`,
    evidence: [...new Set([...sealed.evidence, ...logs.evidence])],
  }
}

/**
 * Policies decide who may read, who reads does so under leases that two people signed, everyone's access was
 * reviewed within the time that the policies set, and each broken glass is looked at in time. What was opened without a
 * lease counts against it. Where nothing stands sealed here, all of that guards nothing.
 */
function needOfSealed(context: RuleContext): Answer {
  const { release } = context
  const policy = context.evidence(POLICY, 'company').at(-1)
  const opened = context.evidence(OPENED)
  if (!policy)
    return {
      status: 'missing',
      why: 'No policies say who may read weights.',
      evidence: opened.map(({ id }) => id),
    }
  const grants = context.evidence(GRANT)
  const leases = context.evidence(LEASE)
  const cases = context.evidence(BREAK_GLASS)
  const reviewed = reviewOf(context, policy)
  const glass = glassOf(context, cases)
  const lone = grants.filter((grant) => !context.signedByPerson(grant))
  const open = [
    ...(context.evidence(SEALED).length === 0
      ? ['nothing of it stands sealed here, so that they guard nothing']
      : []),
    ...said(opened.length, 'time they were opened without a lease', 'times they were opened without a lease'),
    ...said(
      lone.length,
      'leave to read bears no person’s signature',
      'leaves to read bear no person’s signature',
    ),
    ...glass.open,
    ...reviewed.open,
  ]
  const evidence = [
    ...[policy, ...grants, ...leases, ...cases, ...opened].map(({ id }) => id),
    ...reviewed.evidence,
    ...glass.evidence,
  ]
  const granted =
    grants.length === 0
      ? 'no request was granted'
      : `${inNumbers(grants.length, 'request was', 'requests were')} granted by two people each, for ${inNumbers(leases.length - leasesOf(leases, 'break-glass'), 'lease', 'leases')}`
  const base = `Policies decide who may read ${release.name}; ${granted}`
  if (open.length === 0) return { status: 'met', why: `${base}. ${reviewed.told}`, evidence }
  return { status: 'partly', why: `${base}, but ${open.join('; ')}.`, evidence }
}

/** Whether everyone's access was reviewed in time: begun so lately, and decided on by people to the last. */
function reviewOf(
  { evidence, moment, signedByPerson }: RuleContext,
  policy: EvidenceRecord,
): { open: string[]; told: string; evidence: string[] } {
  const opened = evidence(REVIEW_OPENED, 'company')
  const signed = evidence(REVIEW, 'company').filter(
    (review) => review.fields.kind === 'access' && signedByPerson(review),
  )
  const isDone = ({ fields }: EvidenceRecord): boolean =>
    signed.some((review) => review.fields.review === fields.review && review.fields.left === 0)
  const ids = [...opened, ...signed].map(({ id }) => id)
  const overdue = opened.filter(
    (review) => !isDone(review) && !(Date.parse(String(review.fields.due)) >= moment.getTime()),
  )
  const last = opened.findLast(isDone)
  const days = (field: string): number => Number(policy.fields[field]) || 0
  const within = (days('reviewEveryDays') + days('reviewWithinDays')) * DAY
  const open = said(overdue.length, 'review of access is overdue', 'reviews of access are overdue')
  if (!last) open.push('access has not been reviewed to the end yet')
  else if (moment.getTime() - last.recordedAt.getTime() > within)
    open.push(`access was last reviewed on ${last.recordedAt.toISOString().slice(0, 10)}`)
  return {
    open,
    told: last
      ? `Everyone’s access was reviewed, person by person, in the review begun on ${last.recordedAt.toISOString().slice(0, 10)}.`
      : '',
    evidence: ids,
  }
}

/** Broken glasses that nobody looked at, and those found not justified. */
function glassOf(
  { evidence, moment, signedByPerson }: RuleContext,
  cases: readonly EvidenceRecord[],
): { open: string[]; evidence: string[] } {
  const reviews = evidence(REVIEW).filter(
    (review) => review.fields.kind === 'break-glass' && signedByPerson(review),
  )
  const found = new Map(reviews.map(({ fields }) => [String(fields.case), fields.outcome]))
  const waiting = cases.filter(({ fields }) => !found.has(String(fields.case)))
  const overdue = waiting.filter(({ fields }) => !(Date.parse(String(fields.reviewDue)) >= moment.getTime()))
  const unjustified = [...found.values()].filter((outcome) => outcome !== 'justified').length
  return {
    open: [
      ...said(waiting.length, 'broken glass is not reviewed', 'broken glasses are not reviewed').map(
        (text) => (overdue.length > 0 ? `${text}, ${overdue.length} of them overdue` : text),
      ),
      ...said(unjustified, 'was broken without need', 'were broken without need'),
    ],
    evidence: reviews.map(({ id }) => id),
  }
}

function leasesOf(leases: readonly EvidenceRecord[], basis: string): number {
  return leases.filter(({ fields }) => fields.basis === basis).length
}

function said(count: number, one: string, several: string): string[] {
  return count === 0 ? [] : [inNumbers(count, one, several)]
}

function inNumbers(count: number, one: string, several: string): string {
  return `${count === 0 ? 'no' : count} ${count === 1 ? one : several}`
}
