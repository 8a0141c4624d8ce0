import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { exchangeDigest } from './exchange-digest.ts'

it('hashes prefix, lengths and bytes', () => {
  const request = Buffer.from('ask')
  const response = Buffer.from('answer')
  const expected = createHash('sha256')
    .update('avouch-exchange-v1\n\0\0\0\0\0\0\0\x03ask\0\0\0\0\0\0\0\x06answer')
    .digest('hex')
  expect(exchangeDigest({ request, response })).toBe(expected)
})

it('tells a byte moved from request to response', () => {
  const digest = (request: string, response: string) =>
    exchangeDigest({ request: Buffer.from(request), response: Buffer.from(response) })
  expect(digest('ab', 'c')).not.toBe(digest('a', 'bc'))
})
