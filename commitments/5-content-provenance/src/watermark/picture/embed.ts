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
  const wanted = 255 ** 2 / 10 ** ((options.psnr ?? 42.1) / 10)
  let mean = 0
  for (const value of mask.strength) mean += value * value
  let gain = Math.sqrt(wanted / (mean / mask.strength.length))
  const pixels = new Uint8Array(samples)
  const colours = channels >= 3 ? 3 : 1
  let error = 0
  for (let round = 0; round < 4; round++) {
    let squares = 0
    for (let y = 0; y < height; y++) {
      const tileRow = ((y + top) % side) * side
      const maskRow = Math.floor(y / MASK_CELL) * mask.columns
      for (let x = 0; x < width; x++) {
        const change = Math.round(
          gain * mask.strength[maskRow + Math.floor(x / MASK_CELL)]! * tile[tileRow + ((x + left) % side)]!,
        )
        const at = (y * width + x) * channels
        for (let colour = 0; colour < colours; colour++) {
          const before = samples[at + colour]!
          const after = Math.max(0, Math.min(255, before + change))
          pixels[at + colour] = after
          squares += (after - before) ** 2
        }
      }
    }
    error = squares / (width * height * colours)
    if (Math.abs(error / wanted - 1) < 0.015) break
    gain *= Math.min(2, Math.sqrt(wanted / Math.max(error, 1e-3)))
  }
  return { pixels, psnr: 10 * Math.log10(255 ** 2 / error) }
}
