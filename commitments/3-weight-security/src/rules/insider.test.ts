import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Answer } from '@avouch/core/obligation'
import { describe, expect, it } from 'vitest'
import { COMPARISON, DETECTOR_RUN, EXERCISE, EXERCISE_PLAN, insider } from './insider.ts'

const NOW = new Date('2026-06-01T00:00:00Z')
const DAY = 86_400_000
let made = 0

function record(predicateType: string, daysAgo: number, fields: Record<string, unknown>): EvidenceRecord {
  made++
  return {
    ...{ id: `e${made}`, digest: 'd', predicateType, about: {}, state: 'logged', index: made, epoch: 0 },
    ...{ sequence: made, signers: ['ours'], bulk: undefined, attachments: [], supersedes: undefined },
    ...{ retracts: undefined, supersededBy: undefined, retractedBy: undefined, fields },
    recordedAt: new Date(NOW.getTime() - daysAgo * DAY),
  }
}

const run = (daysAgo = 1, fields: Record<string, unknown> = {}): EvidenceRecord =>
  record(DETECTOR_RUN, daysAgo, {
    ...{ method: 'insider/v2', events: { judged: 1000 }, outcomes: { unclosed: 3 } },
    to: new Date(NOW.getTime() - (daysAgo + 1) * DAY).toISOString(),
    ...fields,
  })
const recall = { value: 0.9, low: 0.7, high: 0.97, level: 0.95, n: 30 }
const exercise = (daysAgo = 40, fields: Record<string, unknown> = {}): EvidenceRecord =>
  record(EXERCISE, daysAgo, {
    ...{ method: 'insider/v2', state: 'completed', leftOut: [] },
    rows: [3, 1].map((alertsPerDay) => ({ scenario: 'all', alertsPerDay, recall, chance: 0.1 })),
    ...fields,
  })
const compared = (atLeast = true): EvidenceRecord => ({
  ...record(COMPARISON, 5, { atLeast }),
  signers: ['person'],
})

function answer(...records: EvidenceRecord[]): Answer {
  return insider({
    release: { name: 'example-model@2', snapshot: undefined, configuration: undefined },
    moment: NOW,
    evidence: (type) => records.filter(({ predicateType }) => predicateType === type),
    applies: (some) => some,
    signedByPerson: ({ signers }) => signers.includes('person'),
  })
}

describe('3.3', () => {
  it('is met where the detector runs, was exercised and is compared, and says how good it is', () => {
    const { status, why, evidence } = answer(run(), exercise(), compared())
    expect(status).toBe('met')
    expect(evidence).toHaveLength(3)
    expect(why).toContain(
      '90 % [70 %, 97 %] of 30 planted thefts were found at 1 alert a day, where 10 % would be by chance',
    )
    expect(why).toContain('3 alerts had not been looked into')
    expect(why).toContain('A person signed that it is at least that')
  })

  it('is missing where nothing was done, and partly where anything lacks or is too old', () => {
    expect(answer().status).toBe('missing')
    expect(answer(compared()).status).toBe('missing')
    const partly = (why: RegExp, ...records: EvidenceRecord[]): void => {
      const { status, why: said } = answer(...records)
      expect(status).toBe('partly')
      expect(said).toMatch(why)
    }
    partly(/never ran/, exercise(), compared())
    partly(/has not run since 2026-04-22/, run(40), exercise(), compared())
    partly(/older than a month/, run(1, { to: '2024-01-01T00:00:00Z' }), exercise(), compared())
    partly(/older than a month/, run(1, { to: null }), exercise(), compared())
    partly(/not exercised/, run(), compared())
    partly(/not exercised/, run(), exercise(40, { state: 'abandoned' }), compared())
    // other rules than those in use
    partly(/not exercised/, run(), exercise(40, { method: 'insider/v1' }), compared())
    partly(/not exercised/, run(), exercise(40, { rows: [] }), compared())
    partly(/last exercised on 2025/, run(), exercise(400), compared())
    partly(/nobody has compared/, run(), exercise())
    partly(/less than that for other secrets/, run(), exercise(), compared(false))
    partly(/somebody’s word, which no person signed/, run(), exercise(), { ...compared(), signers: ['ours'] })
    partly(/left out 5 kinds/, run(), exercise(40, { leftOut: ['a', 'b', 'c', 'd', 'e'] }), compared())
    partly(/does not say which kinds/, run(), exercise(40, { leftOut: undefined }), compared())
  })

  it('says of an exercise that was repeated how often it was planned, and the worst of it', () => {
    const rows = [{ scenario: 'all', alertsPerDay: 1, recall: { ...recall, value: 0.2 } }]
    const plans = [50, 45, 41].map((daysAgo) => record(EXERCISE_PLAN, daysAgo, { method: 'insider/v2' }))
    const { status, why } = answer(run(), ...plans, exercise(45, { rows }), exercise(), compared())
    expect(status).toBe('met')
    expect(why).toContain(
      'the newest of 3 planned within a year, and the least that any of them found is 20 %',
    )
  })
})
