import { hash } from 'node:crypto'
import { canonicalJson } from '@avouch/verify'
import { liveCalibrations } from '../campaign/correction.ts'
import { type EvidenceRecord, type EvidenceType, PREDICATE_BASE } from '../evidence/type.ts'
import type { Answer, Obligation, Release, RuleContext, Scope } from './obligation.ts'
import { checkThresholds, type Threshold, type ThresholdResult } from './threshold.ts'

const type = (name: string): string => `${PREDICATE_BASE}core/${name}/v1`

/** All that a verdict depends on; nothing else may change it. */
export type GateInput = {
  release: Release
  obligations: Obligation[]
  /** Evidence about this release and about the company, in the order of the log. Only what is logged counts. */
  evidence: EvidenceRecord[]
  /** The adopted thresholds and the digest of their file; undefined when the company adopted none. */
  thresholds: { digest: string; list: Threshold[] } | undefined
  /** Holds that stand in the spool and are not evidence yet; `unreadable` closes the gate. */
  spool: { holds: { id: string; reason: string }[]; unreadable: string | undefined }
  /** Key ids of people, as the log certifies them. */
  personKeys: ReadonlySet<string>
  log: { origin: string; size: number }
  moment: Date
}

export type ObligationResult = Answer &
  Pick<Obligation, 'id' | 'title' | 'promise' | 'binds' | 'force' | 'due'>

export type Verdict = {
  release: string
  /** All that is due before is met or exempt, every threshold passed, and no hold stands. Says nothing of safety. */
  ready: boolean
  /** Why it is not ready, one sentence each. */
  blockers: string[]
  scope: Scope
  obligations: ObligationResult[]
  thresholds: { adopted: boolean; results: ThresholdResult[] }
  openFindings: {
    id: string
    finding: string
    title: string
    severity: string
    domain: string
    events: number
    trials: number
  }[]
  holds: { id: string; reason: string; spooled: boolean }[]
  decision: {
    id: string
    decision: 'ship' | 'hold'
    reason: string
    decidedBy: string
    ready: boolean
  } | null
  /** What the verdict rests on, so that anyone can ask for the same one again. */
  basis: {
    moment: string
    origin: string
    treeSize: number
    catalogue: string
    thresholds: string | null
    /** Leaves of the log that this verdict looked at, and those it did not: proofs show inclusion, not completeness. */
    opened: number
    unopened: number
  }
}

/** The gate: a pure function of its input. It says what was done and what was measured; a person decides. */
export function judge(input: GateInput): Verdict {
  const logged = input.evidence.filter((record) => record.state === 'logged' && record.index !== undefined)
  const live = logged.filter((record) => !record.supersededBy && !record.retractedBy)
  const own = live.filter((record) => record.about.release === input.release.name)
  const company = live.filter((record) => record.about.release === undefined)
  const decision = own.findLast((record) => record.predicateType === type('decision'))
  const shipped = own.find(
    (record) => record.predicateType === type('decision') && record.fields.decision === 'ship',
  )
  const carried = new Set(
    own.filter((r) => r.predicateType === type('carry-over')).flatMap((r) => r.fields.evidence as string[]),
  )
  const applies = (records: EvidenceRecord[]): EvidenceRecord[] =>
    records.filter((r) => carried.has(r.id) || sameThing(r, input.release))

  const answers = input.obligations.map((obligation): ObligationResult => {
    const { id, title, promise, binds, force, due } = obligation
    const usable = (binds === 'release' ? own : live).filter(
      (r) => due !== 'before' || shipped === undefined || before(r, shipped) || r.id === shipped.id,
    )
    const answer = exempted(input, own, id, () =>
      obligation.rule(ruleContext(input, obligation, { usable, company }, applies)),
    )
    return { id, title, promise, binds, force, due, ...answer }
  })
  const scope = answers.find((a) => a.scope)?.scope ?? {
    decision: 'undecided' as const,
    why: 'No capability comparison is recorded; undecided counts as in scope.',
    evidence: [],
  }
  const obligations = scope.decision === 'out' ? answers.map((a) => outOfScope(a, scope)) : answers
  const thresholds = checkThresholds(input.thresholds?.list ?? [], applies(own), liveCalibrations(live))
  const holds = standingHolds(input, own)
  const blockers = findBlockers(obligations, thresholds, holds, input.spool.unreadable)
  return {
    release: input.release.name,
    ready: blockers.length === 0,
    blockers,
    scope,
    obligations,
    thresholds: { adopted: input.thresholds !== undefined, results: thresholds },
    openFindings: openFindings(own),
    holds,
    decision: decision
      ? {
          id: decision.id,
          decision: decision.fields.decision as 'ship' | 'hold',
          reason: String(decision.fields.reason ?? ''),
          decidedBy: String(decision.fields.decidedBy),
          ready: decision.fields.ready === true,
        }
      : null,
    basis: {
      moment: input.moment.toISOString(),
      origin: input.log.origin,
      treeSize: input.log.size,
      catalogue: catalogueDigest(input.obligations),
      thresholds: input.thresholds?.digest ?? null,
      opened: logged.length,
      unopened: Math.max(0, input.log.size - logged.length),
    },
  }
}

/** SHA-256 (hex) of a verdict's canonical JSON, as `gate --json` prints it: what a decision commits to. */
export function verdictDigest(verdict: Verdict): string {
  return hash('sha256', canonicalJson(JSON.parse(JSON.stringify(verdict))))
}

