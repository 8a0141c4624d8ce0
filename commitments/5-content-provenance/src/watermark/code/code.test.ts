import { random } from '@avouch/core/stats'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DECODINGS_PER_CHECK, decodeMark, encodeMark, falseAcceptBound } from './code.ts'
import { openPayload, sealPayload } from './payload.ts'
import { CODE_BITS } from './polar.ts'

const payloads = fc.record({
  service: fc.integer({ min: 0, max: 65_535 }),
  contentId: fc.stringMatching(/^[0-9a-f]{12}$/),
})
const keys = fc.uint8Array({ minLength: 16, maxLength: 32 })

function soft(word: Uint8Array, strength: number, noise: () => number): Float32Array {
  return Float32Array.from(word, (bit) => (bit ? -strength : strength) + noise())
}

test('every payload comes back from its code word, at any scale of the soft values', () => {
  fc.assert(
    fc.property(payloads, keys, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (payload, key, scale) => {
      const decoded = decodeMark(
        soft(encodeMark(payload, key), scale, () => 0),
        key,
      )
      expect(decoded).toEqual({ payload, bitErrors: 0 })
    }),
    { numRuns: 20 },
  )
})

test('a seal opens under its own key only, and not when any bit of it is turned', () => {
  fc.assert(
    fc.property(payloads, keys, fc.nat(107), (payload, key, turned) => {
      const bits = sealPayload(payload, key)
      expect(openPayload(bits, key)).toEqual(payload)
      expect(openPayload(bits, Uint8Array.from([...key.subarray(1), key[0]! ^ 1]))).toBeUndefined()
      bits[turned]! ^= 1
      expect(openPayload(bits, key)).toBeUndefined()
    }),
    { numRuns: 50 },
  )
})

test('payloads that differ in one bit share no more of the code word than chance has it', () => {
  const key = new Uint8Array(32).fill(1)
  const one = encodeMark({ service: 1, contentId: '000000000000' }, key)
  let same = 0
  for (let bit = 0; bit < 40; bit++) {
    const other = encodeMark({ service: 1, contentId: (2 ** bit).toString(16).padStart(12, '0') }, key)
    for (let at = 0; at < CODE_BITS; at++) if (one[at] === other[at]) same++
  }
  expect(same / (40 * CODE_BITS)).toBeGreaterThan(0.47)
  expect(same / (40 * CODE_BITS)).toBeLessThan(0.53)
})

test('words read with more than a fifth of their bits wrong are still read', () => {
  const key = new Uint8Array(32).fill(2)
  const drawn = random('polar')
  let errors = 0
  for (let round = 0; round < 10; round++) {
    const payload = { service: round, contentId: 'fedcba987654' }
    const decoded = decodeMark(
      soft(encodeMark(payload, key), 0.78, () => drawn.normal()),
      key,
    )
    expect(decoded?.payload).toEqual(payload)
    errors += decoded!.bitErrors
  }
  expect(errors / 10).toBeGreaterThan(0.2 * CODE_BITS)
})

test('noise is not taken for a mark', () => {
  const key = new Uint8Array(32).fill(3)
  const drawn = random('noise')
  for (let round = 0; round < 20; round++) {
    const noise = Float32Array.from({ length: CODE_BITS }, () => drawn.normal())
    expect(decodeMark(noise, key)).toBeUndefined()
  }
})

test('the decodings of one check accept falsely less than once in 10^9', () => {
  expect(falseAcceptBound(DECODINGS_PER_CHECK)).toBeLessThan(1e-9)
})

test('service numbers and content ids out of shape are refused', () => {
  const key = new Uint8Array(32)
  expect(() => encodeMark({ service: 65_536, contentId: '000000000000' }, key)).toThrow(/16 bits/)
  expect(() => encodeMark({ service: 1, contentId: 'ABC' }, key)).toThrow(/12 small hex digits/)
  expect(() => encodeMark({ service: 1, contentId: '000000000000' }, new Uint8Array(8))).toThrow(
    /at least 16/,
  )
})
