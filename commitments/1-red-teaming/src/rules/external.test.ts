import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Release } from '@avouch/core/obligation'
import { describe, expect, it } from 'vitest'
import { CAMPAIGN_RESULT, obligations } from '../obligations.ts'
import { ATTESTATION, INVITATION, MIN_HOURS, SESSION_ABANDONED, SESSION_RESULT } from './external.ts'

const release: Release = { name: 'example-model@2.0', snapshot: 'id:two', configuration: 'bare' }
let made = 0

function record(predicateType: string, fields: object, over: Partial<EvidenceRecord> = {}): EvidenceRecord {
  made++
  return {
    id: `e${made}`,
    digest: 'd',
    predicateType,
    about: { release: release.name, snapshot: 'id:two', configuration: 'bare' },
    recordedAt: new Date(0),
    state: 'logged',
    index: made,
    epoch: 0,
    sequence: made,
    signers: ['ours', 'person'],
    bulk: undefined,
    attachments: [],
    supersedes: undefined,
    retracts: undefined,
    supersededBy: undefined,
    retractedBy: undefined,
    ...over,
    fields: { ...fields },
  }
}
type Hours = { byDomain: Record<string, number>; active?: number }
/** Whoever is not said to have acted for less was seen to act for half of what they state. */
const session = (
  change: { hours?: Hours | undefined; [field: string]: unknown } = {},
  over: Partial<EvidenceRecord> = {},
) => {
  const hours: Hours | undefined = 'hours' in change ? change.hours : { byDomain: { cyber: MIN_HOURS } }
  const stated = Object.values(hours?.byDomain ?? {}).reduce((sum, one) => sum + one, 0)
  const given = {
    expert: 'one',
    turns: { answered: 30 },
    expertOf: ['cyber'],
    independent: true,
    ...change,
    ...(hours && { hours: { active: stated / 2, ...hours } }),
  }
  return record(SESSION_RESULT, given, over)
}
const attestation = (change: object = {}, over: Partial<EvidenceRecord> = {}) =>
  record(
    ATTESTATION,
    {
      organisation: 'Example Institute',
      signed: true,
      independent: true,
      hours: { byDomain: { cbr: 60 } },
      ...change,
    },
    over,
  )
const covered = { behaviours: 8, behavioursGraded: 8, planned: 100, executed: 100, graded: 100 }
const campaign = () => record(CAMPAIGN_RESULT, { internal: true, coverage: { cyber: covered, cbr: covered } })
const elsewhere = { about: { release: release.name, snapshot: 'id:one', configuration: 'bare' as const } }

function answer(id: string, ...records: EvidenceRecord[]) {
  return obligations
    .find((one) => one.id === id)!
    .rule({
      release,
      moment: new Date(0),
      evidence: (type) => records.filter(({ predicateType }) => predicateType === type),
      applies: (some) => some.filter(({ about }) => about.snapshot === release.snapshot),
      signedByPerson: ({ signers }) => signers.includes('person'),
    })
}

