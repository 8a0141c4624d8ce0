import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Claim } from '@avouch/core/gate'
import { expect, test } from 'vitest'
import { asPublished, buildReport } from '../src/report.ts'
import { claims, exampleInput, verdict } from './example.ts'

/** The example with its last claim (the campaign) changed. */
function withCampaign(change: (claim: Claim) => Partial<Claim>) {
  const campaign = claims.at(-1)!
  return exampleInput({ claims: [...claims.slice(0, -1), { ...campaign, ...change(campaign) }] })
}

function withEvidence(change: Partial<EvidenceRecord>) {
  const { evidence } = exampleInput()
  return exampleInput({ evidence: [{ ...evidence[0]!, ...change }, ...evidence.slice(1)] })
}

const refused = (code: string, ...words: string[]) =>
  expect.objectContaining({
    code,
    message: expect.stringContaining(words[0]!),
    where: expect.stringContaining(words[1] ?? ''),
  })

test('sections come in their fixed order, notes in that of first mention', () => {
  const report = buildReport(exampleInput({ claims: claims.toReversed() }))
  expect(report.sections.map(({ id }) => id).slice(0, 4)).toEqual([
    'scope',
    'capabilities',
    'limitations',
    'domains-of-use',
  ])
  expect(report.notes.map(({ figure }) => figure.id).slice(0, 4)).toEqual([
    'ability',
    'uplift',
    'planned',
    'executed',
  ])
  expect(report.cites).toEqual(['0.1', '1.1', '1.3', '1.4', '1.5', '1.6', '1.7', '6.2', '6.3', '6.5'])
  expect(report.draft).toBe(true)
})

test('a claim that holds nothing traced serves nothing', () => {
  const bare: Claim = {
    section: 'societal-risk',
    title: 'Words',
    serves: ['6.4'],
    prose: ['We care.'],
    figures: [],
  }
  expect(buildReport(exampleInput({ claims: [bare] })).cites).toEqual([])
})

test.each<[string, (claim: Claim) => Partial<Claim>]>([
  ['prose', () => ({ prose: ['Of 412 attempts none broke through.'] })],
  ['title', () => ({ title: 'All 5 domains' })],
  ['label', ({ figures }) => ({ figures: figures.map((one) => ({ ...one, label: 'Top 5' })) })],
  ['caption', ({ tables }) => ({ tables: tables!.map((one) => ({ ...one, caption: 'All 5' })) })],
  ['alternative text', ({ plots }) => ({ plots: plots!.map((one) => ({ ...one, alt: 'Highest at 11 %' })) })],
  [
    'withheld',
    ({ figures }) => ({
      withheld: [
        { title: 'The 8 tasks', reason: 'r', evidence: figures[0]!.source.evidence, pointer: '/planned' },
      ],
    }),
  ],
])('a bare number in the %s fails the build', (part, change) => {
  expect(() => buildReport(withCampaign(change))).toThrow(
    refused('input', 'bare number', part === 'prose' ? 'sentence' : part),
  )
})

test('a figure that nobody defines, or that two define, fails the build', () => {
  expect(() => buildReport(withCampaign(() => ({ prose: ['It was {{nothing}}.'] })))).toThrow(
    refused('input', '"nothing"'),
  )
  expect(() => buildReport(withCampaign(({ figures }) => ({ figures: [...figures, figures[0]!] })))).toThrow(
    refused('input', 'defined twice'),
  )
})

test.each<[string, Partial<EvidenceRecord>]>([
  ['was superseded', { supersededBy: 'x' }],
  ['was retracted', { retractedBy: 'x' }],
  ['was erased', { state: 'erased' }],
  ['is not logged yet', { state: 'accepted', index: undefined }],
  ['is not in the log', { id: 'other', digest: 'ff'.repeat(32) }],
])('evidence that %s fails the build, naming claim and figure', (words, change) => {
  expect(() => buildReport(withEvidence(change))).toThrow(
    refused('proof', words, 'claim "Five domains, attacked by machine", figure "planned"'),
  )
})

test('a computed figure that does not recompute fails the build, in value, interval or count', () => {
  for (const wrong of [
    { value: 0.01 },
    { n: 481 },
    { interval: { low: 0, high: 0.2, level: 0.95 } },
    { method: 'mean/v9' },
  ]) {
    const change = ({ figures }: Claim) => ({
      figures: figures.map((one) => (one.id === 'rate-cyber' ? { ...one, ...wrong } : one)),
    })
    expect(() => buildReport(withCampaign(change))).toThrow(
      refused('proof', 'does not follow', 'figure "rate-cyber"'),
    )
  }
})

test('an attested figure needs a signer and a document that its evidence names', () => {
  const [, , , , uplift] = claims
  for (const attestation of [
    undefined,
    { signer: 'Somebody else', document: uplift!.figures[0]!.attestation!.document },
  ]) {
    const changed = { ...uplift!, figures: [{ ...uplift!.figures[0]!, attestation }] }
    expect(() => buildReport(exampleInput({ claims: [changed] }))).toThrow(
      refused('proof', 'does not follow', 'uplift'),
    )
  }
})

test('a table whose rows do not fit its columns fails the build', () => {
  const change = ({ tables }: Claim) => ({
    tables: [{ ...tables![0]!, columns: ['One', 'Two', 'Three', 'Four'] }],
  })
  expect(() => buildReport(withCampaign(change))).toThrow(refused('input', 'other lengths'))
})

test('what publication itself answers is told apart from what the gate found', () => {
  const after = {
    ...verdict,
    obligations: verdict.obligations.map((one) =>
      one.id === '6.1' ? { ...one, status: 'met' as const } : one,
    ),
  }
  const report = asPublished(buildReport(exampleInput()), after)
  expect([...report.onPublication.keys()]).toEqual(['6.1'])
  expect(report.draft).toBe(false)
})
