import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { canonicalBytes } from './canonical.ts'
import { commitField, commitment, disclosedValue, discloseFields } from './disclosure.ts'
import { formatPointer, parsePointer, resolvePointer } from './pointer.ts'
import { parseStatement, type Statement } from './statement.ts'

const ID = '0190a0b0-0000-7000-8000-000000000001'
const PREDICATE = {
  id: ID,
  recordedAt: '2026-03-01T12:00:00Z',
  about: {},
  fields: {},
  sealed: {},
  head: null,
}
const STATEMENT = {
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ digest: { sha256: 'a'.repeat(64) } }],
  predicateType: 'https://avouch.dev/evidence/example/result/v1',
  predicate: PREDICATE,
}

function statement(fields: Record<string, unknown>, sealed: Record<string, string>): Statement {
  return parseStatement(canonicalBytes({ ...STATEMENT, predicate: { ...PREDICATE, fields, sealed } }))
}

describe('commitments', () => {
  it('hash salt, length, pointer and canonical value, byte for byte', async () => {
    const salt = new Uint8Array(16).fill(9)
    const bytes = Buffer.concat([
      salt,
      Buffer.from([0, 0, 0, 5]),
      Buffer.from('/né'),
      Buffer.from('{"a":1,"b":[2]}'),
    ])
    bytes[19] = Buffer.byteLength('/né')
    expect(await commitment(salt, '/né', { b: [2], a: 1 })).toBe(
      createHash('sha256').update(bytes).digest('hex'),
    )
    await expect(commitment(salt.subarray(1), '/a', 1)).rejects.toMatchObject({ code: 'input' })
  })

  it('open to the committed value only', async () => {
    const { commitment: sealed, disclosure } = await commitField('/rate', { value: 0.5 })
    const signed = statement({ title: 'x' }, { '/rate': sealed, '/other': 'b'.repeat(64) })
    const view = await discloseFields(signed, [disclosure])
    expect(view).toEqual({ fields: { title: 'x', rate: { value: 0.5 } }, withheld: ['/other'] })
    expect(disclosedValue(view, '/rate/value')).toBe(0.5)
    expect(() => disclosedValue(view, '/other/deep')).toThrow(expect.objectContaining({ code: 'withheld' }))
    expect(() => disclosedValue(view, '/none')).toThrow(expect.objectContaining({ code: 'withheld' }))
    const wrong = [
      [{ ...disclosure, value: { value: 0.6 } }],
      [{ ...disclosure, pointer: '/other' }],
      [{ ...disclosure, pointer: '/toString' }],
      [{ ...disclosure, salt: 'AAAAAAAAAAAAAAAAAAAAAA==' }],
      [disclosure, disclosure],
    ]
    for (const disclosures of wrong)
      await expect(discloseFields(signed, disclosures)).rejects.toMatchObject({ code: 'disclosure' })
  })

  it('put members sealed one by one together again', async () => {
    const parts = await Promise.all([...Array(11).keys()].map((at) => commitField(`/list/${at}`, [at])))
    const domain = await commitField('/by/a~1b', 7)
    const sealed = Object.fromEntries(
      [...parts, domain].map((part) => [part.disclosure.pointer, part.commitment]),
    )
    const signed = statement({}, sealed)
    const all = await discloseFields(
      signed,
      [...parts, domain].map((part) => part.disclosure),
    )
    expect(all.fields).toEqual({ list: [...Array(11).keys()].map((at) => [at]), by: { 'a/b': 7 } })
    const some = await discloseFields(signed, [parts[0]!.disclosure, parts[10]!.disclosure])
    expect(disclosedValue(some, '/list/10/0')).toBe(10)
    expect((await discloseFields(signed, [parts[0]!.disclosure])).fields).toEqual({ list: { 0: [0] } })
    expect(() => disclosedValue(some, '/list')).toThrow(expect.objectContaining({ code: 'withheld' }))
    expect(() => disclosedValue(some, '/list/1')).toThrow(expect.objectContaining({ code: 'withheld' }))
  })
})

