import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Answer, Release } from '@avouch/core/obligation'
import { describe, expect, it } from 'vitest'
import { obligations } from '../obligations.ts'
import { SEALED } from './held.ts'
import { BREAK_GLASS, GRANT, LEASE, OPENED, POLICY, REVIEW, REVIEW_OPENED } from './need.ts'

const release: Release = { name: 'example-model@2', snapshot: undefined, configuration: 'bare' }
const day = (n: number): Date => new Date(Date.UTC(2026, 0, 1 + n))
let made = 0

function record(
  predicateType: string,
  fields: Record<string, unknown>,
  given: { company?: boolean; at?: number; signers?: string[] } = {},
): EvidenceRecord {
  made++
  return {
    id: `e${made}`,
    digest: 'd',
    predicateType,
    about: given.company ? {} : { release: release.name },
    recordedAt: day(given.at ?? 0),
    state: 'logged',
    index: made,
    epoch: 0,
    sequence: made,
    signers: given.signers ?? ['person'],
    bulk: undefined,
    attachments: [],
    supersedes: undefined,
    retracts: undefined,
    supersededBy: undefined,
    retractedBy: undefined,
    fields,
  }
}

const company = { company: true }
const policy = record(POLICY, { digest: 'x', reviewEveryDays: 90, reviewWithinDays: 14 }, company)
const begun = record(REVIEW_OPENED, { review: 'r1', due: day(14).toISOString() }, company)
const done = record(REVIEW, { kind: 'access', review: 'r1', left: 0 }, company)
const reviewed = [record(SEALED, { name: 'a' }), policy, begun, done]

function answer(records: EvidenceRecord[], at = 10): Answer {
  return obligations
    .find(({ id }) => id === '3.2')!
    .rule({
      release,
      moment: day(at),
      evidence: (type, about) =>
        records.filter(
          (one) => one.predicateType === type && (one.about.release === undefined) === (about === 'company'),
        ),
      applies: (some) => some,
      signedByPerson: ({ signers }) => signers.includes('person'),
    })
}

describe('3.2', () => {
  it('is missing where no policies are in force', () => {
    expect(answer([]).status).toBe('missing')
    expect(answer([begun, done, record(GRANT, {})]).status).toBe('missing')
  })

  it('is met where policies decide, leases are signed and access was reviewed', () => {
    const leased = [...reviewed, record(GRANT, {}), record(LEASE, { basis: 'grant' })]
    expect(answer(leased)).toMatchObject({
      status: 'met',
      evidence: expect.arrayContaining([policy.id, done.id]),
    })
    expect(answer(leased).why).toContain('1 request was granted by two people each, for 1 lease')
    // nobody may have asked
    expect(answer(reviewed)).toMatchObject({
      status: 'met',
      why: expect.stringContaining('no request was granted'),
    })
  })

  it('is partly met, and says why, where anything of it lacks', () => {
    const partly = (why: RegExp, records: EvidenceRecord[], at?: number): void => {
      const { status, why: said } = answer(records, at)
      expect(status).toBe('partly')
      expect(said).toMatch(why)
    }
    partly(/has not been reviewed to the end yet/, [policy, begun])
    partly(/nothing of it stands sealed here/, [policy, begun, done])
    partly(/1 review of access is overdue/, [policy, begun], 15)
    partly(/not been reviewed/, [
      policy,
      begun,
      record(REVIEW, { kind: 'access', review: 'r1', left: 2 }, company),
    ])
    // signed by nobody
    const unsigned = record(REVIEW, done.fields, { ...company, signers: ['machine'] })
    partly(/not been reviewed/, [policy, begun, unsigned])
    partly(/last reviewed on 2026-01-01/, reviewed, 105)
    partly(/1 time they were opened without a lease/, [...reviewed, record(OPENED, {})])
    partly(/1 leave to read bears no person’s signature/, [
      ...reviewed,
      record(GRANT, {}, { signers: ['machine'] }),
    ])
    const glass = record(BREAK_GLASS, { case: 'c1', reviewDue: day(20).toISOString() })
    partly(/1 broken glass is not reviewed\./, [...reviewed, glass])
    partly(/1 broken glass is not reviewed, 1 of them overdue/, [...reviewed, glass], 21)
    const found = (outcome: string): EvidenceRecord =>
      record(REVIEW, { kind: 'break-glass', case: 'c1', outcome })
    partly(/1 was broken without need/, [...reviewed, glass, found('not-justified')])
    expect(answer([...reviewed, glass, found('justified')]).status).toBe('met')
  })
})
