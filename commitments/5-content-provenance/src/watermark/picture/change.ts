import { SHARES } from './colour.ts'
import type { Pixels } from './embed.ts'
import { kernels, places } from './kernels/kernels.ts'
import { MASK_CELL, perceptualMask } from './mask.ts'

/** The kernel reads so many values of a tile at once, past the end of its row. */
const LANES = 16

export type Change = {
  /**
   * Changes every `step`-th row by the tile times gain and mask.
   *
   * @returns the mean squared change of those rows' colours, as rounded and clipped
   */
  by(gain: number, step: number): number
  /** How strong the change is in each cell of the picture before any gain. */
  strength: Float32Array
  /** The samples as last changed, once every row has been. */
  pixels(): Uint8Array
}

/** A picture laid out for changing it several times over; nothing else may use the kernels meanwhile. */
export function changer(
  samples: Pixels,
  { width, height, channels }: { width: number; height: number; channels: number },
  { tile, side, left, top }: { tile: Float32Array; side: number; left: number; top: number },
): Change {
  // Grey with alpha is rare, and the only layout that the kernel does not know: its grey is changed by itself.
  const lone = channels === 2
  const colours = channels >= 3 ? 3 : 1
  const lanes = lone ? 1 : channels
  const bytes = width * height * lanes
  const [columns, rows] = [Math.ceil(width / MASK_CELL), Math.ceil(height / MASK_CELL)]
  const [from, to, gains, tileAt] = places(bytes, bytes, columns * rows * 4, side * (side + LANES) * 4)
  const { buffer } = kernels.memory
  const given = lone ? Uint8Array.from({ length: bytes }, (_, at) => samples[2 * at]!) : samples
  new Uint8Array(buffer, from, bytes).set(given)
  const cells = new Float32Array(buffer, gains, columns * rows)
  kernels.texture(from, width, height, lanes, gains)
  const { strength } = perceptualMask(cells, columns, rows)
  cells.set(strength)
  const lines = new Float32Array(buffer, tileAt, side * (side + LANES))
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side + LANES; x++) lines[y * (side + LANES) + x] = tile[y * side + (x % side)]!
  return {
    strength,
    by(gain, step) {
      const first = Math.min(height - 1, step >> 1)
      const squares = kernels.change(
        from,
        to,
        width,
        height,
        lanes,
        first,
        step,
        gains,
        columns,
        gain,
        ...SHARES,
        tileAt,
        side,
        left,
        top,
      )
      return squares / (Math.ceil((height - first) / step) * width * colours)
    },
    pixels() {
      const changed = new Uint8Array(buffer, to, bytes)
      if (!lone) return changed.slice()
      return Uint8Array.from({ length: 2 * bytes }, (_, at) => (at & 1 ? samples[at]! : changed[at >> 1]!))
    },
  }
}
