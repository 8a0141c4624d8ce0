import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Answer, RuleContext } from '@avouch/core/obligation'
import { counted } from '@avouch/core/words'
import { DOMAIN_TITLES, type Domain } from '../domain.ts'

/** The predicate types that these rules read, as text: listing obligations must not load schemas. */
export const INVITATION = 'https://avouch.dev/evidence/red-teaming/invitation/v1'
export const SESSION_RESULT = 'https://avouch.dev/evidence/red-teaming/session-result/v1'
export const SESSION_ABANDONED = 'https://avouch.dev/evidence/red-teaming/session-abandoned/v1'
export const ATTESTATION = 'https://avouch.dev/evidence/red-teaming/attestation/v1'
const STUDY_PLAN = 'https://avouch.dev/evidence/core/study-plan/v1'
const STUDY_RESULT = 'https://avouch.dev/evidence/core/study-result/v1'

/**
 * Hours of people's work that outside testing holds at least, all experts and organisations together. Half a working
 * day: whoever spent less has seen first answers and has not come back to one. The commitment names no number; this
 * one is ours, and small, so that it tells a test from a visit and no more.
 */
export const MIN_HOURS = 4

/**
 * Hours of a session are its expert's word. Of these, so many count for each hour in which they were seen to act there: as
 * much again for reading and thinking. A greeting in a session that stood open for a day is no day's work.
 */
const HOURS_PER_ACTIVE = 2

/** Work of someone from outside: a session of an expert, or an organisation's attestation. */
type Work = {
  record: EvidenceRecord
  /** Whether it stands under a person's passkey, or under the organisation's key. */
  signed: boolean
  independent: boolean
  /** Hours in the domains that they are experts of. */
  hours: Partial<Record<Domain, number>>
  /** Whether they did anything in a domain that is not their own. */
  beyond: boolean
  /** Whether some of what they stated does not count: they were not seen to act for so long, or it is told of twice. */
  cut: boolean
}

function workOf({ evidence, signedByPerson }: RuleContext): Work[] {
  const sessions = [...evidence(SESSION_RESULT), ...evidence(SESSION_ABANDONED)]
    .filter(({ fields }) => ((fields.turns as { answered?: number } | undefined)?.answered ?? 0) > 0)
    .map((record): Work => {
      const stated = hoursIn(record)
      const own = listed(record.fields.expertOf)
      const hours = Object.fromEntries(Object.entries(stated).filter(([domain]) => own.includes(domain)))
      const share = shareSeen(record, stated)
      return {
        record,
        signed: record.predicateType === SESSION_RESULT && signedByPerson(record),
        independent: record.fields.independent === true,
        hours: Object.fromEntries(Object.entries(hours).map(([domain, one]) => [domain, one * share])),
        beyond: Object.keys(hours).length < Object.keys(stated).length,
        cut: share < 1,
      }
    })
  const attestations = evidence(ATTESTATION).map(
    (record): Work => ({
      record,
      signed: record.fields.signed === true,
      independent: record.fields.independent === true,
      hours: hoursIn(record),
      beyond: false,
      cut: false,
    }),
  )
  return [...onceEach(sessions, areAtOnce), ...onceEach(attestations, tellOfSame)].sort(
    (a, b) => a.record.sequence - b.record.sequence,
  )
}

/** Of what an expert states of a session, the share that counts: 1, or less where they were not seen to act for so long. */
function shareSeen({ fields }: EvidenceRecord, stated: Partial<Record<Domain, number>>): number {
  const { active } = (fields.hours ?? {}) as { active?: number }
  const sum = Object.values(stated).reduce((total, one) => total + one, 0)
  const most = HOURS_PER_ACTIVE * (active ?? 0)
  return sum <= most ? 1 : most / sum
}

/** Work without what is told of twice: of two that are the same, the one of more hours counts. */
function onceEach(work: readonly Work[], areSame: (a: EvidenceRecord, b: EvidenceRecord) => boolean): Work[] {
  const counted: Work[] = []
  const hoursOf = (one: Work): number => total([one])
  for (const one of work.toSorted((a, b) => hoursOf(b) - hoursOf(a))) {
    const isTold = counted.some((other) => other.signed === one.signed && areSame(other.record, one.record))
    counted.push(isTold ? { ...one, hours: {}, cut: true } : one)
  }
  return counted
}

