import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Answer, Release } from '@avouch/core/obligation'
import { describe, expect, it } from 'vitest'
import { obligations } from '../obligations.ts'
import { SIGNERS } from '../pinning/pinned.ts'
import { SOURCE } from './followed.ts'
import { CUSTODY_STEP, SEALED, SIGNATURE } from './held.ts'

const release: Release = { name: 'example-model@2', snapshot: 'id:two', configuration: 'bare' }
const digest = (n: number): string => n.toString(16).padStart(64, '0')
const [FIRST, SECOND, MODEL, BASE] = [digest(1), digest(2), digest(100), digest(200)]
let made = 0

function record(predicateType: string, fields: Record<string, unknown>, snapshot?: string): EvidenceRecord {
  made++
  return {
    id: `e${made}`,
    digest: 'd',
    predicateType,
    about: { release: release.name, ...(snapshot !== undefined && { snapshot }) },
    recordedAt: new Date(0),
    state: 'logged',
    index: made,
    epoch: 0,
    sequence: made,
    signers: ['ours'],
    bulk: undefined,
    attachments: [],
    supersedes: undefined,
    retracts: undefined,
    supersededBy: undefined,
    retractedBy: undefined,
    fields,
  }
}

const sealed = (name: string, of: string, snapshot?: string): EvidenceRecord =>
  record(SEALED, { name, digest: of, object: name }, snapshot)
const OURS = digest(300)
const signedBy = (signer: string, ...files: string[]): EvidenceRecord =>
  record(SIGNATURE, {
    ...{ subjectDigest: MODEL, method: 'key', signer },
    files: files.map((one, n) => ({ name: `${n}`, digest: one })),
  })
const signed = (...files: string[]): EvidenceRecord => signedBy(OURS, ...files)
const pinned = (by: string, ...signers: string[]): EvidenceRecord => ({
  ...record(SIGNERS, { signers: signers.map((signer) => ({ name: 'pipeline', method: 'key', signer })) }),
  signers: [by],
})
const step = (kind: string, from: string[], to: string[]): EvidenceRecord =>
  record(CUSTODY_STEP, { step: kind, in: from, out: to })

const list = pinned('person', OURS)

function answer(...given: EvidenceRecord[]): Answer {
  const records = given.some(({ predicateType }) => predicateType === SIGNERS) ? given : [list, ...given]
  return obligations
    .find(({ id }) => id === '3.1')!
    .rule({
      release,
      moment: new Date(0),
      evidence: (type) => records.filter(({ predicateType }) => predicateType === type),
      applies: (some) => some.filter(({ about }) => about.snapshot === release.snapshot),
      signedByPerson: ({ signers }) => signers.includes('person'),
    })
}

const whole = [sealed('a', FIRST), sealed('b', SECOND), signed(FIRST, SECOND)]

