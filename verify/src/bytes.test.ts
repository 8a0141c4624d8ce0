import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  base64,
  base64url,
  decimal,
  equal,
  fromBase64,
  fromBase64url,
  fromHex,
  fromUtf8,
  hex,
  uint32be,
  uint64be,
  utf8,
} from './bytes.ts'

const input = expect.objectContaining({ name: 'VerifyError', code: 'input' })

describe('bytes', () => {
  it('spell base64, base64url and hex as Node does, and read them back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const buffer = Buffer.from(bytes)
        expect(base64(bytes)).toBe(buffer.toString('base64'))
        expect(base64url(bytes)).toBe(buffer.toString('base64url'))
        expect(hex(bytes)).toBe(buffer.toString('hex'))
        expect(equal(fromBase64(base64(bytes)), bytes)).toBe(true)
        expect(equal(fromBase64url(base64url(bytes)), bytes)).toBe(true)
        expect(equal(fromHex(hex(bytes)), bytes)).toBe(true)
      }),
    )
  })

  it('have one spelling in base64: any text that reads is the one that would be written', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'AQgwBZ+/=-_ é'), maxLength: 12 }), (text) => {
        let bytes: Uint8Array
        try {
          bytes = fromBase64(text)
        } catch (error) {
          expect(error).toEqual(input)
          return
        }
        expect(base64(bytes)).toBe(text)
      }),
      { numRuns: 2000 },
    )
  })

  it.each(['A', 'AA', 'AAA', 'AB==', 'AAB=', 'A===', '====', 'AA=A', 'AAAA====', ' AAAA', 'AAAA\n', 'AA-_'])(
    'refuse %j',
    (text) => {
      expect(() => fromBase64(text)).toThrow(input)
    },
  )

  it('refuse other lengths, other hex, other UTF-8 and other decimals', () => {
    expect(() => fromBase64('AAAA', 4)).toThrow(input)
    for (const text of ['0', 'AA', 'zz', ' 00']) expect(() => fromHex(text)).toThrow(input)
    for (const text of ['', '01', '-1', '+1', '1.0', '1e3', ' 1', '9007199254740992', '٣'])
      expect(() => decimal(text)).toThrow(input)
    expect(decimal('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER)
    expect(() => fromUtf8(Uint8Array.of(0xc0, 0x80))).toThrow(input)
    expect(() => utf8('\ud800')).toThrow(input)
    expect(fromUtf8(utf8('\ufeffa'))).toBe('\ufeffa')
    expect(hex(uint32be(0xfffffffe))).toBe('fffffffe')
    expect(hex(uint64be(2 ** 40 + 1))).toBe('0000010000000001')
    for (const value of [-1, 1.5, 2 ** 32, Number.NaN]) expect(() => uint32be(value)).toThrow(input)
  })
})
