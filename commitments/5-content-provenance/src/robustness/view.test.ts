import type { EvidenceRecord } from '@avouch/core/evidence'
import { describe, expect, it } from 'vitest'
import { robustnessViews } from './view.ts'

const record = (id: string, fields: Record<string, unknown>) =>
  ({ id, fields, recordedAt: new Date('2026-11-20') }) as unknown as EvidenceRecord
const row = (change: string, size: string, value: number | null, more: object = {}) => ({
  ...{ system: 'ours', change, size, expected: 'survives', notRun: null },
  marked: {
    ...{ planned: 4, executed: value === null ? 0 : 4, errored: 0 },
    rate: value === null ? null : { value, low: value / 2, high: 1, clusters: 4 },
  },
  unmarked: { executed: 9, accepted: 1 },
  ...more,
})
const rows = [
  row('expected', 'large', 0.9),
  row('expected', 'all', 0.8),
  row('jpeg-90', 'all', 1),
  row('crop-25', 'all', 0.5),
  row('crop-25', 'small', 0.1),
  row('median', 'all', 0.75),
  row('regeneration', 'all', null, { notRun: 'no image model', expected: 'is lost' }),
  row('median', 'all', 0.1, { system: 'rival' }),
]

describe('how well marks survive, at a glance', () => {
  it('is the newest whole run of our own marks, its worst changes first, and what was not run', () => {
    const [pictures, sounds] = robustnessViews(
      [
        record('r1', { plan: 'p1', state: 'completed', whole: true, rows }),
        record('r2', { plan: 'p2', state: 'abandoned', whole: true, rows: [] }),
      ],
      ['p1', 'p2', 'p3'].map((id) => record(id, {})),
    )
    expect(pictures).toMatchObject({
      ...{ state: 'measured', evidence: 'r1', unresolved: 1 },
      expected: { value: 0.9, size: 'of half a megapixel and more' },
      unmarked: { executed: 9, accepted: 1 },
      notRun: [{ change: 'regeneration', why: 'no image model' }],
    })
    expect(pictures!.worst.map(({ change }) => change)).toEqual(['crop-25', 'median'])
    expect(sounds).toMatchObject({ state: 'never', evidence: null, worst: [], unresolved: 0 })
  })

  it('shows a run that does not count as such, and one whose rows were erased', () => {
    const stopped = { medium: 'sound', plan: 'p', state: 'abandoned', whole: true }
    const view = (fields: object) => robustnessViews([record('r', { ...stopped, ...fields })], [])[1]
    expect(view({ rows: [row('mp3-64', 'all', 0.5)] })).toMatchObject({
      ...{ state: 'partial', expected: null },
      worst: [{ change: 'mp3-64', planned: 4 }],
    })
    expect(view({})).toMatchObject({ state: 'partial', worst: [], unmarked: null })
  })
})