describe('Statements', () => {
  it('read back whole', () => {
    const full = {
      ...PREDICATE,
      about: { release: 'example-model@2.0', snapshot: 'id:x', configuration: 'bare' },
      head: { origin: 'log.example.com', size: 3, root: 'b'.repeat(64), witnessedAt: '2026-03-01T00:00:00Z' },
      bulk: { root: 'c'.repeat(64), leaves: 5, records: 'blob' },
      attachments: [{ name: 'a.pdf', mediaType: 'application/pdf', size: 1, sha256: 'd'.repeat(64) }],
      supersedes: ID,
      retracts: ID,
    }
    expect(parseStatement(canonicalBytes({ ...STATEMENT, predicate: full })).predicate).toEqual(full)
  })

  it.each([
    ['another type', { _type: 'https://in-toto.io/Statement/v0.1' }],
    ['no subject', { subject: [] }],
    ['a subject without digest', { subject: [{ digest: {} }] }],
    ['a digest in upper case', { subject: [{ digest: { sha256: 'A'.repeat(64) } }] }],
    ['an unknown member', { more: 1 }],
    ['a predicate type that is none', { predicateType: 'result' }],
    ['no id', { predicate: { ...PREDICATE, id: 'x' } }],
    ['local time', { predicate: { ...PREDICATE, recordedAt: '2026-03-01T12:00:00' } }],
    ['a day that is none', { predicate: { ...PREDICATE, recordedAt: '2026-13-01T12:00:00Z' } }],
    ['an unknown configuration', { predicate: { ...PREDICATE, about: { configuration: 'other' } } }],
    ['an unknown predicate member', { predicate: { ...PREDICATE, more: 1 } }],
    ['a short commitment', { predicate: { ...PREDICATE, sealed: { '/a': 'aa' } } }],
    ['a pointer that is none', { predicate: { ...PREDICATE, sealed: { a: 'a'.repeat(64) } } }],
    ['the whole document sealed', { predicate: { ...PREDICATE, sealed: { '': 'a'.repeat(64) } } }],
    [
      'a sealed field in a sealed field',
      { predicate: { ...PREDICATE, sealed: { '/a': 'a'.repeat(64), '/a/b/c': 'a'.repeat(64) } } },
    ],
    [
      'a field both open and sealed',
      { predicate: { ...PREDICATE, fields: { a: 1 }, sealed: { '/a/b': 'a'.repeat(64) } } },
    ],
    [
      'a fraction of a leaf',
      { predicate: { ...PREDICATE, bulk: { root: 'c'.repeat(64), leaves: 0.5, records: '' } } },
    ],
  ])('refuse %s', (_, change) => {
    expect(() => parseStatement(canonicalBytes({ ...STATEMENT, ...change }))).toThrow(
      expect.objectContaining({ code: 'statement' }),
    )
  })
})

describe('JSON pointers (RFC 6901)', () => {
  it("resolve the RFC's own examples", () => {
    const document = {
      foo: ['bar', 'baz'],
      '': 0,
      'a/b': 1,
      'c%d': 2,
      'e^f': 3,
      'g|h': 4,
      'i\\j': 5,
      'k"l': 6,
      ' ': 7,
      'm~n': 8,
    }
    const expected: [string, unknown][] = [
      ['', document],
      ['/foo', ['bar', 'baz']],
      ['/foo/0', 'bar'],
      ['/', 0],
      ['/a~1b', 1],
      ['/c%d', 2],
      ['/e^f', 3],
      ['/g|h', 4],
      ['/i\\j', 5],
      ['/k"l', 6],
      ['/ ', 7],
      ['/m~0n', 8],
      ['/foo/2', undefined],
      ['/foo/00', undefined],
      ['/foo/-', undefined],
      ['/constructor', undefined],
      ['/foo/length', undefined],
      ['/m~0n/x', undefined],
    ]
    for (const [pointer, value] of expected) expect(resolvePointer(document, pointer)).toEqual(value)
    expect(formatPointer(parsePointer('/a~1b/m~0n/~01'))).toBe('/a~1b/m~0n/~01')
    for (const pointer of ['a', '/~', '/~2', '/__proto__/x', '/a/__proto__'])
      expect(() => parsePointer(pointer)).toThrow(expect.objectContaining({ code: 'input' }))
  })
})
