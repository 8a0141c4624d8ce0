import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placing, type SealedPlace } from './placing.ts'
import type { KeptEvent } from './store.ts'

const event = (given: Partial<KeptEvent>): KeptEvent => ({
  ...{ source: 'cloudtrail', id: '1', at: 0, time: '2026-01-05T09:00:00Z', person: 'person-1' },
  ...{ action: 'read', model: 'example-model@1', outcome: 'ok', unmapped: false, workload: false },
  ...{ role: undefined, team: undefined, host: undefined, environment: undefined, sink: undefined },
  ...{ lease: undefined, subject: undefined, bytes: undefined, segments: undefined, within: undefined },
  ...{ told: 'range', ...given },
})

/** Objects of these bytes as they stand sealed. */
function sealed(sizes: readonly number[], plainBytes: number): SealedPlace[] {
  let first = 0
  return sizes.map((bytes) => {
    const place = { first, segments: Math.max(1, Math.ceil(bytes / plainBytes)), bytes, plainBytes }
    first += place.segments
    return place
  })
}

describe('reads in a bucket of what also stands sealed', () => {
  const objects = sealed([40, 25], 7)
  const place = placing(objects, { segments: 4 + 3, segmentBytes: 10 })!

  it('are of the same bytes: whole objects, parts, and ranges as far as the log tells', () => {
    expect(objects.map(({ first, segments }) => [first, segments])).toEqual([
      [0, 6],
      [6, 4],
    ])
    expect(place(event({ told: 'whole', segments: [4, 6], within: [4, 6] }))).toMatchObject({
      ...{ segments: [6, 9], within: [6, 9], told: 'whole' },
    })
    expect(place(event({ told: 'part', bytes: 9, within: [0, 3] }))).toMatchObject({
      ...{ segments: undefined, within: [0, 5], told: 'part' },
    })
    // bytes 0 to 29, all of them
    expect(place(event({ segments: [0, 2], bytes: 30 }))).toMatchObject({
      ...{ segments: [0, 4], possible: [0, 4] },
    })
    // 12 bytes over the edge at byte 10
    expect(place(event({ segments: [0, 1], bytes: 12 }))).toMatchObject({
      ...{ segments: [1, 1], possible: [0, 2] },
    })
    // one byte somewhere in bytes 10 to 19
    const one = place(event({ segments: [1, 1], bytes: 1 }))
    expect([one.segments, one.possible]).toEqual([undefined, [1, 2]])
  })

  it('hold what was really touched between what is certain and what is possible', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(
        sizes,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(),
        fc.nat(),
        fc.nat(),
        fc.boolean(),
        (bytes, plainBytes, segmentBytes, n, x, y, told) => {
          const places = sealed(bytes, plainBytes)
          const counts = bytes.map((size) => Math.ceil(size / segmentBytes))
          const convert = placing(places, {
            segmentBytes,
            segments: counts.reduce((sum, one) => sum + one, 0),
          })!
          const at = n % bytes.length
          const before = counts.slice(0, at).reduce((sum, one) => sum + one, 0)
          const [low, high] = [x % bytes[at]!, y % bytes[at]!].toSorted((a, b) => a - b) as [number, number]
          const { segments, possible } = convert(
            event({
              segments: [before + Math.floor(low / segmentBytes), before + Math.floor(high / segmentBytes)],
              bytes: told ? high - low + 1 : undefined,
            }),
          )
          const [from, to] = [low, high].map((byte) => places[at]!.first + Math.floor(byte / plainBytes)) as [
            number,
            number,
          ]
          expect(possible![0]).toBeLessThanOrEqual(from)
          expect(possible![1]).toBeGreaterThanOrEqual(to)
          if (segments) {
            expect(segments[0]).toBeGreaterThanOrEqual(from)
            expect(segments[1]).toBeLessThanOrEqual(to)
          }
        },
      ),
    )
  })

  it('cannot be told where the bucket holds other objects', () => {
    expect(placing(objects, { segments: 8, segmentBytes: 10 })).toBeUndefined()
  })
})
