import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from './canonical.ts'
import { decodeFrames, encodeFrames } from './frame.ts'
import { seal, unseal } from './seal.ts'

const bytes = fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array))
const frame = fc.record({
  record: fc.string(),
  answer: fc.string(),
  exchanges: fc.array(fc.record({ request: bytes, response: bytes }), { maxLength: 4 }),
})

describe('sealed bytes of a batch', () => {
  it('come back as they were written', () => {
    const key = randomBytes(32)
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), (frames) => {
        expect(decodeFrames(unseal(key, 'here', seal(key, 'here', encodeFrames(frames))))).toEqual(frames)
      }),
    )
  })

  it('do not open after any flipped bit, elsewhere, or with another key', () => {
    const key = randomBytes(32)
    const sealed = seal(key, 'here', Buffer.from('the bytes of an answer'))
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed)
      changed[at]! ^= 1
      expect(() => unseal(key, 'here', changed)).toThrow('do not open')
    }
    expect(() => unseal(key, 'there', sealed)).toThrow('do not open')
    expect(() => unseal(randomBytes(32), 'here', sealed)).toThrow('do not open')
    expect(() => unseal(key, 'here', sealed.subarray(0, 20))).toThrow('do not open')
  })

  it('are refused where the frames do not add up', () => {
    const whole = encodeFrames([{ record: 'r', answer: 'a', exchanges: [] }])
    for (let length = 1; length < whole.length; length++)
      expect(() => decodeFrames(whole.subarray(0, length))).toThrow('form it was written in')
  })
})

describe('canonical JSON', () => {
  it('sorts members by code unit, leaves undefined out, and reads back as the same value', () => {
    expect(canonicalJson({ b: 1, a: [true, null], '\u20ac': 'x', c: undefined })).toBe(
      '{"a":[true,null],"b":1,"€":"x"}',
    )
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(JSON.parse(canonicalJson(value)))).toBe(canonicalJson(value))
      }),
    )
  })
})