/** Whether one expert had both sessions open at once: nobody works twice in one hour. */
function areAtOnce({ fields: a }: EvidenceRecord, { fields: b }: EvidenceRecord): boolean {
  const at = (value: unknown): number => Date.parse(String(value))
  return a.expert === b.expert && at(a.startedAt) < at(b.endedAt) && at(b.startedAt) < at(a.endedAt)
}

/**
 * Whether two attestations are of one organisation over days that overlap. Each may be signed anew over a changed byte, so
 * the file's digest does not tell that it is the same work.
 */
function tellOfSame({ fields: a }: EvidenceRecord, { fields: b }: EvidenceRecord): boolean {
  const named = (value: unknown): string =>
    String(value).normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase()
  const isSame =
    keyOf(a) !== undefined && keyOf(a) === keyOf(b)
      ? true
      : a.organisation !== undefined && named(a.organisation) === named(b.organisation)
  // RFC 3339 days compare as text; where they were erased nothing tells the two apart
  return isSame && !(String(a.to ?? '9') < String(b.from ?? '') || String(b.to ?? '9') < String(a.from ?? ''))
}

/** Fingerprint of the key that an attestation was signed with. */
function keyOf(fields: EvidenceRecord['fields']): string | undefined {
  return (fields.signature as { fingerprint?: string } | undefined)?.fingerprint
}

/** 1.2: independent experts of the domain, under their own signature, on what ships. */
export function externalTesting(context: RuleContext): Answer {
  const work = workOf(context)
  if (work.length === 0) {
    const invited = context.evidence(INVITATION).length > 0
    return {
      status: 'missing',
      why: invited
        ? 'Experts were invited, but no session of theirs and no attestation is recorded.'
        : `No independent expert and no organisation from outside is recorded to have tested ${context.release.name}.`,
      evidence: [],
    }
  }
  const fitting = new Set(context.applies(work.map(({ record }) => record)).map(({ id }) => id))
  const counting = work.filter((one) => one.signed && one.independent && fitting.has(one.record.id))
  const hours = total(counting)
  if (hours >= MIN_HOURS)
    return {
      status: 'met',
      why: `${whose(counting)} tested the snapshot and configuration that ship, ${hours} hours in ${domainsOf(counting).join(', ')}, under their own signatures.${keysToCompare(counting)}`,
      evidence: counting.map(({ record }) => record.id),
    }
  const why = counting.length > 0 ? tooShort(counting, hours) : whyNot(work, fitting)
  return { status: 'partly', why, evidence: work.map(({ record }) => record.id) }
}

/** What shows what a model can do in a domain, beyond refusals: people's work under their signature, or a study. */
export type Shown = { enough: boolean; why: string; evidence: string[] }

/** For 1.3 and 1.4; undefined where nobody tried. Whoever tested need not be independent for this: that is 1.2. */
export function shownByPeople(context: RuleContext, domain: Domain): Shown | undefined {
  const plans = context.evidence(STUDY_PLAN)
  const studies = context.applies(
    context
      .evidence(STUDY_RESULT)
      .filter(
        ({ fields }) =>
          fields.domain === domain &&
          fields.outcome !== 'failed' &&
          (fields.kind === 'outside' ||
            fields.sealed === true ||
            (fields.kind === 'uplift' && !wasAnalysed(plans, fields.study))),
      ),
  )
  const signed = studies.filter((study) => context.signedByPerson(study))
  if (signed.length > 0)
    return {
      enough: true,
      why: 'a registered study of what the model makes people able to do is recorded, signed by a person',
      evidence: signed.map(({ id }) => id),
    }
  const people = shownByWork(context, domain)
  if (studies.length === 0 || people?.enough) return people
  const unsigned =
    'a registered study of what the model makes people able to do is recorded, but no person signed it with their passkey (the console signs a study’s outcome on its page)'
  return {
    enough: false,
    why: people ? `${unsigned}; ${people.why}` : unsigned,
    evidence: [...studies.map(({ id }) => id), ...(people?.evidence ?? [])],
  }
}

