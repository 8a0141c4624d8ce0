import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type EvidenceRecord, PREDICATE_BASE } from '../evidence/type.ts'
import type { Obligation } from './obligation.ts'
import { type GateInput, judge } from './verdict.ts'

const release = { name: 'm@2', snapshot: 'id:m2', configuration: 'safeguarded' as const }

let count = 0
function record(
  type: string,
  fields: Record<string, unknown> = {},
  more: Partial<EvidenceRecord> = {},
): EvidenceRecord {
  const index = more.index ?? count
  count++
  return {
    id: `e${count}`,
    digest: `${count}`,
    predicateType: PREDICATE_BASE + type,
    about: { release: 'm@2', snapshot: 'id:m2', configuration: 'safeguarded' },
    recordedAt: new Date('2026-01-01T00:00:00Z'),
    state: 'logged',
    index,
    epoch: 0,
    sequence: count,
    signers: ['evidence-key'],
    fields,
    bulk: undefined,
    attachments: [],
    supersedes: undefined,
    retracts: undefined,
    supersededBy: undefined,
    retractedBy: undefined,
    ...more,
  }
}

function obligation(id: string, more: Partial<Obligation> = {}): Obligation {
  return {
    id,
    title: id,
    promise: 'a promise',
    binds: 'release',
    force: 'asked',
    due: 'before',
    rule: (context) => {
      const found = context.applies(context.evidence(`${PREDICATE_BASE}test/act/v1`))
      return found.length > 0
        ? { status: 'met', why: 'done', evidence: found.map((r) => r.id) }
        : { status: 'missing', why: 'nothing is recorded', evidence: [] }
    },
    ...more,
  }
}

function input(evidence: EvidenceRecord[], more: Partial<GateInput> = {}): GateInput {
  return {
    release,
    obligations: [obligation('1.1')],
    evidence,
    thresholds: undefined,
    spool: { holds: [], unreadable: undefined },
    personKeys: new Set(['alice', 'bob']),
    log: { origin: 'o', size: 100 },
    moment: new Date('2026-02-01T00:00:00Z'),
    ...more,
  }
}

const status = (evidence: EvidenceRecord[], more: Partial<GateInput> = {}) =>
  judge(input(evidence, more)).obligations[0]!.status

