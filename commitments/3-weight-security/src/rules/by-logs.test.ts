import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Answer } from '@avouch/core/obligation'
import { describe, expect, it } from 'vitest'
import { obligations } from '../obligations.ts'
import { SOURCE } from './followed.ts'

function log(model: Record<string, unknown>, days = 0): EvidenceRecord {
  return {
    ...{ id: `e${days}`, digest: 'd', predicateType: SOURCE, about: { release: 'example-model@2' } },
    ...{ recordedAt: new Date(-days * 86_400_000), state: 'logged', index: 1, epoch: 0, sequence: 1 },
    ...{ signers: ['ours'], bulk: undefined, attachments: [], supersedes: undefined, retracts: undefined },
    ...{ supersededBy: undefined, retractedBy: undefined },
    fields: { source: 'gcp', unreadable: 0, counts: {}, model: { objects: 1, events: 7, ...model } },
  }
}

function answer(id: string, ...records: EvidenceRecord[]): Answer {
  const release = { name: 'example-model@2', snapshot: undefined, configuration: undefined }
  return obligations
    .find((one) => one.id === id)!
    .rule({
      ...{ release, moment: new Date(0), applies: (some) => some, signedByPerson: () => false },
      evidence: (type) => records.filter(({ predicateType }) => predicateType === type),
    })
}

describe.each(['3.2', '3.4'])('%s by logs alone', (id) => {
  it('is missing without them, and never more than partly met with them', () => {
    expect(answer(id).status).toBe('missing')
    expect(answer(id, log({}, 100)).status).toBe('missing')
    expect(answer(id, log({}))).toMatchObject({ status: 'partly', evidence: ['e0'] })
    expect(answer(id, log({})).why).toMatch(/\(gcp\), 7 acts are told; .*a log does not show\.$/)
    expect(answer(id, log({}, 40)).why).toMatch(/within 30 days/)
  })

  it('says what speaks against it', () => {
    const { why } = answer(id, log({ unmapped: 1, withoutRole: 2, outside: 3, exports: 4, unencrypted: 5 }))
    const expected =
      id === '3.2'
        ? [/1 of them are of principals/, /2 are of people/]
        : [/3 reads came/, /4 copies/, /5 reads were/]
    for (const one of expected) expect(why).toMatch(one)
  })
})
