import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Answer, RuleContext } from '@avouch/core/obligation'
import { environmentByLogs } from './by-logs.ts'

// written out, so that listing obligations loads no schema
const BASE = 'https://avouch.dev/evidence/weight-security/'
export const THEFT = `${BASE}egress-figures/v1`
export const ATTESTATION = `${BASE}attestation/v1`
export const LIMITS = `${BASE}egress/v1`
export const READS = `${BASE}reads/v1`
export const ENVIRONMENT = `${BASE}environment/v1`

const DAY = 86_400_000
/** What an environment showed, and what limits amounted to, says little of today after so many days. */
const RECENT_DAYS = 90

/**
 * 3.4: an environment in which this release is opened attested of late, under a policy whose key or root two people
 * signed for, nothing was read under leases in
 * one of which nothing is asked, and the egress budgets in force stand between whoever has leases and the whole of the
 * model. Where neither attestation nor budgets are there, what followed audit logs tell.
 */
export function environment(context: RuleContext): Answer {
  const attested = context.evidence(ATTESTATION).at(-1)
  const theft = context.evidence(THEFT).at(-1)
  const byLogs = environmentByLogs(context)
  if (!attested && !theft)
    return (
      byLogs ?? {
        status: 'missing',
        why: 'No environment attested what it is for this release, and how long egress budgets would hold a thief is not recorded.',
        evidence: [],
      }
    )
  const [shown, problemShown] = attestedInWords(attested, context)
  const [held, problemHeld] = theftInWords(theft, context)
  const open = [problemShown, unattestedReads(context), problemHeld].filter((one) => one !== undefined)
  const told = [shown, held].filter((one) => one !== undefined).map((one) => `${one}.`)
  const evidence = [attested, theft].flatMap((record) => (record ? [record.id] : []))
  // neither budgets nor attestations hold what lies in storage of the company's own
  if (open.length === 0 && !byLogs) return { status: 'met', why: told.join(' '), evidence }
  const notYet = open.length === 0 ? [] : [`Not yet: ${open.join('; ')}.`]
  const why = [...notYet, ...told, ...(byLogs ? [byLogs.why] : [])].join(' ')
  return { status: 'partly', why, evidence: [...evidence, ...(byLogs?.evidence ?? [])] }
}

type Said = [told: string | undefined, open: string | undefined]

function attestedInWords(record: EvidenceRecord | undefined, context: RuleContext): Said {
  if (!record) return [undefined, 'no environment attested what it is for this release']
  const kind = typeof record.fields.verifier === 'string' ? record.fields.verifier : 'an unknown verifier'
  // a key in software says no more than that somebody has it
  const how =
    kind === 'signed-statement' ? `${kind}: in software, by whoever has the key that is trusted` : kind
  const told = `An environment attested what it is on ${date(record.recordedAt)} (${how})`
  if (!isRecent(record, context.moment)) return [told, 'no environment did so of late']
  const policy = context.evidence(ENVIRONMENT, 'company').find(({ id }) => id === record.fields.policy)
  if (policy === undefined || !context.signedByPerson(policy))
    return [
      told,
      'two people have not signed whom its attestation trusts, so that anybody can have made the key for themselves',
    ]
  return [told, undefined]
}

function theftInWords(record: EvidenceRecord | undefined, context: RuleContext): Said {
  if (!record) return [undefined, 'how long egress budgets would hold a thief is not recorded']
  const { alone, limits } = record.fields
  if (context.evidence(LIMITS, 'company').at(-1)?.id !== limits)
    return [undefined, 'egress budgets changed since it was computed how long they hold a thief']
  if (typeof alone !== 'number')
    return [undefined, 'no egress budget limits what somebody with leases can take']
  if (alone === 0) return [undefined, 'the egress budgets let one person take the whole model at once']
  const days = alone / 86_400
  const hours = Math.round(alone / 3600)
  const span = days >= 2 ? `${days.toFixed(1)} days` : `${hours} ${hours === 1 ? 'hour' : 'hours'}`
  const told = `At the egress budgets of ${date(record.recordedAt)}, one person with leases for all of it needs at least ${span} to take the model`
  return [told, isRecent(record, context.moment) ? undefined : 'that was not computed anew of late']
}

/** Of late: what was read long ago is no longer to be mended. */
function unattestedReads(context: RuleContext): string | undefined {
  const count = context
    .evidence(READS, 'company')
    .filter((record) => isRecent(record, context.moment))
    .flatMap(({ fields }) => (Array.isArray(fields.models) ? (fields.models as unknown[]) : []))
    .reduce<number>((sum, one) => sum + unattestedOf(one, context.release.name), 0)
  if (count === 0) return undefined
  const reads = count === 1 ? 'read was' : 'reads were'
  return `${count} ${reads} in environments of which no attestation is asked`
}

function unattestedOf(one: unknown, release: string): number {
  if (typeof one !== 'object' || one === null || !('model' in one) || one.model !== release) return 0
  // a count that was erased speaks for nothing
  return 'unattested' in one && typeof one.unattested === 'number' ? one.unattested : 1
}

function isRecent({ recordedAt }: EvidenceRecord, moment: Date): boolean {
  return moment.getTime() - recordedAt.getTime() <= RECENT_DAYS * DAY
}

function date(at: Date): string {
  return at.toISOString().slice(0, 10)
}
