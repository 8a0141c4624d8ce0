import { randomInt } from 'node:crypto'
import type { MarkKey } from '../code/keyed.ts'
import type { Payload } from '../code/payload.ts'
import { pictureMark } from '../picture/index.ts'
import { tileSide } from '../picture/scale.ts'
import { type Glance, glanceOf, isCut } from './shots.ts'

/** Frames for which the tile stays where it is, at least and at most: 8 s at 30 frames a second. */
const FEWEST = 8
const MOST = 240

export type FrameMarker = {
  /** Marks the next frame's brightness, row by row; what was given is not changed. */
  mark(luma: Uint8Array): { luma: Uint8Array; psnr: number }
}

/**
 * Marks frame after frame with the picture mark. Its tile stays in place through a shot, so that what stands still does not
 * flicker and neighbouring frames add up in favour of the mark; it moves to a place drawn anew with every shot and every
 * 240 frames, so that the mean of all frames shows nothing.
 */
export function frameMarker(width: number, height: number, payload: Payload, key: MarkKey): FrameMarker {
  const side = tileSide(width, height)
  const draw = () => ({ x: randomInt(side), y: randomInt(side) })
  let origin = draw()
  let since = 0
  let before: Glance | undefined
  return {
    mark(luma) {
      const glance = glanceOf(luma, width, height)
      const cut = before !== undefined && since >= FEWEST && isCut(before, glance)
      if (cut || since >= MOST) {
        origin = draw()
        since = 0
      }
      since++
      before = glance
      const { pixels, psnr } = pictureMark.embed(luma, width, height, 1, payload, key, { origin })
      return { luma: pixels, psnr }
    },
  }
}
