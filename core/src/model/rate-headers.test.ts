import { expect, it } from 'vitest'
import { budgetReset, retryAfter } from './rate-headers.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')

it.each([
  [{ 'retry-after': '2' }, 2000],
  [{ 'retry-after': '0' }, 0],
  [{ 'retry-after': 'Sun, 01 Mar 2026 12:00:07 GMT' }, 7000],
  [{ 'retry-after': 'Sun, 01 Mar 2026 11:00:00 GMT' }, 0],
  [{ 'retry-after-ms': '250', 'retry-after': '1' }, 250],
  [{ 'retry-after': '86400' }, 600_000],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': '-5' }, undefined],
  [{}, undefined],
])('retryAfter(%o) is %s', (headers, expected) => {
  expect(retryAfter(headers, NOW)).toBe(expected)
})

it.each([
  [{ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '1s' }, 1000],
  [{ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '6m0s' }, 360_000],
  [{ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '250ms' }, 250],
  [{ 'x-ratelimit-remaining-tokens': '17', 'x-ratelimit-reset-tokens': '6m0s' }, undefined],
  [
    {
      'anthropic-ratelimit-requests-remaining': '0',
      'anthropic-ratelimit-requests-reset': '2026-03-01T12:00:05Z',
    },
    5000,
  ],
  [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 3) }, 3000],
  [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1s and a bit' }, undefined],
  [{ 'x-ratelimit-remaining': '0' }, undefined],
])('budgetReset(%o) is %s', (headers, expected) => {
  expect(budgetReset(headers, NOW)).toBe(expected)
})
