import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Answer } from '@avouch/core/obligation'
import { describe, expect, it } from 'vitest'
import { ATTESTATION, ENVIRONMENT, environment, LIMITS, READS, THEFT } from './environment.ts'
import { SOURCE } from './followed.ts'

const DAY = 86_400_000
const now = new Date('2026-06-01T00:00:00Z')

function record(predicateType: string, fields: Record<string, unknown>, days = 1): EvidenceRecord {
  return {
    ...{
      id: `${predicateType.slice(-20)}`,
      digest: 'd',
      predicateType,
      about: { release: 'example-model@2' },
    },
    ...{ recordedAt: new Date(now.getTime() - days * DAY), state: 'logged', index: 1, epoch: 0, sequence: 1 },
    ...{ signers: ['ours'], bulk: undefined, attachments: [], supersedes: undefined, retracts: undefined },
    ...{ supersededBy: undefined, retractedBy: undefined, fields },
  }
}

const limits = { ...record(LIMITS, {}, 200), id: 'limits' }

const policy = { ...record(ENVIRONMENT, {}), id: 'policy', signers: ['person'] }

function answer(...records: EvidenceRecord[]): Answer {
  return environment({
    release: { name: 'example-model@2', snapshot: undefined, configuration: undefined },
    ...{ moment: now, applies: (some) => some, signedByPerson: ({ signers }) => signers.includes('person') },
    evidence: (type) => [limits, policy, ...records].filter(({ predicateType }) => predicateType === type),
  })
}

const attested = (days?: number, over = {}) =>
  record(ATTESTATION, { verifier: 'tpm', policy: 'policy', ...over }, days)
const theft = (alone: unknown, days?: number) => record(THEFT, { alone, limits: 'limits' }, days)

describe('3.4', () => {
  it('is missing, partly met, or met with a recent attestation and budgets that hold a thief', () => {
    expect(answer().status).toBe('missing')
    expect(answer(attested())).toMatchObject({ status: 'partly', why: expect.stringMatching(/not recorded/) })
    expect(answer(theft(3 * 86_400)).why).toMatch(/no environment attested.*at least 3.0 days/)
    const met = answer(attested(), theft(3600))
    expect(met).toMatchObject({ status: 'met', why: expect.stringMatching(/\(tpm\).*at least 1 hour /) })
    expect(met.evidence).toHaveLength(2)
  })

  it('is partly met where nobody signed for whom the attestation trusts, and says what a key in software is', () => {
    const own = { ...record(ENVIRONMENT, {}), id: 'own' }
    const by = (id: string, verifier = 'tpm') =>
      answer(attested(1, { policy: id, verifier }), theft(3600), own)
    expect(by('own')).toMatchObject({
      status: 'partly',
      why: expect.stringMatching(/two people have not signed/),
    })
    expect(by('none').status).toBe('partly')
    expect(by('policy', 'signed-statement')).toMatchObject({
      status: 'met',
      why: expect.stringMatching(/in software, by whoever has the key/),
    })
  })

  it('counts neither what is old nor limits that limit nothing', () => {
    expect(answer(attested(91), theft(3600)).status).toBe('partly')
    expect(answer(attested(), theft(3600, 91)).why).toMatch(/computed anew/)
    const newer = { ...record(LIMITS, {}), id: 'newer' }
    expect(answer(attested(), theft(3600), newer).why).toMatch(/budgets changed since/)
    expect(answer(attested(), theft(null)).why).toMatch(/no egress budget/)
    expect(answer(attested(), theft(0)).why).toMatch(/at once/)
  })

  it('is partly met at most where weights lie in storage of the company’s own too', () => {
    const log = record(SOURCE, { source: 'gcp', counts: {}, model: { objects: 1, events: 7 } })
    expect(answer(log).status).toBe('partly')
    const both = answer(attested(), theft(3600), log)
    expect(both).toMatchObject({ status: 'partly', why: expect.stringMatching(/^An environment.*\(gcp\)/) })
    expect(both.evidence).toHaveLength(3)
  })

  it('counts reads in environments of which nothing is asked, of this release and of late', () => {
    const reads = (model: string, unattested: number, days = 1) =>
      record(READS, { models: [{ model, unattested }] }, days)
    const with_ = (read: EvidenceRecord) => answer(attested(), theft(3600), read)
    expect(with_(reads('example-model@2', 3)).why).toMatch(/3 reads were in environments/)
    expect(with_(reads('example-model@2', 0)).status).toBe('met')
    expect(with_(reads('example-model@3', 3)).status).toBe('met')
    expect(with_(reads('example-model@2', 3, 91)).status).toBe('met')
  })
})
