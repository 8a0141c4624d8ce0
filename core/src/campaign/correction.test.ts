import { clusterRate } from '@avouch/verify'
import { describe, expect, it } from 'vitest'
import type { EvidenceRecord } from '../evidence/type.ts'
import { CALIBRATION, liveCalibrations, readRate, reported } from './correction.ts'

const judge = { name: 'cyber-rules', version: '1', digest: 'a' }
const counts = Array.from({ length: 20 }, (_, n): [number, number] => [n % 4 === 0 ? 5 : 1, 10])

const result = (fields: Record<string, unknown> = {}): EvidenceRecord =>
  ({
    id: 'result',
    about: { release: 'example-model@1.0' },
    fields: {
      judges: [judge, { name: 'other-rules', version: '1' }],
      judgedBy: {
        rates: { cyber: ['cyber-rules'] },
        strategyRates: { plain: ['cyber-rules', 'other-rules'] },
      },
      rates: { cyber: clusterRate(counts) },
      counts: { cyber: counts },
      strategyRates: { plain: clusterRate(counts) },
      strategyCounts: { plain: counts },
      ...fields,
    },
  }) as unknown as EvidenceRecord

const part = (right: number, left: number) => ({
  sensitivityCounts: [
    [1, 1, right],
    [0, 1, 100 - right],
  ],
  specificityCounts: [
    [1, 1, left],
    [0, 1, 100 - left],
  ],
})

const calibration = (id: string, fields: Record<string, unknown> = {}, more: Partial<EvidenceRecord> = {}) =>
  ({
    id,
    predicateType: CALIBRATION,
    state: 'logged',
    about: {},
    fields: { graders: [judge], event: 'breach', overall: part(90, 95), byDomain: {}, alone: [], ...fields },
    ...more,
  }) as unknown as EvidenceRecord

describe('a rate as it is read', () => {
  it('tells whether its calibration was chosen among several', () => {
    const of = (...ids: string[]) =>
      readRate(
        result(),
        'rates',
        'cyber',
        ids.map((id) => calibration(id, id === 'refusals' ? { event: 'refused' } : {})),
      )!.corrected
    expect(of('one', 'refusals')).toMatchObject({ calibration: { id: 'one' }, isOneOfSeveral: false })
    expect(of('one', 'two')).toMatchObject({ calibration: { id: 'two' }, isOneOfSeveral: true })
  })

  it('stands as graded where its grader was not tested, and says why', () => {
    const read = readRate(result(), 'rates', 'cyber', [])!
    expect(read.corrected).toBeUndefined()
    expect(reported(read)).toEqual(clusterRate(counts))
    expect(read.why).toContain('has not been measured')
    expect(readRate(result({ judgedBy: undefined }), 'rates', 'cyber', [calibration('c')])?.why).toContain(
      'not recorded',
    )
    expect(readRate(result(), 'rates', 'cbr', [])).toBeUndefined()
    expect(readRate(result(), 'ledger', 'planned', [])).toBeUndefined()
    expect(readRate(result(), 'constructor', 'name', [])).toBeUndefined()
  })

  it('is corrected by the newest calibration of that very grader', () => {
    const read = readRate(result(), 'rates', 'cyber', [
      calibration('old', { overall: part(60, 60) }),
      calibration('new'),
      calibration('of another version', { graders: [{ ...judge, version: '2' }] }),
      calibration('of other rules', { graders: [{ ...judge, digest: 'b' }] }),
      calibration('of refusals', { event: 'refused' }),
      calibration('of another release', {}, { about: { release: 'example-model@2.0' } }),
    ])!
    expect(read.corrected).toMatchObject({ calibration: { id: 'new' }, part: '/overall' })
    // by hand: 5 · 5 + 15 · 1 = 40 of 200 are graded breaches, and (0.2 − 0.05) / (0.9 + 0.95 − 1) is the rate
    expect(reported(read).value).toBeCloseTo(0.15 / 0.85, 12)
    expect(reported(read).high - reported(read).low).toBeGreaterThan(read.apparent.high - read.apparent.low)
  })

  it('goes by the domain’s own labels where there are enough', () => {
    const own = calibration('c', { byDomain: { cyber: part(99, 99) }, alone: ['cyber'] })
    expect(readRate(result(), 'rates', 'cyber', [own])?.corrected?.part).toBe('/byDomain/cyber')
    const few = calibration('c', { byDomain: { cyber: part(99, 99) } })
    expect(readRate(result(), 'rates', 'cyber', [few])?.corrected?.part).toBe('/overall')
  })

  it('needs all graders tested together where several judged', () => {
    expect(readRate(result(), 'strategyRates', 'plain', [calibration('c')])).toMatchObject({
      corrected: undefined,
      why: expect.stringContaining('all of the graders'),
    })
    const both = calibration('c', { graders: [judge, { name: 'other-rules', version: '1' }] })
    expect(readRate(result(), 'strategyRates', 'plain', [both])?.corrected?.part).toBe('/overall')
  })

  it('stands as graded where the grader tells no more than chance, or the calibration is gone', () => {
    expect(
      readRate(result(), 'rates', 'cyber', [calibration('c', { overall: part(40, 50) })])?.why,
    ).toContain('no more than chance')
    expect(readRate(result(), 'rates', 'cyber', [calibration('c', { overall: undefined })])?.why).toContain(
      'erased',
    )
    expect(
      liveCalibrations([
        calibration('a', {}, { supersededBy: 'x' }),
        calibration('b', {}, { retractedBy: 'x' }),
        calibration('c', {}, { state: 'erased' }),
        calibration('d'),
        result(),
      ]).map(({ id }) => id),
    ).toEqual(['d'])
  })
})