/** What people's work in a domain shows, in sessions and under attestations; undefined where there is none. */
function shownByWork(context: RuleContext, domain: Domain): Shown | undefined {
  const work = workOf(context).filter(({ hours }) => (hours[domain] ?? 0) > 0)
  if (work.length === 0) return undefined
  const fitting = new Set(context.applies(work.map(({ record }) => record)).map(({ id }) => id))
  const counting = work.filter((one) => one.signed && fitting.has(one.record.id))
  const hours = round(counting.reduce((sum, one) => sum + (one.hours[domain] ?? 0), 0))
  if (hours >= MIN_HOURS)
    return {
      enough: true,
      why: `${whose(counting).replace(/^[A-Z]/, (first) => first.toLowerCase())} worked on it for ${hours} hours`,
      evidence: counting.map(({ record }) => record.id),
    }
  return {
    enough: false,
    why:
      counting.length > 0
        ? `people worked on it, but for ${hours} hours, and ${MIN_HOURS} are asked for`
        : 'people worked on it, but not under their signature on the snapshot and configuration that ship',
    evidence: work.map(({ record }) => record.id),
  }
}

/** Whether a study was registered, by its own plan, when its data had been analysed already: then nothing was fixed before. */
function wasAnalysed(plans: readonly EvidenceRecord[], study: unknown): boolean {
  return plans.some(
    ({ fields }) =>
      fields.study === study &&
      (fields.plan as { sample?: { existing?: unknown } } | undefined)?.sample?.existing === 'analysed',
  )
}

/** That an organisation's key is its own nobody here can tell: which keys to compare, in a sentence. */
function keysToCompare(work: readonly Work[]): string {
  const keys = [
    ...new Set(
      work.flatMap(({ record, hours }) => (total([{ hours }]) > 0 ? (keyOf(record.fields) ?? []) : [])),
    ),
  ]
  if (keys.length === 0) return ''
  return ` Whose ${keys.length === 1 ? 'key' : 'keys'} ${keys.join(', ')} ${keys.length === 1 ? 'is' : 'are'} has to be known from elsewhere.`
}

function whyNot(work: readonly Work[], fitting: ReadonlySet<string>): string {
  const independent = work.filter((one) => one.independent)
  if (work.every(({ signed }) => !signed))
    return 'Someone from outside tested it, but nobody signed what came of it.'
  if (independent.length === 0)
    return 'Someone from outside tested it, but by their own word they are not independent of the company.'
  if (!independent.some(({ record }) => fitting.has(record.id)))
    return 'It was tested from outside on another snapshot or configuration than the one that ships, and no signed statement says why it carries over.'
  return 'It was tested from outside, but no one piece of it is signed, independent, and on the snapshot and configuration that ship.'
}

function tooShort(counting: readonly Work[], hours: number): string {
  const beyond = counting.some((one) => one.beyond)
  const cut = counting.some((one) => one.cut)
    ? ` Of what they state, at most ${HOURS_PER_ACTIVE} hours count for each in which they were seen to act, and the same work once.`
    : ''
  return `${whose(counting)} tested it for ${hours} hours${beyond ? ' in their own domains' : ''}, and ${MIN_HOURS} are asked for.${cut}`
}

/** "Two sessions by one expert and one organisation", in digits. */
function whose(work: readonly Work[]): string {
  const experts = new Set(
    work.filter(isSession).map(({ record }) => String(record.fields.expert ?? record.id)),
  )
  const organisations = new Set(
    work
      .filter((one) => !isSession(one))
      .map(({ record }) => String(record.fields.organisation ?? record.id)),
  )
  return [
    ...(experts.size > 0 ? [counted(experts.size, 'expert')] : []),
    ...(organisations.size > 0 ? [counted(organisations.size, 'organisation')] : []),
  ].join(' and ')
}

function isSession({ record }: Work): boolean {
  return record.predicateType !== ATTESTATION
}

function domainsOf(work: readonly Work[]): string[] {
  const all = Object.keys(DOMAIN_TITLES) as Domain[]
  return all.filter((domain) => work.some(({ hours }) => (hours[domain] ?? 0) > 0))
}

function total(work: readonly Pick<Work, 'hours'>[]): number {
  return round(work.reduce((sum, { hours }) => sum + Object.values(hours).reduce((a, b) => a + b, 0), 0))
}

function hoursIn({ fields }: EvidenceRecord): Partial<Record<Domain, number>> {
  const hours = fields.hours as { byDomain?: Partial<Record<Domain, number>> } | undefined
  return hours?.byDomain ?? {}
}

function listed(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function round(hours: number): number {
  return Math.round(hours * 100) / 100
}
