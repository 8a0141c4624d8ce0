import { randomInt } from 'node:crypto'
import { encodeMark } from '../code/code.ts'
import type { MarkKey } from '../code/keyed.ts'
import type { Payload } from '../code/payload.ts'
import { MASK_CELL, perceptualMask } from './mask.ts'
import { tileSide } from './scale.ts'
import { chipsOf, renderTile, tileLayout } from './tile.ts'

export type Pixels = Uint8Array | Uint8ClampedArray

export type EmbedOptions = {
  /** Peak signal-to-noise ratio to reach, in dB; 42.1 if not given. What comes out is never below it by more than 0.1. */
  psnr?: number
  /** Where the tile begins, in pixels; drawn at random if not given. */
  origin?: { x: number; y: number }
}

export type Embedded = { pixels: Pixels; psnr: number }

/**
 * Marks a picture. The same change is made to red, green and blue; a fourth channel is left alone.
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
  const { x: left, y: top } = options.origin ?? { x: randomInt(side), y: randomInt(side) }
  const mask = perceptualMask(samples, width, height, channels)
  const pixels = new Uint8Array(samples)
  const change = (gain: number, step: number): number => {
    const gains = new Float32Array(mask.columns)
    let squares = 0
    let rows = 0
    for (let y = Math.min(height - 1, step >> 1); y < height; y += step, rows++) {
      const from = Math.floor(y / MASK_CELL) * mask.columns
      for (let column = 0; column < mask.columns; column++)
        gains[column] = gain * mask.strength[from + column]!
      const tileRow = tile.subarray(((y + top) % side) * side, ((y + top) % side) * side + side)
      squares += changeRow(
        samples,
        pixels,
        y * width * channels,
        width,
        channels,
        gains,
        tileRow,
        left % side,
      )
    }
    return squares / (rows * width * (channels >= 3 ? 3 : 1))
  }
  const wanted = 255 ** 2 / 10 ** ((options.psnr ?? 42.1) / 10)
  let gain = firstGain(mask.strength, wanted)
  // A few rows tell the gain nearly, all of them exactly; rounding and clipping leave no formula for it.
  for (let round = 0; round < 3; round++) gain *= correction(change(gain, SAMPLED), wanted)
  let error = change(gain, 1)
  for (let round = 0; round < 4 && Math.abs(error / wanted - 1) > TOLERANCE; round++) {
    gain *= correction(error, wanted)
    error = change(gain, 1)
  }
  return { pixels, psnr: 10 * Math.log10(255 ** 2 / error) }
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

/** Changes one row, the colours alike, and returns the sum of squared changes as rounded and clipped. */
function changeRow(
  samples: Pixels,
  pixels: Uint8Array,
  from: number,
  width: number,
  channels: number,
  gains: Float32Array,
  tile: Float32Array,
  left: number,
): number {
  const colours = channels >= 3 ? 3 : 1
  let squares = 0
  let place = left
  for (let column = 0, x = 0; x < width; column++) {
    const gain = gains[column]!
    for (const end = Math.min(width, x + MASK_CELL); x < end; x++) {
      const change = Math.floor(gain * tile[place]! + 0.5)
      if (++place === tile.length) place = 0
      const at = from + x * channels
      for (let colour = 0; colour < colours; colour++) {
        const before = samples[at + colour]!
        const after = before + change
        const clipped = after < 0 ? 0 : after > 255 ? 255 : after
        pixels[at + colour] = clipped
        squares += (clipped - before) * (clipped - before)
      }
    }
  }
  return squares
}
