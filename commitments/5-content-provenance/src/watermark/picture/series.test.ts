import { random } from '@avouch/core/stats'
import { describe, expect, it } from 'vitest'
import { lumaOf } from '../../media/luma.ts'
import { pictureMark } from './index.ts'
import { tileSide } from './scale.ts'
import { scene } from './scene.ts'
import { addToRun, detectInRuns, type Run } from './series.ts'

const key = new Uint8Array(32).fill(5)
const payload = { service: 3, contentId: '00112233aabb' }
const [WIDTH, HEIGHT] = [480, 320]

const SIDE = tileSide(WIDTH, HEIGHT)
const [WIDE, HIGH] = [640, 448]
const whole = lumaOf(scene(WIDE, HIGH, 'shots'), 3)

/** Shots of different parts of a scene, each with its tile elsewhere, under so much noise that none can be read alone. */
function shots(count: number, isMarked: boolean): Uint8Array[] {
  const drawn = random('noise')
  return Array.from({ length: count }, (_, shot) => {
    const [left, top] = [(shot * 37) % (WIDE - WIDTH), (shot * 53) % (HIGH - HEIGHT)]
    const luma = new Uint8Array(WIDTH * HEIGHT)
    for (let y = 0; y < HEIGHT; y++)
      luma.set(whole.subarray((top + y) * WIDE + left, (top + y) * WIDE + left + WIDTH), y * WIDTH)
    const origin = { x: drawn.below(SIDE), y: drawn.below(SIDE) }
    const shown = isMarked ? pictureMark.embed(luma, WIDTH, HEIGHT, 1, payload, key, { origin }).pixels : luma
    return shown.map((value) => Math.max(0, Math.min(255, value + 45 * drawn.normal())))
  })
}

const runsOf = (frames: readonly Uint8Array[]): Run[] =>
  frames.map((luma) => addToRun(undefined, luma, WIDTH, HEIGHT))

describe('a mark in several pictures', () => {
  it('is read together where it cannot be read in any, wherever the tile begins', () => {
    const frames = shots(14, true)
    const alone = frames
      .slice(0, 4)
      .map((luma) => pictureMark.detect(luma, WIDTH, HEIGHT, 1, key, { geometry: 'intact' }))
    expect(alone.filter(Boolean)).toHaveLength(0)
    expect(detectInRuns(runsOf(frames), key, { geometry: 'intact' })).toMatchObject({
      ...payload,
      geometry: { scale: 1, rotation: 0, mirrored: false },
    })
  })

  it('is not read where there is none, nor under another key', () => {
    expect(detectInRuns(runsOf(shots(3, false)), key)).toBeUndefined()
    expect(
      detectInRuns(runsOf(shots(8, true)), new Uint8Array(32).fill(6), { geometry: 'intact' }),
    ).toBeUndefined()
    expect(detectInRuns([], key)).toBeUndefined()
  })
})
