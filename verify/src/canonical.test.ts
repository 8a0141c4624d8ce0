import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from './canonical.ts'
import { type Json, parseJson } from './json.ts'

describe('canonical JSON (RFC 8785)', () => {
  it("writes the RFC's own examples", () => {
    // Section 3.2.2 and 3.2.3.
    const sample = parseJson(
      String.raw`{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}`,
    )
    expect(canonicalJson(sample)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    )
    const sorted = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7 }
    expect(canonicalJson(sorted)).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}')
  })

  it('says the same for the same value, whatever the order, and reads back', () => {
    fc.assert(
      // which `parseJson` refuses to read
      fc.property(
        fc.jsonValue().filter((value) => !JSON.stringify(value).includes('__proto__')),
        (value) => {
          const text = canonicalJson(JSON.parse(JSON.stringify(value)))
          expect(canonicalJson(parseJson(text))).toBe(text)
          expect(parseJson(text)).toEqual(JSON.parse(text))
        },
      ),
    )
    expect(canonicalJson({ b: 1, a: -0 })).toBe(canonicalJson({ a: 0, b: 1 }))
  })

  it.each([
    Number.NaN,
    Infinity,
    undefined,
    { a: undefined },
    [undefined],
    () => 1,
    1n,
    new Date(0),
    new Map(),
    '\ud800',
    { '\udc00': 1 },
  ])('refuses %s', (value) => {
    expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ code: 'input' }))
  })

  it('refuses what is nested without end', () => {
    const loop: unknown[] = []
    loop.push(loop)
    expect(() => canonicalJson(loop)).toThrow(expect.objectContaining({ code: 'limit' }))
  })
})

describe('strict JSON', () => {
  it.each([
    ['a member twice', '{"a":1,"a":2}'],
    ['a member twice, spelled apart', String.raw`{"a":1,"\u0061":2}`],
    ['__proto__', '{"__proto__":{"polluted":1}}'],
    ['half a surrogate', String.raw`"\ud800"`],
    ['a number beyond a double', '1e999'],
    ['a leading zero', '01'],
    ['a lone minus', '-'],
    ['a trailing comma', '[1,]'],
    ['a comment', '[1/*x*/]'],
    ['two values', '1 2'],
    ['nothing', ''],
    ['a byte order mark', '\ufeff1'],
    ['a control character', '"\u0001"'],
    ['NaN', 'NaN'],
    ['other space', '\u00a01'],
  ])('refuses %s', (_, text) => {
    expect(() => parseJson(text)).toThrow(expect.objectContaining({ code: 'input' }))
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })

  it('limits size, depth and count', () => {
    const limits = { bytes: 100, depth: 3, values: 10 }
    const limit = expect.objectContaining({ code: 'limit' })
    expect(() => parseJson(' '.repeat(101), limits)).toThrow(limit)
    expect(() => parseJson('[[[[[1]]]]]', limits)).toThrow(limit)
    expect(() => parseJson('[1,2,3,4,5,6,7,8,9,10,11]', limits)).toThrow(limit)
    expect(() => parseJson('['.repeat(1_000_000))).toThrow(limit)
    expect(parseJson('[[[1]]]', limits)).toEqual([[[1]]])
  })

  it('reads what JSON.parse reads, where it reads at all', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'{}[]",:0123.eE+-ntrufalse \\'), maxLength: 20 }),
        (text) => {
          let strict: Json
          try {
            strict = parseJson(text)
          } catch (error) {
            expect(error).toMatchObject({ name: 'VerifyError' })
            return
          }
          expect(strict).toEqual(JSON.parse(text))
        },
      ),
      { numRuns: 3000 },
    )
  })
})
