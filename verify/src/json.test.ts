import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JSON_LIMITS, parseJson } from './json.ts'

const canonical = { ...JSON_LIMITS, canonical: true } as const

describe('parseJson', () => {
  it('reads what JSON.parse reads of any value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value)
        fc.pre(text.isWellFormed() && !text.includes('\\ud') && !text.includes('__proto__'))
        expect(parseJson(text)).toEqual(JSON.parse(text))
        expect(parseJson(text, canonical)).toEqual(JSON.parse(text))
      }),
    )
  })

  it('reads a string of many megabytes without a deep stack', () => {
    const long = 'x'.repeat(30_000_000)
    expect(parseJson(`"${long}"`, { ...JSON_LIMITS, bytes: 40_000_000 })).toBe(long)
  })

  it.each(['"', '"\\"', '"a', '"\\x"', '"\u0001"', '"\\ud800"'])('refuses the string %j', (text) => {
    expect(() => parseJson(text)).toThrow(expect.objectContaining({ code: 'input' }))
  })

  it.each(['1.0', '1e0', '-0', '0.07021473220180801999', '1E5', '"\\u0072eport"', '"\\/"'])(
    'refuses the spelling %s where one digit must not change unseen',
    (text) => {
      expect(() => parseJson(text)).not.toThrow()
      expect(() => parseJson(text, canonical)).toThrow(expect.objectContaining({ code: 'input' }))
    },
  )
})
