import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Release } from '@avouch/core/obligation'
import { describe, expect, it } from 'vitest'
import { DOMAINS, type Domain } from './domain.ts'
import { CAMPAIGN_RESULT, obligations } from './obligations.ts'

const release: Release = { name: 'example-model@2.0', snapshot: 'id:two', configuration: 'bare' }
const covered = { behaviours: 8, behavioursGraded: 8, planned: 100, executed: 100, graded: 100 }

function record(over: Partial<EvidenceRecord>): EvidenceRecord {
  return {
    id: 'e1',
    digest: 'd',
    predicateType: CAMPAIGN_RESULT,
    about: { release: release.name, snapshot: 'id:two', configuration: 'bare' },
    recordedAt: new Date(0),
    state: 'logged',
    index: 1,
    epoch: 1,
    sequence: 1,
    signers: [],
    fields: {},
    bulk: undefined,
    attachments: [],
    supersedes: undefined,
    retracts: undefined,
    supersededBy: undefined,
    retractedBy: undefined,
    ...over,
  } as EvidenceRecord
}

function campaign(
  coverage: Partial<Record<Domain, typeof covered>>,
  over: Partial<EvidenceRecord> = {},
): EvidenceRecord {
  return record({ fields: { internal: true, coverage }, ...over })
}

const all = (coverage: typeof covered) =>
  Object.fromEntries(DOMAINS.map((domain) => [domain, coverage])) as Record<Domain, typeof covered>

function answers(records: EvidenceRecord[]): Record<string, { status: string; why: string }> {
  const context = {
    release,
    moment: new Date(0),
    evidence: (type: unknown) => records.filter(({ predicateType }) => predicateType === type),
    applies: (some: EvidenceRecord[]) => some.filter(({ about }) => about.snapshot === release.snapshot),
    signedByPerson: ({ signers }: EvidenceRecord) => signers.includes('person'),
  }
  return Object.fromEntries(obligations.map(({ id, rule }) => [id, rule(context)]))
}

const statuses = (records: EvidenceRecord[]) =>
  Object.fromEntries(Object.entries(answers(records)).map(([id, { status }]) => [id, status]))

describe('the obligations of red-teaming', () => {
  it('are all missing where nothing is recorded', () => {
    expect(new Set(Object.values(statuses([])))).toEqual(new Set(['missing']))
    expect(obligations.map(({ id }) => id)).toEqual([
      '1.1',
      '1.2',
      '1.3',
      '1.4',
      '1.5',
      '1.6',
      '1.7',
      '1.8',
      '1.9',
    ])
    expect(answers([])['1.4']?.why).toContain('not tested')
  })

  it('take a full campaign for 1.1 and 1.7, and for a part of 1.3 to 1.6', () => {
    expect(statuses([campaign(all(covered))])).toEqual({
      '1.1': 'met',
      '1.2': 'missing',
      '1.3': 'partly',
      '1.4': 'partly',
      '1.5': 'partly',
      '1.6': 'partly',
      '1.7': 'met',
      '1.8': 'missing',
      '1.9': 'missing',
    })
    const why = answers([campaign(all(covered))])
    expect(why['1.3']?.why).toContain('cannot show')
    expect(why['1.5']?.why).toContain('sandbox')
  })

  it('say where a campaign asked what nobody else knows', () => {
    const own = campaign(all(covered))
    own.fields.ownBehaviours = { societal: { own: 8, of: 8 } }
    const given = answers([own])
    expect(given['1.7']).toMatchObject({ status: 'met', why: expect.stringContaining('all 8 behaviours') })
    expect(given['1.4']?.why).not.toContain('do not come with Avouch')
  })

  it('are never satisfied by errors, or by answers nobody could judge', () => {
    const erred = campaign(all({ ...covered, executed: 0, graded: 0, behavioursGraded: 0 }))
    expect(new Set(Object.values(statuses([erred])))).toEqual(new Set(['missing']))
    expect(answers([erred])['1.7']?.why).toContain('not tested')
  })

  it.each([
    ['answered', { ...covered, executed: 89, graded: 89 }, 'only 89 of 100 planned attempts were answered'],
    ['judged', { ...covered, graded: 80 }, 'only 80 of 100 answers could be judged'],
    ['behaviours', { ...covered, behavioursGraded: 4 }, 'only 4 behaviours'],
  ])('are partly met below the floor of what was %s', (_, coverage, why) => {
    const given = answers([campaign({ societal: coverage })])
    expect(given['1.7']).toMatchObject({ status: 'partly', why: expect.stringContaining(why) })
    expect(given['1.1']?.status).toBe('partly')
    expect(given['1.3']?.status).toBe('missing')
  })

  it('are partly met by a campaign on another snapshot', () => {
    const other = campaign(all(covered), {
      about: { release: release.name, snapshot: 'id:one', configuration: 'bare' },
    })
    expect(statuses([other])).toMatchObject({ '1.1': 'partly', '1.7': 'partly', '1.3': 'partly' })
    expect(statuses([other, campaign(all(covered))])).toMatchObject({ '1.1': 'met', '1.7': 'met' })
  })

  it('see 1.9 in a published report that cites them', () => {
    const report = (cites: string[]) =>
      record({ predicateType: 'https://avouch.dev/evidence/public-reporting/report/v1', fields: { cites } })
    expect(statuses([report([])])['1.9']).toBe('missing')
    expect(answers([report(['1.1', '1.3', '1.4', '1.5', '1.6', '1.7'])])['1.9']).toMatchObject({
      status: 'partly',
      why: expect.stringContaining('1.2'),
    })
    expect(statuses([report(['1.1', '1.2', '1.3', '1.4', '1.5', '1.6', '1.7', '6.5'])])['1.9']).toBe('met')
  })

  it('stand up to evidence whose fields were erased', () => {
    expect(() => answers([record({ fields: {} }), record({ fields: { internal: true } })])).not.toThrow()
  })
})
