import type { EvidenceRecord } from '@avouch/core/evidence'
import { METHOD_NAMES, methodNamed } from '@avouch/verify'
import { describe, expect, it } from 'vitest'
import { claims } from '../claims.ts'
import { ATTESTATION, THEFT } from '../rules/environment.ts'

const RELEASE = 'example-model@2'
const LIMITS = THEFT.replace('egress-figures', 'egress')

function record(
  predicateType: string,
  id: string,
  fields: Record<string, unknown>,
  release?: string,
): EvidenceRecord {
  return {
    ...{ id, digest: id.padEnd(64, '0'), predicateType, about: release === undefined ? {} : { release } },
    ...{ recordedAt: new Date(0), state: 'logged', index: 1, epoch: 0, sequence: 1, signers: ['ours'] },
    ...{ bulk: undefined, attachments: [], supersedes: undefined, retracts: undefined },
    ...{ supersededBy: undefined, retractedBy: undefined, fields },
  }
}

const theft = record(
  THEFT,
  'b',
  {
    ...{ release: RELEASE, limits: 'a', modelBytes: 1000, environments: 1, alone: 86_400 },
    together: [
      { people: 2, seconds: 3600 },
      { people: 4, seconds: null },
    ],
  },
  RELEASE,
)

describe('what the report says of the environment', () => {
  it('holds the arithmetic of the limits in force, each figure read from its field', () => {
    const [claim, ...more] = claims([record(LIMITS, 'a', {}), theft], RELEASE)
    expect(more).toEqual([])
    expect(claim!.figures.map(({ id, value }) => [id, value])).toEqual([
      ['ws-theft-bytes', 1000],
      ['ws-theft-alone', 86_400],
      ['ws-theft-2', 3600],
    ])
    for (const { method, value } of claim!.figures) {
      expect(METHOD_NAMES).toContain(method)
      expect(methodNamed(method)([value]).value).toBe(value)
    }
    const ids = claim!.figures.map(({ id }) => id)
    for (const [, named] of claim!.prose.join(' ').matchAll(/\{\{(.+?)\}\}/g)) expect(ids).toContain(named)
  })

  it('is silent of limits changed since, of other releases and of what was erased', () => {
    expect(claims([record(LIMITS, 'a', {}), theft, record(LIMITS, 'c', {})], RELEASE)).toEqual([])
    expect(claims([theft], 'example-model@3')).toEqual([])
    expect(claims([{ ...theft, fields: { limits: 'a' } }], RELEASE)).toEqual([])
  })

  it('tells what attested, by the name of its verifier', () => {
    const [claim] = claims([record(ATTESTATION, 'd', { verifier: 'sev-snp', missing: [] }, RELEASE)], RELEASE)
    expect(claim!.prose[0]).toContain('`sev-snp`')
    expect(claim!.evidence).toEqual([{ evidence: 'd'.padEnd(64, '0'), pointers: ['/verifier', '/missing'] }])
  })
})