describe('3.1', () => {
  it('is missing where nothing stands sealed, whatever is signed', () => {
    expect(answer().status).toBe('missing')
    expect(answer(signed(FIRST), step('train', [], [FIRST])).status).toBe('missing')
  })

  it('is met where all is sealed, signed and of known custody, by files or by the model', () => {
    const byFiles = [...whole, step('train', [], [BASE]), step('quantise', [BASE], [FIRST, SECOND])]
    expect(answer(...byFiles)).toMatchObject({
      status: 'met',
      evidence: expect.arrayContaining([list, ...byFiles].map(({ id }) => id)),
      why: expect.stringContaining(`signed by key ${OURS.slice(0, 16)}`),
    })
    expect(answer(...whole, step('import', [], [MODEL])).status).toBe('met')
    expect(answer(...whole, step('import', [], [MODEL]), step('deploy', [MODEL], [MODEL])).status).toBe('met')
  })

  it('is partly met, and says why, where anything of it lacks', () => {
    const train = step('train', [], [FIRST, SECOND])
    const partly = (why: RegExp, ...records: EvidenceRecord[]): void => {
      const { status, why: said } = answer(...records)
      expect(status).toBe('partly')
      expect(said).toMatch(why)
    }
    partly(/2 are without a model signature by [^;]*; 2 are without a chain/, whole[0]!, whole[1]!)
    partly(
      /sealed, but 1 is without a model signature by [^;]*\.$/,
      whole[0]!,
      whole[1]!,
      signed(FIRST),
      train,
    )
    partly(/1 is signed and not sealed/, whole[0]!, signed(FIRST, SECOND), train)
    partly(/1 is without a chain/, ...whole, step('train', [], [FIRST]))
    // back to something that nobody made
    partly(/2 are without a chain/, ...whole, step('quantise', [BASE], [FIRST, SECOND]))
    // two that made each other
    const circle = [step('quantise', [FIRST], [SECOND]), step('quantise', [SECOND], [FIRST])]
    partly(/2 are without a chain/, ...whole, ...circle)
    // one way back does not make up for another that leads nowhere
    partly(/2 are without a chain/, ...whole, train, step('merge', [BASE, MODEL], [FIRST, SECOND]))
    // moving makes nothing, and a model put together out of a file says nothing of the file
    partly(/2 are without a chain/, ...whole, step('copy', [FIRST, SECOND], [FIRST, SECOND]))
    partly(/2 are without a chain/, ...whole, step('merge', [FIRST, SECOND], [MODEL]))
    // erased fields lead nowhere
    partly(/2 are without a chain/, ...whole, record(CUSTODY_STEP, { step: 'train', out: [FIRST, SECOND] }))
  })

  it('counts signatures by signers whom two people pinned, and no others', () => {
    const mine = digest(301)
    const rest = [...whole.slice(0, 2), step('train', [], [FIRST, SECOND])]
    const partly = (why: RegExp, ...records: EvidenceRecord[]): void => {
      const { status, why: said } = answer(...rest, ...records)
      expect([status, said]).toEqual(['partly', expect.stringMatching(why)])
    }
    const self = signedBy(mine, FIRST, SECOND)
    partly(/a signature is by key 0{16}, .*anybody can have made/, self)
    // pinned by nobody's signature, or once and no longer
    partly(/2 are without a model signature/, self, pinned('ours', mine))
    partly(/2 are without/, self, pinned('person', mine, OURS), pinned('ours', OURS))
    expect(answer(...rest, self, pinned('person', mine)).status).toBe('met')
    expect(answer(...rest, self, pinned('person', mine, OURS), pinned('ours', mine)).status).toBe('met')
    // and a self-made signature beside one that counts changes nothing
    expect(answer(...rest, signed(FIRST, SECOND), self).status).toBe('met')
    const certified = record(SIGNATURE, { ...self.fields, method: 'certificate' })
    partly(/by certificate/, certified, pinned('person', mine))
  })

  it('counts only the snapshot that ships, where sealing names one', () => {
    const rest = [signed(FIRST), step('train', [], [FIRST])]
    expect(answer(sealed('a', FIRST, 'id:two'), ...rest).status).toBe('met')
    expect(answer(sealed('a', FIRST, 'id:one'), ...rest).status).toBe('missing')
  })

  it('is met by the logs of own storage, where they tell of encryption and the signed files lead back', () => {
    const log = (model: Record<string, unknown>, over: Record<string, unknown> = {}): EvidenceRecord =>
      record(SOURCE, {
        ...{ source: 'cloudtrail', unreadable: 0, counts: { malformed: 0 }, ...over },
        model: {
          ...{ objects: 2, unsized: 0, events: 9, encrypted: 9, unencrypted: 0, unmapped: 0 },
          reads: {},
          ...model,
        },
      })
    const rest = [signed(FIRST, SECOND), step('train', [], [FIRST, SECOND])]
    const fine = log({})
    expect(answer(fine, ...rest)).toMatchObject({
      status: 'met',
      evidence: expect.arrayContaining([fine, list, ...rest].map(({ id }) => id)),
      why: expect.stringMatching(/cloudtrail.*the logs do not tell/),
    })
    expect(answer(log({ encrypted: 0, reads: { key: 3 } }), ...rest).status).toBe('met')
    const partly = (why: RegExp, ...records: EvidenceRecord[]): void => {
      const { status, why: said } = answer(...records)
      expect([status, said]).toEqual(['partly', expect.stringMatching(why)])
    }
    partly(/no record tells that its objects are encrypted/, log({ encrypted: 0 }), ...rest)
    partly(/3 reads were of objects that were not encrypted/, log({ unencrypted: 3 }), ...rest)
    partly(/names none of its objects/, log({ objects: 0 }), ...rest)
    partly(/1 file of the log could not be read to the end/, log({}, { unreadable: 1 }), ...rest)
    partly(/no model signature/, log({}))
    const lost = { digests: { digests: 2, named: 9, missing: 1, altered: 1, broken: 0 } }
    partly(/2 files are not there as CloudTrail/, log({}, lost), ...rest)
    partly(/2 files are not there/, log({}, lost), log({}, { digests: null }), ...rest)
    expect(answer(log({}, lost), log({}, { digests: { digests: 2 } }), ...rest).status).toBe('met')
    partly(/1 is signed without a chain/, log({}), signed(FIRST, SECOND), step('train', [], [FIRST]))
    const long = 86_400_000
    partly(/within 30 days/, { ...log({}), recordedAt: new Date(-40 * long) }, ...rest)
    // logs that tell of no model, and those of long ago, say nothing of it
    expect(answer(record(SOURCE, { source: 'okta', model: null }), ...rest).status).toBe('missing')
    expect(answer({ ...log({}), recordedAt: new Date(-100 * long) }, ...rest).status).toBe('missing')
  })
})