describe('external testing, 1.2', () => {
  it('is missing where nobody came, and says so where somebody was invited', () => {
    expect(answer('1.2')).toMatchObject({ status: 'missing', evidence: [] })
    expect(answer('1.2', record(INVITATION, {}))).toMatchObject({
      status: 'missing',
      why: expect.stringContaining('invited'),
    })
    expect(answer('1.2', session({ turns: { answered: 0 } }))).toMatchObject({ status: 'missing' })
  })

  it('is met by a signed session of an independent expert of the domain, or a signed attestation, on what ships', () => {
    const one = session()
    expect(answer('1.2', one)).toMatchObject({ status: 'met', evidence: [one.id] })
    expect(answer('1.2', attestation())).toMatchObject({ status: 'met' })
    const both = answer('1.2', session(), session(), session({ expert: 'two' }), attestation())
    expect(both.why).toContain('2 experts and 1 organisation')
    expect(both.why).toContain('72 hours in cbr, cyber')
  })

  it.each([
    ['nobody signed', () => session({}, { signers: ['ours'] }), 'nobody signed'],
    ['it was abandoned', () => record(SESSION_ABANDONED, { turns: { answered: 3 } }), 'nobody signed'],
    ['nobody signed the attestation', () => attestation({ signed: false }), 'nobody signed'],
    ['they are not independent', () => session({ independent: false }), 'not independent'],
    ['it was another snapshot', () => session({}, elsewhere), 'another snapshot'],
    ['it was too short', () => session({ hours: { byDomain: { cyber: MIN_HOURS - 0.1 } } }), 'hours'],
    [
      'it was in a domain not their own',
      () => session({ hours: { byDomain: { cbr: 100, cyber: 1 } } }),
      '1 hours in their own domains',
    ],
    ['hours were erased', () => session({ hours: undefined }), '0 hours'],
  ])('is partly met where %s, and says why', (_what, make, says) => {
    const one = make()
    const found = answer('1.2', one)
    expect(found).toMatchObject({ status: 'partly', evidence: [one.id] })
    expect(found.why).toContain(says)
  })

  it('counts hours of a session twice as far as its expert was seen to act, and says so', () => {
    // a greeting in a session that then stood open
    const greeting = session({ hours: { byDomain: { cyber: 8 }, active: 0.17 } })
    expect(answer('1.2', greeting)).toMatchObject({
      status: 'partly',
      why: expect.stringMatching(/for 0\.34 hours, and 4 are asked for\..* seen to act/),
    })
    expect(answer('1.4', campaign(), greeting).status).toBe('partly')
    const silent = session({ hours: { byDomain: { cyber: 8 }, active: 0 } })
    expect(answer('1.2', silent).status).toBe('partly')
    const both = { hours: { byDomain: { cyber: 6, cbr: 2 }, active: 2 } }
    expect(answer('1.2', session({ ...both, expertOf: ['cyber', 'cbr'] })).why).toContain(
      '4 hours in cbr, cyber',
    )
    // what was worked beyond their own domains takes its part of what they were seen to do
    expect(answer('1.2', session(both))).toMatchObject({
      status: 'partly',
      why: expect.stringContaining('3 hours'),
    })
  })

  it('counts sessions that one expert had open at once as one', () => {
    const at = (from: number, to: number, expert = 'one') =>
      session({
        expert,
        hours: { byDomain: { cyber: MIN_HOURS / 2 } },
        startedAt: `2026-01-05T${from}:00:00.000Z`,
        endedAt: `2026-01-05T${to}:00:00.000Z`,
      })
    expect(answer('1.2', at(10, 13), at(11, 14))).toMatchObject({
      status: 'partly',
      why: expect.stringContaining('the same work once'),
    })
    expect(answer('1.2', at(10, 13), at(13, 16)).status).toBe('met')
    expect(answer('1.2', at(10, 13), at(11, 14, 'two')).status).toBe('met')
  })

  it('counts what an organisation attests of the same days once, however often it is signed', () => {
    const days = { from: '2026-01-05', to: '2026-01-16' }
    const half = { hours: { byDomain: { cyber: MIN_HOURS / 2 } }, ...days }
    expect(answer('1.2', attestation(half), attestation(half)).status).toBe('partly')
    const respelled = attestation({ ...half, organisation: ' example  institute' })
    expect(answer('1.2', attestation(half), respelled).status).toBe('partly')
    // one key is one organisation, whatever it calls itself
    const signature = { fingerprint: 'SHA256:one' }
    const renamed = attestation({ ...half, signature, organisation: 'Example Laboratory' })
    expect(answer('1.2', attestation({ ...half, signature }), renamed).status).toBe('partly')
    const later = attestation({ ...half, from: '2026-01-17', to: '2026-01-20' })
    expect(answer('1.2', attestation(half), later).status).toBe('met')
    expect(answer('1.2', attestation(half), attestation({ ...half, organisation: 'Other' })).status).toBe(
      'met',
    )
    // an unsigned copy takes nothing away from the signed one
    const full = { hours: { byDomain: { cyber: 9 } }, ...days }
    expect(answer('1.2', attestation({ ...full, signed: false }), attestation(full)).status).toBe('met')
  })

  it('names the keys that have to be known from elsewhere', () => {
    const signed = attestation({ signature: { fingerprint: 'SHA256:made-up' } })
    expect(answer('1.2', signed)).toMatchObject({
      status: 'met',
      why: expect.stringContaining('Whose key SHA256:made-up is has to be known from elsewhere.'),
    })
    expect(answer('1.2', session()).why).not.toContain('elsewhere')
  })

  it('adds hours up over those that count alone', () => {
    const half = { hours: { byDomain: { cyber: MIN_HOURS / 2 } } }
    expect(answer('1.2', session(half), session(half)).status).toBe('met')
    expect(answer('1.2', session(half), session({ ...half, independent: false })).status).toBe('partly')
    expect(answer('1.2', session(half), session(half, elsewhere)).status).toBe('partly')
  })
})

