import type { EvidenceRecord } from '@avouch/core/evidence'
import type { RuleContext } from '@avouch/core/obligation'
import { describe, expect, it } from 'vitest'
import * as types from './marks.ts'
import { ROBUSTNESS, ROBUSTNESS_PLAN } from './robustness.ts'

const { detectable, exempted, marked, namesNobody, shared } = types

/** What a rule is given, out of a type and fields for each piece of evidence. */
function context(...given: [type: string, fields: Record<string, unknown>][]): RuleContext {
  const records = given.map(
    ([predicateType, fields], at) =>
      ({ id: `e${at}`, sequence: at, predicateType, fields, about: {} }) as unknown as EvidenceRecord,
  )
  return {
    release: { name: 'example-model@2.0', snapshot: undefined, configuration: undefined },
    moment: new Date('2026-11-20'),
    // robustness is measured for the company
    evidence: (type, about) =>
      records.filter(
        ({ predicateType }) =>
          predicateType === type &&
          [ROBUSTNESS, ROBUSTNESS_PLAN].includes(String(type)) === (about === 'company'),
      ),
    applies: (found) => found,
    signedByPerson: ({ fields }) => fields.unsigned !== true,
  }
}

const run = (
  value: number,
  accepted = 0,
  state = 'completed',
  whole = true,
  low = value - 0.02,
  files = 50,
) => ({
  state,
  whole,
  plan: 'p',
  rows: [
    {
      system: 'rival',
      change: 'expected',
      size: 'large',
      marked: { rate: { value: 0.1, low: 0, high: 1, clusters: 1 } },
    },
    {
      system: 'ours',
      change: 'expected',
      size: 'large',
      marked: { rate: { value, low, high: 1, clusters: files } },
    },
    { system: 'ours', change: 'expected', size: 'all', unmarked: { executed: 300, accepted } },
  ],
})
const batch = { marked: 10, layers: { watermark: 10, manifest: 10, register: 10 }, refused: 0, failed: 0 }