describe('judge', () => {
  it('lets a rule of a release look at how the company works, and keeps it out of what is about the release', () => {
    const seen: number[] = []
    const looking = obligation('1.1', {
      rule: ({ evidence }) => {
        const act = `${PREDICATE_BASE}test/act/v1`
        seen.push(evidence(act).length, evidence(act, 'company').length)
        return { status: 'missing', why: 'looked', evidence: [] }
      },
    })
    const about = [{ release: 'm@2' }, {}, {}, { release: 'other@1' }]
    judge(
      input(
        about.map((one) => record('test/act/v1', {}, { about: one })),
        { obligations: [looking] },
      ),
    )
    expect(seen).toEqual([1, 2])
  })

  it('says missing, and why, where nothing is recorded', () => {
    const verdict = judge(input([]))
    expect(verdict).toMatchObject({ ready: false, decision: null, scope: { decision: 'undecided' } })
    expect(verdict.blockers).toEqual(['1.1 1.1 is missing: nothing is recorded'])
  })

  it('counts only what is logged, and neither superseded nor retracted', () => {
    expect(status([record('test/act/v1')])).toBe('met')
    expect(status([record('test/act/v1', {}, { state: 'accepted', index: undefined })])).toBe('missing')
    expect(status([record('test/act/v1', {}, { supersededBy: 'x' })])).toBe('missing')
    expect(status([record('test/act/v1', {}, { retractedBy: 'x' })])).toBe('missing')
  })

  it('does not let another snapshot or configuration count, until a statement carries it over', () => {
    const other = record(
      'test/act/v1',
      {},
      { about: { release: 'm@2', snapshot: 'id:old', configuration: 'safeguarded' } },
    )
    expect(status([other])).toBe('missing')
    expect(
      status([other, record('core/carry-over/v1', { evidence: [other.id], reason: 'same weights' })]),
    ).toBe('met')
    expect(
      status([
        record('test/act/v1', {}, { about: { release: 'm@2', snapshot: 'id:m2', configuration: 'bare' } }),
      ]),
    ).toBe('missing')
    expect(status([record('test/act/v1', {}, { about: { release: 'm@1' } })])).toBe('missing')
  })

  it('does not let what was logged after the ship decision mend what was due before', () => {
    const ship = record(
      'core/decision/v1',
      { decision: 'ship', reason: 'r', decidedBy: 'local', ready: false },
      { index: 10 },
    )
    expect(status([record('test/act/v1', {}, { index: 9 }), ship])).toBe('met')
    expect(status([ship, record('test/act/v1', {}, { index: 11 })])).toBe('missing')
    expect(
      status([ship, record('test/act/v1', {}, { index: 11 })], {
        obligations: [obligation('1.1', { due: 'at' })],
      }),
    ).toBe('met')
  })

  it('forgets what is older than an obligation allows', () => {
    const obligations = [obligation('1.1', { freshDays: 10 })]
    expect(status([record('test/act/v1')], { obligations })).toBe('missing')
    expect(
      status([record('test/act/v1', {}, { recordedAt: new Date('2026-01-25T00:00:00Z') })], { obligations }),
    ).toBe('met')
  })

  it('is ready without what is standing, at release, or only offered', () => {
    const obligations = [
      obligation('2.1', { due: 'standing' }),
      obligation('5.1', { due: 'at' }),
      obligation('2.3', { force: 'may' }),
    ]
    expect(judge(input([], { obligations })).ready).toBe(true)
  })

  it('exempts by a decision that a person signed, and shows its reason', () => {
    const fields = { obligation: '1.1', kind: 'exempt', reason: 'no audio' }
    const verdict = judge(
      input([record('core/exemption/v1', fields, { signers: ['evidence-key', 'alice'] })]),
    )
    expect(verdict.obligations[0]).toMatchObject({ status: 'exempt', why: 'no audio' })
    expect(verdict.ready).toBe(true)
  })

  it('tells of an exemption that no person signed, and does not count it', () => {
    const fields = { obligation: '1.1', kind: 'exempt', reason: 'no audio' }
    const unsigned = record('core/exemption/v1', fields)
    const verdict = judge(input([unsigned]))
    expect(verdict.obligations[0]).toMatchObject({
      status: 'missing',
      why: 'nothing is recorded An exemption that no person signed does not count: no audio',
      evidence: [unsigned.id],
    })
    expect(verdict.ready).toBe(false)
    // nor does a later one take the place of one that was signed
    const signed = record('core/exemption/v1', { ...fields, reason: 'text only' }, { signers: ['bob'] })
    expect(judge(input([signed, unsigned])).obligations[0]).toMatchObject({ why: 'text only' })
  })

  it('exempts what is missing where the release is out of scope, never the comparison itself', () => {
    const scope = obligation('0.1', {
      rule: () => ({
        status: 'met',
        why: 'w',
        evidence: ['c'],
        scope: { decision: 'out', why: 'weaker', evidence: ['c'] },
      }),
    })
    const verdict = judge(
      input([], { obligations: [scope, obligation('1.1'), obligation('2.1', { binds: 'company' })] }),
    )
    expect(verdict.obligations.map((o) => o.status)).toEqual(['met', 'exempt', 'missing'])
  })

  it('closes on a hold until two people lift it', () => {
    const act = record('test/act/v1')
    const hold = record('core/hold/v1', { reason: 'a doubt' })
    const lift = (signers: string[]) =>
      record('core/hold-lifted/v1', { hold: hold.id, reason: 'r' }, { signers })
    expect(judge(input([act])).ready).toBe(true)
    expect(judge(input([act, hold])).blockers).toEqual(['A hold stands: a doubt'])
    expect(judge(input([act, hold, lift(['evidence-key'])])).ready).toBe(false)
    expect(judge(input([act, hold, lift(['evidence-key', 'alice'])])).ready).toBe(false)
    expect(judge(input([act, hold, lift(['evidence-key', 'alice', 'alice'])])).ready).toBe(false)
    expect(judge(input([act, hold, lift(['evidence-key', 'alice', 'mallory'])])).ready).toBe(false)
    expect(judge(input([act, hold, lift(['evidence-key', 'alice', 'bob'])])).ready).toBe(true)
  })

  it('closes on a spooled hold, once, and on a spool that cannot be read', () => {
    const act = record('test/act/v1')
    const spool = { holds: [{ id: 's1', reason: 'urgent' }], unreadable: undefined }
    expect(judge(input([act], { spool })).holds).toEqual([{ id: 's1', reason: 'urgent', spooled: true }])
    expect(
      judge(input([act, record('core/hold/v1', { reason: 'urgent', spooled: 's1' })], { spool })).holds,
    ).toHaveLength(1)
    expect(judge(input([act], { spool: { holds: [], unreadable: 'x.json: junk' } })).ready).toBe(false)
  })

  it('lists open findings, the gravest first, without blocking', () => {
    const finding = (severity: string, state: string) =>
      record('core/finding/v1', {
        finding: 'f',
        title: 't',
        severity,
        domain: 'cyber',
        state,
        events: 1,
        trials: 9,
      })
    const verdict = judge(
      input([
        record('test/act/v1'),
        finding('low', 'open'),
        finding('critical', 'open'),
        finding('high', 'fixed'),
      ]),
    )
    expect(verdict.openFindings.map((f) => f.severity)).toEqual(['critical', 'low'])
    expect(verdict.ready).toBe(true)
  })

  it('counts the leaves it looked at and those it did not', () => {
    expect(judge(input([record('test/act/v1')])).basis).toMatchObject({
      treeSize: 100,
      opened: 1,
      unopened: 99,
    })
  })

  it('depends on nothing but its input', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('test/act/v1', 'core/hold/v1', 'core/decision/v1', 'core/exemption/v1')),
        (types) => {
          const evidence = types.map((type) =>
            record(type, { reason: 'r', decision: 'ship', obligation: '1.1', kind: 'exempt' }),
          )
          const given = input(evidence)
          const before = structuredClone(evidence)
          expect(judge(given)).toEqual(judge(given))
          expect(evidence).toEqual(before)
        },
      ),
    )
  })
})
