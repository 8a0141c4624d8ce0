import { chanceText } from './comparison.ts'
import type { CapabilityComparison } from './evidence.ts'

/** A comparison in lines for a person: the decision with its reason, then each difference with its interval. */
export function linesOf(fields: CapabilityComparison): string[] {
  const { released, produced } = fields.baselines
  return [
    `${HEADLINE[fields.decision]}: ${fields.reason}`,
    ...difference('released baseline', released, fields.delta, fields.probability),
    ...difference('produced baseline', produced, fields.producedDelta, fields.producedProbability),
    ...(produced === null
      ? ['No most capable model produced at all was named; obligation 0.1 stays partly met until it is.']
      : []),
  ]
}

const HEADLINE = { in: 'In scope', out: 'Not in scope', undecided: 'Undecided, so in scope' }

function difference(
  role: string,
  model: string | null,
  delta: CapabilityComparison['delta'],
  probability: number | null,
): string[] {
  if (model === null) return []
  if (!delta || probability === null)
    return [`Against the ${role} ${model}: too little is shared to compare.`]
  const interval = `${signed(delta.low)} to ${signed(delta.high)} at ${Math.round(delta.level * 100)} %`
  return [
    `Against the ${role} ${model}: ability ${signed(delta.value)} (${interval}, ${delta.n} benchmarks), P(more able) ${chanceText(probability)}.`,
  ]
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`
}