/** SHA-256 (hex) of the obligations as data; rules are code and stand under the version of Avouch. */
export function catalogueDigest(obligations: Obligation[]): string {
  return hash(
    'sha256',
    canonicalJson(
      obligations.map(({ id, title, promise, binds, force, due, freshDays }) => ({
        id,
        title,
        promise,
        binds,
        force,
        due,
        freshDays: freshDays ?? null,
      })),
    ),
  )
}

function ruleContext(
  input: GateInput,
  obligation: Obligation,
  { usable, company }: { usable: EvidenceRecord[]; company: EvidenceRecord[] },
  applies: RuleContext['applies'],
): RuleContext {
  const oldest =
    obligation.freshDays === undefined
      ? undefined
      : input.moment.getTime() - obligation.freshDays * 86_400_000
  return {
    release: input.release,
    moment: input.moment,
    applies,
    signedByPerson: ({ signers }) => signers.some((signer) => input.personKeys.has(signer)),
    evidence: (wanted: EvidenceType | string, about?: 'company') => {
      const name = typeof wanted === 'string' ? wanted : wanted.predicateType
      return (about === 'company' ? company : usable).filter(
        (r) => r.predicateType === name && (oldest === undefined || r.recordedAt.getTime() >= oldest),
      )
    },
  }
}

function sameThing(record: EvidenceRecord, release: Release): boolean {
  const { snapshot, configuration } = record.about
  return (
    record.about.release === release.name &&
    (snapshot === undefined || snapshot === release.snapshot) &&
    (configuration === undefined || configuration === release.configuration)
  )
}

function before(a: EvidenceRecord, b: EvidenceRecord): boolean {
  return a.epoch < b.epoch || (a.epoch === b.epoch && a.index! < b.index!)
}

/** The newest exemption that a person signed; without one, what the rule answers, told beside one that nobody signed. */
function exempted(input: GateInput, own: EvidenceRecord[], obligation: string, byRule: () => Answer): Answer {
  const all = own.filter((r) => r.predicateType === type('exemption') && r.fields.obligation === obligation)
  const found = all.findLast(({ signers }) => signers.some((signer) => input.personKeys.has(signer)))
  if (found)
    return {
      status: found.fields.kind as 'exempt' | 'superseded',
      why: String(found.fields.reason ?? 'The reason was erased.'),
      evidence: [found.id],
    }
  const answer = byRule()
  const unsigned = all.at(-1)
  if (unsigned === undefined || answer.status === 'met') return answer
  const reason = String(unsigned.fields.reason ?? 'the reason was erased')
  return {
    ...answer,
    why: `${answer.why} An exemption that no person signed does not count: ${reason}`,
    evidence: [...answer.evidence, unsigned.id],
  }
}

function outOfScope(answer: ObligationResult, scope: Scope): ObligationResult {
  if (
    answer.binds !== 'release' ||
    answer.scope ||
    (answer.status !== 'missing' && answer.status !== 'partly')
  )
    return answer
  return { ...answer, status: 'exempt', why: `Not in scope: ${scope.why}`, evidence: scope.evidence }
}

function standingHolds(input: GateInput, own: EvidenceRecord[]): Verdict['holds'] {
  const lifted = new Set(
    own
      .filter((r) => r.predicateType === type('hold-lifted'))
      .filter((r) => new Set(r.signers.filter((signer) => input.personKeys.has(signer))).size >= 2)
      .map((r) => r.fields.hold as string),
  )
  const recorded = own.filter((r) => r.predicateType === type('hold') && !lifted.has(r.id))
  const spooledAsEvidence = new Set(
    own.filter((r) => r.predicateType === type('hold')).map((r) => r.fields.spooled),
  )
  return [
    ...recorded.map((r) => ({ id: r.id, reason: String(r.fields.reason ?? ''), spooled: false })),
    ...input.spool.holds.filter((h) => !spooledAsEvidence.has(h.id)).map((h) => ({ ...h, spooled: true })),
  ]
}

function openFindings(own: EvidenceRecord[]): Verdict['openFindings'] {
  const rank = ['critical', 'high', 'medium', 'low']
  return own
    .filter((r) => r.predicateType === type('finding') && r.fields.state === 'open')
    .map((r) => ({
      id: r.id,
      finding: String(r.fields.finding),
      title: String(r.fields.title),
      severity: String(r.fields.severity),
      domain: String(r.fields.domain),
      events: Number(r.fields.events),
      trials: Number(r.fields.trials),
    }))
    .sort((a, b) => rank.indexOf(a.severity) - rank.indexOf(b.severity))
}

function findBlockers(
  obligations: ObligationResult[],
  thresholds: ThresholdResult[],
  holds: Verdict['holds'],
  unreadable: string | undefined,
): string[] {
  const unmet = obligations.filter(
    (o) => o.due === 'before' && o.force !== 'may' && (o.status === 'missing' || o.status === 'partly'),
  )
  return [
    ...unmet.map((o) => `${o.id} ${o.title} is ${o.status}: ${o.why}`),
    ...thresholds
      .filter((t) => t.status !== 'passed')
      .map((t) =>
        t.status === 'failed'
          ? `Threshold ${t.id} failed: measured ${t.measured}${t.corrected ? ', corrected for the error of its graders' : ''}, bound ${t.bound}.`
          : `Threshold ${t.id} was not measured.`,
      ),
    ...holds.map((h) => `A hold stands: ${h.reason}`),
    ...(unreadable === undefined
      ? []
      : [`The spool of holds cannot be read, so the gate stays closed: ${unreadable}`]),
  ]
}
