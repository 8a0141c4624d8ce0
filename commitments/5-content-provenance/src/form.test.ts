import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readForm } from './form.ts'

const field = (name: string, bytes: Uint8Array) =>
  Buffer.concat([
    Buffer.from(`--b0undary\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`),
    bytes,
    Buffer.from('\r\n'),
  ])
const type = 'multipart/form-data; boundary=b0undary'

describe('a form', () => {
  it('gives back every field, byte for byte', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 16 }), (values) => {
        const body = Buffer.concat([
          ...values.map((bytes, at) => field(`f${at}`, bytes)),
          Buffer.from('--b0undary--\r\n'),
        ])
        const parts = readForm(body, type)
        expect(parts.map(({ name }) => name)).toEqual(values.map((_, at) => `f${at}`))
        parts.forEach(({ bytes }, at) => {
          expect(Buffer.from(bytes).equals(values[at]!)).toBe(true)
        })
      }),
      { numRuns: 50 },
    )
  })

  it('is refused where it breaks off, has no boundary or too many fields', () => {
    const whole = Buffer.concat([field('file', Buffer.from('abc')), Buffer.from('--b0undary--\r\n')])
    for (let length = 0; length < whole.length - 3; length++)
      expect(() => readForm(whole.subarray(0, length), type)).toThrow('cannot be read')
    expect(() => readForm(whole, 'multipart/form-data')).toThrow('no boundary')
    const many = Buffer.concat([
      ...Array.from({ length: 17 }, () => field('f', Buffer.of(1))),
      Buffer.from('--b0undary--'),
    ])
    expect(() => readForm(many, type)).toThrow('more than 16')
  })
})
