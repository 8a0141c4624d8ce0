import { describe, expect, it } from 'vitest'
import { type EvidenceRecord, PREDICATE_BASE } from '../evidence/type.ts'
import { checkThresholds, parseThresholds } from './threshold.ts'

const yaml = (more: string) =>
  `thresholds:\n  - id: cyber\n    says: Cyber breaches are rare\n    evidence: red-teaming/campaign-result/v1\n    figure: /rates/cyber\n${more}`

const result = (rate: unknown): EvidenceRecord[] =>
  [
    {
      id: 'e1',
      predicateType: `${PREDICATE_BASE}red-teaming/campaign-result/v1`,
      fields: { rates: { cyber: rate } },
    },
  ] as unknown as EvidenceRecord[]

describe('parseThresholds', () => {
  it.each([
    ['no bound', yaml('    side: high\n'), 'atMost and atLeast'],
    ['two bounds', yaml('    side: high\n    atMost: 1\n    atLeast: 0\n'), 'atMost and atLeast'],
    ['an unknown key', yaml('    side: high\n    atMost: 1\n    atmost: 1\n'), 'atmost'],
    ['no side', yaml('    atMost: 1\n'), 'side'],
    ['no YAML', 'thresholds: [', 'no YAML'],
    ['an alias bomb', 'a: &a [x,x]\nthresholds: [*a, *a]', 'no YAML'],
  ])('refuses %s, naming it', (_, text, message) => {
    expect(() => parseThresholds(text, 'f.yaml')).toThrow(
      expect.objectContaining({ code: 'input', message: expect.stringContaining(message) }),
    )
  })

  it('refuses the same id twice', () => {
    const one = yaml('    side: high\n    atMost: 1\n')
    expect(() => parseThresholds(one + one.split('\n').slice(1).join('\n'), 'f')).toThrow('stands twice')
  })
})

describe('checkThresholds', () => {
  const check = (more: string, rate: unknown) =>
    checkThresholds(parseThresholds(yaml(more), 'f'), result(rate))[0]!

  it('holds the side of the interval that the company named against the bound', () => {
    const rate = { value: 0.04, low: 0.01, high: 0.09 }
    expect(check('    side: high\n    atMost: 0.05\n', rate)).toMatchObject({
      status: 'failed',
      measured: 0.09,
    })
    expect(check('    side: high\n    atMost: 0.1\n', rate).status).toBe('passed')
    expect(check('    side: low\n    atLeast: 0.01\n', rate).status).toBe('passed')
    expect(check('    side: value\n    atMost: 0.05\n', rate).status).toBe('passed')
  })

  it('says unmeasured where there is no such figure, or a bare number has no interval', () => {
    expect(check('    side: high\n    atMost: 0.05\n', undefined)).toMatchObject({
      status: 'unmeasured',
      evidence: [],
    })
    expect(check('    side: high\n    atMost: 0.05\n', 0.01).status).toBe('unmeasured')
    expect(check('    side: value\n    atMost: 0.05\n', 0.01).status).toBe('passed')
  })

  it('goes by the widest, so that a later, smaller one hides nothing, and lists what stands beside', () => {
    const one = (id: string, value: number, clusters: number): EvidenceRecord => ({
      ...result({ value, low: 0, high: value, level: 0.95, n: 10 * clusters, clusters })[0]!,
      id,
    })
    const list = parseThresholds(yaml('    side: value\n    atMost: 0.1\n'), 'f')
    const [held] = checkThresholds(list, [one('wide', 0.4, 40), one('later', 0, 5)])
    expect(held).toMatchObject({ status: 'failed', measured: 0.4, evidence: ['wide'] })
    expect(held?.beside).toEqual([{ evidence: 'later', measured: 0, passes: true }])
    const [again] = checkThresholds(list, [one('first', 0.4, 40), one('again', 0.05, 40)])
    expect(again, 'the newest of those alike').toMatchObject({ status: 'passed', evidence: ['again'] })
    expect(again?.beside).toEqual([{ evidence: 'first', measured: 0.4, passes: false }])
  })

  it('holds the corrected rate against the bound where its grader was tested, and names both', () => {
    const judge = { name: 'cyber-rules', version: '1' }
    const counts = Array.from({ length: 40 }, (_, n) => [n % 10 === 0 ? 5 : 0, 10])
    const [record] = result({ value: 0.05, low: 0.02, high: 0.12, level: 0.95, n: 400, clusters: 40 })
    Object.assign(record!.fields, {
      counts: { cyber: counts },
      judges: [judge],
      judgedBy: { rates: { cyber: ['cyber-rules'] } },
    })
    const calibration = {
      id: 'c1',
      about: {},
      fields: {
        graders: [judge],
        event: 'breach',
        alone: [],
        overall: {
          sensitivityCounts: [
            [1, 1, 10],
            [0, 1, 10],
          ],
          specificityCounts: [[1, 1, 100]],
        },
      },
    } as unknown as EvidenceRecord
    const [bound] = parseThresholds(yaml('    side: value\n    atMost: 0.06\n'), 'f')
    expect(checkThresholds([bound!], [record!])[0]).toMatchObject({
      status: 'passed',
      corrected: false,
      evidence: ['e1'],
    })
    const [corrected] = checkThresholds([bound!], [record!], [calibration])
    expect(corrected).toMatchObject({ status: 'failed', corrected: true, evidence: ['e1', 'c1'] })
    expect(corrected?.measured).toBeCloseTo(0.1, 12)
  })
})
