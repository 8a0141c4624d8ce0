import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Claim, Claims, Figure } from '@avouch/core/gate'
import { CAPABILITY_COMPARISON, scopeOf } from './obligations.ts'

type Difference = { value: number; low: number; high: number; level: number; n: number }

/** The report's section on scope: the decision in words, the ability differences and the probabilities behind it. */
export const claims: Claims = (evidence, release) => {
  const comparisons = evidence.filter(
    (record) =>
      record.predicateType === CAPABILITY_COMPARISON &&
      record.about.release === release &&
      !record.supersededBy &&
      !record.retractedBy,
  )
  const newest = comparisons.at(-1)
  return newest ? [claim(newest, comparisons, release)] : []
}

function claim(record: EvidenceRecord, all: EvidenceRecord[], release: string): Claim {
  const baselines = (record.fields.baselines ?? {}) as { released?: string | null; produced?: string | null }
  const { decision } = scopeOf(all)
  const released = figuresOf(record, 'released', 'delta', 'probability', baselines.released)
  const produced = figuresOf(record, 'produced', 'producedDelta', 'producedProbability', baselines.produced)
  const prose = [
    {
      in: `\`${release}\` is more able than the most capable model released so far, so the commitments bind it.`,
      out: `\`${release}\` is not more able than the most capable model released so far, so the commitments do not bind it; what was done all the same is reported here.`,
      undecided: `Whether \`${release}\` is more able than the most capable model released so far could not be decided; undecided counts as in scope, so the commitments bind it.`,
    }[decision],
    ...sentence(released, 'the most capable model released so far', baselines.released),
    ...sentence(
      produced,
      'the most capable model produced at all, which is recorded beside it',
      baselines.produced,
    ),
    'Ability is measured on benchmarks that both models were given, with a two-parameter logistic model; whole benchmarks were drawn anew to see how far the difference depends on which were chosen. Abilities are on a logit scale.',
  ]
  return {
    section: 'scope',
    title: 'Capability comparison',
    serves: ['0.1'],
    prose,
    figures: [...released, ...produced],
    evidence: [
      {
        evidence: record.digest,
        pointers: ['/baselines', '/reason', '/benchmarks', '/domains', '/measuredIn'],
      },
    ],
  }
}

/** The difference and the probability against one baseline; none where they could not be computed or were erased. */
function figuresOf(
  record: EvidenceRecord,
  role: 'released' | 'produced',
  deltaField: string,
  probabilityField: string,
  baseline: string | null | undefined,
): Figure[] {
  const delta = record.fields[deltaField] as Difference | null | undefined
  const probability = record.fields[probabilityField] as number | null | undefined
  if (!delta || typeof probability !== 'number' || !baseline) return []
  const common = { kind: 'computed', method: 'field/v1' } as const
  return [
    {
      ...common,
      id: `scope-delta-${role}`,
      label: `Ability less that of the most capable ${role} model`,
      value: delta.value,
      unit: 'difference',
      interval: { low: delta.low, high: delta.high, level: delta.level },
      n: delta.n,
      source: { evidence: record.digest, pointer: `/${deltaField}` },
      inputs: [`/${deltaField}`],
      recompute: RECOMPUTE,
    },
    {
      ...common,
      id: `scope-probability-${role}`,
      label: `Probability of being more able than the most capable ${role} model`,
      value: probability,
      unit: 'rate',
      source: { evidence: record.digest, pointer: `/${probabilityField}` },
      inputs: [`/${probabilityField}`],
      recompute: RECOMPUTE,
    },
  ]
}

const RECOMPUTE =
  'Run avouch scope compare on the attached scores with the recorded baselines, seed and number of resamples: it gives the same figure.'

function sentence(figures: Figure[], what: string, baseline: string | null | undefined): string[] {
  const [delta, probability] = figures
  if (!baseline) return [`No model was named as ${what}.`]
  if (!delta || !probability) return [`Too little is shared with \`${baseline}\`, ${what}, to compare them.`]
  return [
    `Against \`${baseline}\`, ${what}, the ability difference is {{${delta.id}}}, and the probability that the release is more able is {{${probability.id}}}.`,
  ]
}
