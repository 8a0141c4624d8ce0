import type { EvidenceRecord } from '@avouch/core/evidence'
import { describe, expect, it } from 'vitest'
import { claims } from './claims.ts'
import { DETECTION, MARKING } from './rules/marks.ts'

const record = (predicateType: string, fields: Record<string, unknown>, release = 'example-model@2.0') =>
  ({ id: 'e', digest: 'd1', predicateType, fields, about: { release } }) as unknown as EvidenceRecord
const batch = {
  to: '2026-11-20T10:11:00.000Z',
  marked: 10,
  layers: { watermark: 9, manifest: 10, register: 10 },
  refused: 1,
  failed: 0,
}
const detection = { marked: { tried: 5, found: 4 }, unmarked: { tried: 5, found: 0 }, errors: 1 }

describe('what the report says of marks', () => {
  it('is nothing where nothing was marked for this release', () => {
    expect(claims([record(MARKING, batch, 'other@1.0')], 'example-model@2.0')).toEqual([])
  })

  it('is every count with its place in the evidence, and prose without a bare number', () => {
    const [claim] = claims([record(MARKING, batch), record(DETECTION, detection)], 'example-model@2.0')
    const values = Object.fromEntries(
      claim!.figures.map(({ id, value, source }) => [id, [value, source?.pointer]]),
    )
    expect(values).toEqual({
      'content-marked-1': [10, '/marked'],
      'content-watermark-1': [9, '/layers/watermark'],
      'content-manifest-1': [10, '/layers/manifest'],
      'content-refused-1': [1, '/refused'],
      'content-failed-1': [0, '/failed'],
      'content-known': [4, '/marked/found'],
      'content-marked': [5, '/marked/tried'],
      'content-mistaken': [0, '/unmarked/found'],
      'content-unmarked': [5, '/unmarked/tried'],
    })
    expect(claim!.tables![0]!.rows[0]!.cells).toHaveLength(5)
    const words = [...claim!.prose, ...claim!.figures.map(({ label }) => label)].join(' ')
    expect(words.replace(/`[^`]*`|\{\{[^}]*\}\}/g, '')).not.toMatch(/\d/)
  })

  it('leaves a figure out where its field was erased', () => {
    const [claim] = claims(
      [record(MARKING, { to: batch.to, marked: 10 }), record(DETECTION, {})],
      'example-model@2.0',
    )
    expect(claim!.figures.map(({ id }) => id)).toEqual(['content-marked-1'])
    expect(claim!.prose.join(' ')).toContain('was not tried')
  })
})
