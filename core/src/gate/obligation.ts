import type { About, EvidenceRecord, EvidenceType } from '../evidence/type.ts'

export type ObligationStatus = 'met' | 'partly' | 'missing' | 'exempt' | 'superseded'

/** What a rule answers: the status, a sentence of why, and the ids of the evidence it rests on. */
export type Answer = {
  status: ObligationStatus
  why: string
  evidence: string[]
  /** Only 0.1 answers this: whether the release is bound at all. Undecided counts as in scope. */
  scope?: Scope
}

export type Scope = { decision: 'in' | 'out' | 'undecided'; why: string; evidence: string[] }

/** What a rule may look at. Pure: no clock, no database, only what the gate was given. */
export type RuleContext = {
  release: Release
  moment: Date
  /**
   * Live evidence of a type (not superseded, retracted or erased), oldest first. For an obligation that binds a
   * release: about this release. For one that binds the company: all of it. With `company`, instead what is about no
   * release, as how the company works at large, recorded before or after this one shipped.
   */
  evidence(type: EvidenceType | string, about?: 'company'): EvidenceRecord[]
  /** Of these, the ones about the very snapshot and configuration that ships, or carried over to it by a signed statement. */
  applies(records: EvidenceRecord[]): EvidenceRecord[]
  /** Whether the log certifies one of its signers as a person's passkey. */
  signedByPerson(record: EvidenceRecord): boolean
}

export type Release = {
  /** `NAME@VERSION` */
  name: string
  snapshot: string | undefined
  configuration: About['configuration'] | undefined
}

export type Obligation = {
  /** `1.3`: the number before the dot is the commitment's. */
  id: string
  title: string
  promise: string
  binds: 'company' | 'release'
  force: 'asked' | 'may' | 'stricter'
  due: 'before' | 'at' | 'standing'
  /** Evidence older than this does not count; absent: any age. */
  freshDays?: number
  rule(context: RuleContext): Answer
}

/** The rule of an obligation whose act this version cannot record yet. Always `missing`, and says so. */
export function notBuilt(what: string): Obligation['rule'] {
  return () => ({
    status: 'missing',
    why: `This version of Avouch cannot record this yet: ${what}.`,
    evidence: [],
  })
}
