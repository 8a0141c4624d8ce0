import type { Change } from '../attack.ts'
import type { Raw } from '../picture-raw.ts'

/** The upper side pulled in by so much of the width at each end, as when a screen is photographed from below. */
const PULL = 0.04

/** Every pixel is taken, bilinearly, from where the projection has it in the original. */
function tilt({ pixels, width, height }: Raw): Raw {
  const out = new Uint8Array(pixels.length).fill(128)
  for (let y = 0; y < height; y++) {
    // a projection that narrows a row narrows the steps between rows by the same share
    const depth = y / Math.max(1, height - 1)
    const narrow = 1 - 2 * PULL * (1 - depth)
    const fromY = (depth / (depth + (1 - depth) / (1 - 2 * PULL))) * (height - 1)
    for (let x = 0; x < width; x++) {
      const fromX = (x - (width - 1) / 2) / narrow + (width - 1) / 2
      if (fromX < 0 || fromX > width - 1) continue
      const [left, top] = [Math.floor(fromX), Math.floor(fromY)]
      const [right, bottom] = [Math.min(width - 1, left + 1), Math.min(height - 1, top + 1)]
      const [across, down] = [fromX - left, fromY - top]
      for (let colour = 0; colour < 3; colour++) {
        const at = (row: number, column: number): number => pixels[(row * width + column) * 3 + colour]!
        const above = at(top, left) * (1 - across) + at(top, right) * across
        const below = at(bottom, left) * (1 - across) + at(bottom, right) * across
        out[(y * width + x) * 3 + colour] = Math.round(above * (1 - down) + below * down)
      }
    }
  }
  return { pixels: out, width, height }
}

const perspective: Change<Raw> = {
  kind: 'change',
  name: 'perspective',
  title: 'Seen at a slant (upper side 8 % shorter)',
  family: 'geometry',
  expected: 'may be lost',
  apply: tilt,
}
export default [perspective]