describe('the rules of content provenance', () => {
  it('5.1 asks for marks on all of it, and for their robustness', () => {
    expect(marked(context()).status).toBe('missing')
    expect(marked(context([types.MARKING, batch]))).toMatchObject({ status: 'partly', evidence: ['e0'] })
    expect(marked(context([types.MARKING, batch], [ROBUSTNESS, run(0.99)])).status).toBe('met')
    expect(marked(context([types.MARKING, batch], [ROBUSTNESS, run(0.99)])).why).toContain(
      '99.0 % (97.0 % to 100.0 %)',
    )
    expect(marked(context([types.MARKING, batch], [ROBUSTNESS, run(0.5)])).status).toBe('partly')
    const withSound = { ...batch, kinds: { jpeg: 7, wav: 3 } }
    expect(marked(context([types.MARKING, withSound], [ROBUSTNESS, run(0.99)]))).toMatchObject({
      status: 'partly',
      why: expect.stringContaining('3 of them are sound'),
    })
    const inSound = (notRun: string | null) => {
      const { rows, ...rest } = run(0.98)
      const mp3 = { system: 'ours', change: 'mp3-64', size: 'all', expected: 'survives', notRun }
      const of = (row: { size: string }) => ({ ...row, size: row.size === 'large' ? 'long' : row.size })
      return { ...rest, medium: 'sound', rows: [...rows.map(of), mp3] }
    }
    const sounds: [string, Record<string, unknown>] = [types.MARKING, { ...batch, kinds: { wav: 10 } }]
    expect(marked(context(sounds, [ROBUSTNESS, run(0.99)])).why).toContain('not measured')
    expect(marked(context(sounds, [ROBUSTNESS, inSound(null)])).status).toBe('met')
    expect(marked(context(sounds, [ROBUSTNESS, inSound('ffmpeg is not there')]))).toMatchObject({
      status: 'partly',
      why: expect.stringContaining('not run: mp3-64'),
    })
    const both = marked(
      context([types.MARKING, withSound], [ROBUSTNESS, run(0.99)], [ROBUSTNESS, inSound(null)]),
    )
    expect(both).toMatchObject({ status: 'met', evidence: ['e0', 'e1', 'e2'] })
    expect(both.why).toContain('50 sounds of ten seconds and more')
    // all of too few pictures shows little
    const few = run(1, 0, 'completed', true, 0.51)
    expect(marked(context([types.MARKING, batch], [ROBUSTNESS, few])).status).toBe('partly')
    const unresolved = context(
      [types.MARKING, batch],
      [ROBUSTNESS_PLAN, {}],
      [ROBUSTNESS_PLAN, {}],
      [ROBUSTNESS, run(0.99)],
    )
    expect(marked(unresolved).why).toContain('1 of 2 planned runs have no result')
    for (const nothing of [{}, run(0.99, 0, 'abandoned'), run(0.99, 0, 'completed', false)])
      expect(marked(context([types.MARKING, batch], [ROBUSTNESS, nothing])).why).toContain('not measured')
    const bare = { ...batch, layers: { ...batch.layers, watermark: 8 }, refused: 1 }
    const some = marked(context([types.MARKING, bare], [ROBUSTNESS, run(0.99)]))
    expect(some).toMatchObject({ status: 'partly' })
    expect(some.why).toContain('2 of them have no watermark')
    expect(some.why).toContain('1 more')
  })

  it('5.2 asks for a check that was tried, that erred in nothing, and for its error rates', () => {
    const right = { marked: { tried: 5, found: 5 }, unmarked: { tried: 5, found: 0 }, errors: 0 }
    expect(detectable(context()).status).toBe('missing')
    expect(detectable(context([types.DETECTION, right])).status).toBe('partly')
    expect(detectable(context([types.DETECTION, right], [ROBUSTNESS, run(0.99)])).status).toBe('met')
    expect(detectable(context([types.DETECTION, right], [ROBUSTNESS, run(0.99, 1)])).status).toBe('partly')
    const few = detectable(
      context([types.DETECTION, right], [ROBUSTNESS, run(1, 0, 'completed', true, 0.2, 1)]),
    )
    expect(few).toMatchObject({
      status: 'partly',
      why: expect.stringContaining('10 pictures are the fewest'),
    })
    for (const wrong of [
      { ...right, errors: 1 },
      { ...right, marked: { tried: 5, found: 4 } },
      { ...right, unmarked: { tried: 5, found: 1 } },
      { ...right, unmarked: { tried: 0, found: 0 } },
      {},
    ])
      expect(detectable(context([types.DETECTION, wrong], [ROBUSTNESS, run(0.99)])).status).toBe('partly')
  })

  it('5.3 asks what marks say, and that looking for people found nothing', () => {
    expect(namesNobody(context()).status).toBe('missing')
    expect(namesNobody(context([types.SERVICE, {}])).status).toBe('partly')
    expect(namesNobody(context([types.SERVICE, {}], [types.PRIVACY, { unexpected: [] }])).status).toBe('met')
    expect(namesNobody(context([types.SERVICE, {}], [types.PRIVACY, { unexpected: ['a'] }])).status).toBe(
      'partly',
    )
    expect(namesNobody(context([types.SERVICE, {}], [types.PRIVACY, {}])).status).toBe('partly')
  })

  it('5.4 names what is exempt until it ends', () => {
    const voice = { class: 'default-voice', ends: false }
    expect(exempted(context()).status).toBe('missing')
    expect(exempted(context([types.EXEMPTION, voice])).why).toContain('default-voice')
    const ended = exempted(
      context([types.SERVICE, {}], [types.EXEMPTION, voice], [types.EXEMPTION, { ...voice, ends: true }]),
    )
    expect(ended).toMatchObject({ status: 'met', why: expect.stringContaining('No content') })
    const own = { ...voice, unsigned: true }
    expect(exempted(context([types.EXEMPTION, own]))).toMatchObject({
      status: 'missing',
      why: expect.stringContaining('nobody signed neither exempts nor ends anything: default-voice'),
    })
    // what nobody signed ends nothing either
    const meant = exempted(context([types.EXEMPTION, voice], [types.EXEMPTION, { ...own, ends: true }]))
    expect(meant).toMatchObject({
      status: 'met',
      why: expect.stringContaining('signed by people: default-voice.'),
    })
    const erased = exempted(context([types.EXEMPTION, voice], [types.EXEMPTION, { class: 'default-voice' }]))
    expect(erased.status).toBe('missing')
  })

  it('5.5 asks for both: reading others rightly, and work with a body', () => {
    const read = { files: [1, 2], agreed: 2 }
    expect(shared(context()).status).toBe('missing')
    expect(shared(context([types.CONFORMANCE, read])).status).toBe('partly')
    const body = { body: 'Example Standards Body' }
    expect(shared(context([types.CONFORMANCE, read], [types.PARTICIPATION, body])).status).toBe('met')
    expect(
      shared(context([types.CONFORMANCE, { ...read, agreed: 1 }], [types.PARTICIPATION, body])).status,
    ).toBe('partly')
    const asked = { checks: [1, 2, 3], agreed: 3 }
    const joined = [types.PARTICIPATION, body] as [string, Record<string, unknown>]
    expect(shared(context([types.RESOLUTION, asked])).status).toBe('partly')
    expect(shared(context([types.RESOLUTION, asked], joined)).status).toBe('met')
    // neither makes up for the other
    const both = shared(
      context([types.CONFORMANCE, { ...read, agreed: 1 }], [types.RESOLUTION, asked], joined),
    )
    expect(both).toMatchObject({ status: 'partly', why: expect.stringContaining('1 of 2 C2PA test files') })
    expect(shared(context([types.RESOLUTION, { agreed: 0 }], joined)).status).toBe('partly')
  })
})
