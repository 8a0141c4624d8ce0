import { type EvidenceRecord, fieldAt } from '@avouch/core/evidence'
import type { Claim, Figure } from '@avouch/core/gate'
import { ATTESTATION, THEFT } from '../rules/environment.ts'

const LIMITS = 'https://avouch.dev/evidence/weight-security/egress/v1'

/**
 * What the report says of the environment: how long stealing the release would take at the limits in force, and what
 * attested. Figures of limits that have been changed since are left out. Pure.
 */
export function environmentClaims(live: readonly EvidenceRecord[], release: string): Claim[] {
  const own = live.filter(({ about }) => about.release === release)
  const theft = own.findLast(({ predicateType }) => predicateType === THEFT)
  const limits = live.findLast(({ predicateType }) => predicateType === LIMITS)
  const attested = own.findLast(({ predicateType }) => predicateType === ATTESTATION)
  const isInForce = theft !== undefined && (limits === undefined || theft.fields.limits === limits.id)
  return [...(theft && isInForce ? theftClaim(theft) : []), ...(attested ? [attestedClaim(attested)] : [])]
}

function theftClaim(record: EvidenceRecord): Claim[] {
  const bytes = figureOf(
    record,
    '/modelBytes',
    'ws-theft-bytes',
    'Bytes of the model’s sealed files',
    'count',
  )
  const alone = figureOf(
    record,
    '/alone',
    'ws-theft-alone',
    'Stealing the whole model alone, at least',
    'seconds',
  )
  if (bytes === undefined || alone === undefined) return []
  const together = Array.isArray(record.fields.together) ? record.fields.together : []
  const more = together.flatMap((_, n) => {
    const people = valueAt(record, `/together/${n}/people`)
    const label = `The same by so many people together: \`${people}\``
    return figureOf(record, `/together/${n}/seconds`, `ws-theft-${people}`, label, 'seconds') ?? []
  })
  return [
    {
      section: 'security',
      title: 'How long stealing the model would take',
      serves: ['3.4'],
      prose: [
        'Budgets limit how much of a model may be read under leases. From the limits in force it follows how long taking all {{ws-theft-bytes}} bytes would take: at least {{ws-theft-alone}} alone.',
        'This is a lower bound for thieves who hold leases on the whole model all the time, know the limits and use them to the full; without such leases nothing is read. It says nothing of those who take the keys themselves, or the weights from where they are used.',
      ],
      figures: [bytes, alone, ...more],
      evidence: [shownOf(record, ['/environments', '/limits'])],
    },
  ]
}

function attestedClaim(record: EvidenceRecord): Claim {
  return {
    section: 'security',
    title: 'Where the model is opened',
    serves: ['3.4'],
    prose: [
      `An environment in which this model may be opened attested what it is, and its policy allows that. It was checked by the verifier \`${String(record.fields.verifier)}\`; what that does not look at stands in the evidence.`,
    ],
    figures: [],
    evidence: [shownOf(record, ['/verifier', '/missing', '/until'])],
  }
}

function figureOf(
  record: EvidenceRecord,
  pointer: string,
  id: string,
  label: string,
  unit: Figure['unit'],
): Figure | undefined {
  const value = valueAt(record, pointer)
  if (typeof value !== 'number') return undefined
  return {
    ...{ id, label, value, unit, kind: 'computed', method: 'field/v1' },
    source: { evidence: record.digest, pointer },
    inputs: [pointer],
    recompute: `Read the signed field ${pointer}. From the limits and the bytes of the model it follows by avouch weights egress.`,
  }
}

/** Any field may have been erased. */
function valueAt(record: EvidenceRecord, pointer: string): unknown {
  try {
    return fieldAt(record.fields, pointer)
  } catch {
    return undefined
  }
}

function shownOf(record: EvidenceRecord, pointers: string[]): { evidence: string; pointers: string[] } {
  return {
    evidence: record.digest,
    pointers: pointers.filter((one) => valueAt(record, one) !== undefined),
  }
}
