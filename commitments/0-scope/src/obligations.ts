import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Answer, Obligation, RuleContext, Scope } from '@avouch/core/obligation'

/** The predicate type of `capabilityComparison`, as text: listing obligations must not load schemas. */
export const CAPABILITY_COMPARISON = 'https://avouch.dev/evidence/scope/capability-comparison/v1'

/**
 * What a release's live capability comparisons decide, oldest first; other records are passed over. The newest counts.
 * It cannot by itself lead out of scope where an earlier one that still stands said otherwise: then the answer is
 * undecided, which counts as in, until the earlier one is superseded or retracted. Pure.
 */
export function scopeOf(records: readonly EvidenceRecord[]): Scope {
  const comparisons = records.filter((record) => record.predicateType === CAPABILITY_COMPARISON)
  const newest = comparisons.at(-1)
  if (!newest)
    return {
      decision: 'undecided',
      why: 'No capability comparison is recorded; undecided counts as in scope.',
      evidence: [],
    }
  const decision = decisionIn(newest)
  const against = decision === 'out' ? comparisons.filter((record) => decisionIn(record) !== 'out') : []
  if (against.length > 0)
    return {
      decision: 'undecided',
      why: 'The newest comparison says out of scope, but an earlier one that still stands does not; undecided counts as in scope.',
      evidence: [...against, newest].map((record) => record.id),
    }
  return { decision, why: reasonIn(newest), evidence: [newest.id] }
}

function rule({ evidence, applies, release }: RuleContext): Answer {
  const all = evidence(CAPABILITY_COMPARISON)
  const fitting = applies(all)
  if (all.length === 0)
    return {
      status: 'missing',
      why: `Nobody has compared ${release.name} with the company's most capable models; undecided counts as in scope.`,
      evidence: [],
      scope: scopeOf([]),
    }
  if (fitting.length === 0) {
    const why = `The comparison of ${release.name} was made on another snapshot or configuration than the one that ships; until a signed statement says why it carries over, the release counts as in scope.`
    const ids = all.map((record) => record.id)
    return { status: 'partly', why, evidence: ids, scope: { decision: 'undecided', why, evidence: ids } }
  }
  const scope = scopeOf(fitting)
  const missing = missingBaselines(fitting.at(-1)!)
  if (missing) return { status: 'partly', why: `${scope.why} ${missing}`, evidence: scope.evidence, scope }
  return { status: 'met', why: scope.why, evidence: scope.evidence, scope }
}

/** Both baselines belong to the promise; a sentence on those not named. */
function missingBaselines(record: EvidenceRecord): string | undefined {
  const baselines = (record.fields.baselines ?? {}) as { released?: string | null; produced?: string | null }
  const unnamed = [
    ...(baselines.released ? [] : ['the most capable released model']),
    ...(baselines.produced ? [] : ['the most capable model produced at all']),
  ]
  return unnamed.length > 0 ? `Not named: ${unnamed.join(' and ')}.` : undefined
}

function decisionIn(record: EvidenceRecord): Scope['decision'] {
  const { decision } = record.fields
  return decision === 'in' || decision === 'out' ? decision : 'undecided'
}

function reasonIn(record: EvidenceRecord): string {
  return typeof record.fields.reason === 'string' ? record.fields.reason : 'The reason was erased.'
}

/** Obligation 0.1: is the release bound at all? */
export const obligations: Obligation[] = [
  {
    id: '0.1',
    title: 'Scope decided',
    promise:
      "It is decided, with its uncertainty and a signature, whether the release is overall more powerful than the company's current most advanced model; undecided counts as in scope. Two baselines are recorded: the most capable released, which decides, and the most capable produced.",
    binds: 'release',
    force: 'asked',
    due: 'before',
    rule,
  },
]
