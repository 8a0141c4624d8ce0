import { encodeMark } from '../code/code.ts'
import type { MarkKey } from '../code/keyed.ts'
import type { Payload } from '../code/payload.ts'
import { changer } from './change.ts'
import { originOf } from './origin.ts'
import { tileSide } from './scale.ts'
import { chipsOf, renderTile, tileLayout } from './tile.ts'

export type Pixels = Uint8Array | Uint8ClampedArray

export type EmbedOptions = {
  /** Peak signal-to-noise ratio to reach, in dB; 42.1 if not given. What comes out is never below it by more than 0.1. */
  psnr?: number
  /** Where the tile begins, in pixels; drawn by key and picture if not given. */
  origin?: { x: number; y: number }
}

export type Embedded = { pixels: Uint8Array; psnr: number }

/**
 * Marks a picture. One change is shared by red, green and blue; a fourth channel is left alone.
 *
 * @param samples rows of pixels of `channels` bytes: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha; not changed
 * @returns new samples, and the PSNR over the colour channels as rounded and clipped
 */
export function embed(
  samples: Pixels,
  width: number,
  height: number,
  channels: number,
  payload: Payload,
  key: MarkKey,
  options: EmbedOptions = {},
): Embedded {
  const side = tileSide(width, height)
  const tile = renderTile(chipsOf(tileLayout(key), encodeMark(payload, key)), side)
  const { x: left, y: top } = options.origin ?? originOf(samples, width, height, channels, key, side)
  const change = changer(
    samples,
    { width, height, channels },
    { tile, side, left: left % side, top: top % side },
  )
  const wanted = 255 ** 2 / 10 ** ((options.psnr ?? 42.1) / 10)
  let gain = firstGain(change.strength, wanted)
  // A few rows tell the gain nearly, all of them exactly; rounding and clipping leave no formula for it.
  for (let round = 0; round < 3; round++) {
    const step = correction(change.by(gain, SAMPLED), wanted)
    gain *= step
    if (Math.abs(step - 1) < TOLERANCE / 16) break
  }
  let error = change.by(gain, 1)
  for (let round = 0; round < 4 && Math.abs(error / wanted - 1) > TOLERANCE; round++) {
    gain *= correction(error, wanted)
    error = change.by(gain, 1)
  }
  return { pixels: change.pixels(), psnr: 10 * Math.log10(255 ** 2 / error) }
}

/** One row in so many is enough to come near the gain. */
const SAMPLED = 9
/** How far the squared error may be from the one wanted: within 0.07 dB. */
const TOLERANCE = 0.016

function firstGain(strength: Float32Array, wanted: number): number {
  let mean = 0
  for (const value of strength) mean += value * value
  return Math.sqrt((wanted * strength.length) / mean)
}

/** Where nearly everything is clipped or rounded away, no gain reaches the error wanted, so each step is limited. */
function correction(error: number, wanted: number): number {
  return Math.max(0.5, Math.min(2, Math.sqrt(wanted / Math.max(error, 1e-3))))
}