describe('bio, chemical and radiological risk and cyber, 1.3 and 1.4', () => {
  it('are met by a campaign with people’s signed work in the domain beside it', () => {
    expect(answer('1.4', campaign()).status).toBe('partly')
    expect(answer('1.4', campaign(), session())).toMatchObject({ status: 'met' })
    expect(answer('1.3', campaign(), session()).status).toBe('partly')
    expect(answer('1.3', campaign(), attestation()).status).toBe('met')
    // 1.2 asks for independence; these ask what the model can do.
    expect(answer('1.4', campaign(), session({ independent: false })).status).toBe('met')
  })

  it('are partly met by people alone, and where their work does not count', () => {
    expect(answer('1.4', session())).toMatchObject({
      status: 'partly',
      why: expect.stringContaining('no campaign'),
    })
    for (const short of [
      session({ hours: { byDomain: { cyber: 1 } } }),
      session({}, { signers: ['ours'] }),
      session({}, elsewhere),
      session({ expertOf: ['cbr'] }),
    ])
      expect(answer('1.4', campaign(), short).status).toBe('partly')
  })

  it('are met by a campaign with a study of uplift or a sealed one, unless it failed', () => {
    const study = (change: object, over: Partial<EvidenceRecord> = {}) =>
      record(
        'https://avouch.dev/evidence/core/study-result/v1',
        { domain: 'cbr', kind: 'uplift', sealed: false, outcome: 'null', ...change },
        over,
      )
    expect(answer('1.3', campaign(), study({})).status).toBe('met')
    expect(answer('1.3', campaign(), study({ kind: 'experimental', sealed: true })).status).toBe('met')
    const plan = (study: string, existing: string) =>
      record('https://avouch.dev/evidence/core/study-plan/v1', { study, plan: { sample: { existing } } })
    // registered after its results
    expect(answer('1.3', campaign(), plan('s', 'analysed'), study({ study: 's' })).status).toBe('partly')
    expect(answer('1.3', campaign(), plan('s', 'none-yet'), study({ study: 's' })).status).toBe('met')
    expect(answer('1.3', campaign(), plan('other', 'analysed'), study({ study: 's' })).status).toBe('met')
    for (const other of [{ outcome: 'failed' }, { domain: 'cyber' }, { kind: 'experimental' }])
      expect(answer('1.3', campaign(), study(other)).status).toBe('partly')
    for (const kind of [{}, { kind: 'outside' }, { kind: 'experimental', sealed: true }])
      expect(answer('1.3', campaign(), study(kind, { signers: ['ours'] }))).toMatchObject({
        status: 'partly',
        why: expect.stringContaining('no person signed it with their passkey'),
      })
    expect(answer('1.3', campaign(), study({}, { signers: ['ours'] }), attestation()).status).toBe('met')
  })

  it('name the expert packs that came sealed, which are part of the campaign', () => {
    const withPack = campaign()
    const pack = { digest: 'ab'.repeat(32), domain: 'cbr', executed: 40, planned: 40, breaches: 0 }
    withPack.fields.sealedPacks = [pack, { ...pack, domain: 'cyber', executed: 0 }]
    const { status, why } = answer('1.3', withPack)
    expect(status).toBe('partly')
    expect(why).toContain('40 of these answers are to questions that experts sealed (pack abababababab)')
    expect(answer('1.4', withPack).why).toContain('none of the questions that experts sealed was answered')
    expect(answer('1.7', campaign()).why).not.toContain('sealed')
  })
})
