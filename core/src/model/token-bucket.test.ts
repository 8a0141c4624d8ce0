import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TokenBucket } from './token-bucket.ts'

describe('TokenBucket', () => {
  it('lets no more through in any run than the rate and one burst', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6000 }),
        fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 200 }),
        (perMinute, pauses) => {
          const bucket = new TokenBucket(perMinute, 0)
          let now = 0
          let taken = 0
          for (const pause of pauses) {
            now += pause
            if (bucket.wait(1, now) === 0) {
              bucket.take(1)
              taken += 1
            }
          }
          expect(taken).toBeLessThanOrEqual(Math.max(1, perMinute / 60) + (now * perMinute) / 60_000 + 1e-3)
        },
      ),
    )
  })

  it('says exactly how long to wait', () => {
    const bucket = new TokenBucket(60, 0)
    bucket.take(1)
    expect(bucket.wait(1, 0)).toBe(1000)
    expect(bucket.wait(1, 400)).toBe(600)
    expect(bucket.wait(1, 1000)).toBe(0)
  })

  it('lets a cost larger than itself through, and makes the next one pay', () => {
    const bucket = new TokenBucket(6000, 0)
    expect(bucket.wait(500, 0)).toBe(0)
    bucket.take(500)
    expect(bucket.wait(100, 0)).toBe(5000)
    bucket.correct(300)
    expect(bucket.wait(100, 0)).toBe(2000)
  })
})
