import { BAND, FOLD_SIDE } from './fold.ts'
import { type Field, field, transform } from './fourier.ts'
import { type Layout, TILE_CHIPS } from './tile.ts'

/** A way to lay the tile: one of the eight turns and mirrorings of the square, and where its origin falls, in tiles. */
export type Placement = { turn: number; u: number; v: number; score: number }

/** The eight symmetries of the square, as matrices that take a place on the marked tile to the one on the found tile. */
export const TURNS = [
  [1, 0, 0, 1],
  [0, -1, 1, 0],
  [-1, 0, 0, -1],
  [0, 1, -1, 0],
  [-1, 0, 0, 1],
  [0, 1, 1, 0],
  [1, 0, 0, -1],
  [0, -1, -1, 0],
] as const

const LIMIT = BAND

/** The spectrum of the known chips on a tile, unturned: entry (ky + 12) · 25 + kx + 12. */
export type Template = { re: Float64Array; im: Float64Array }

export function syncTemplate({ sync }: Layout): Template {
  const width = 2 * LIMIT + 1
  const re = new Float64Array(width * width)
  const im = new Float64Array(width * width)
  for (let ky = -LIMIT; ky <= LIMIT; ky++)
    for (let kx = -LIMIT; kx <= LIMIT; kx++) {
      let sumRe = 0
      let sumIm = 0
      sync.places.forEach((place, at) => {
        const angle =
          -2 * Math.PI * (kx * middle(place % TILE_CHIPS) + ky * middle(Math.floor(place / TILE_CHIPS)))
        sumRe += sync.signs[at]! * Math.cos(angle)
        sumIm += sync.signs[at]! * Math.sin(angle)
      })
      re[(ky + LIMIT) * width + kx + LIMIT] = sumRe
      im[(ky + LIMIT) * width + kx + LIMIT] = sumIm
    }
  return { re, im }
}

function middle(chip: number): number {
  return (chip + 0.5) / TILE_CHIPS
}

/**
 * Where on a folded tile the known chips lie: the best placements over all turns and origins, best first, their scores
 * in standard deviations of all scores.
 */
export function synchronise(tile: Field, template: Template, count: number): Placement[] {
  const found: Placement[] = []
  for (let turn = 0; turn < TURNS.length; turn += 2) {
    const map = correlate(tile, template, turn)
    found.push(...peaks(map.re, turn), ...peaks(map.im, turn + 1))
  }
  return found.sort((a, b) => b.score - a.score).slice(0, count)
}

/** Scores of two turns at once, one as the real part and one as the imaginary. */
function correlate(tile: Field, template: Template, turn: number): Field {
  const map = field(FOLD_SIDE)
  const width = 2 * LIMIT + 1
  for (let ky = -LIMIT; ky <= LIMIT; ky++)
    for (let kx = -LIMIT; kx <= LIMIT; kx++) {
      const at = ((ky + FOLD_SIDE) % FOLD_SIDE) * FOLD_SIDE + ((kx + FOLD_SIDE) % FOLD_SIDE)
      const tr = tile.re[at]!
      const ti = tile.im[at]!
      for (const side of [0, 1]) {
        const [a, b, c, d] = TURNS[turn + side]!
        // A place p on the marked tile lies at R p on the found one, so k · R p = (Rᵀ k) · p.
        const from = (b * kx + d * ky + LIMIT) * width + a * kx + c * ky + LIMIT
        const sr = template.re[from]!
        const si = -template.im[from]!
        const re = tr * sr - ti * si
        const im = tr * si + ti * sr
        map.re[at]! += side === 0 ? re : -im
        map.im[at]! += side === 0 ? im : re
      }
    }
  return transform(map, 'back')
}

function peaks(map: Float32Array, turn: number): Placement[] {
  let power = 0
  for (const value of map) power += value * value
  const deviation = Math.sqrt(power / map.length) + 1e-20
  const found: Placement[] = []
  const at = (x: number, y: number) => map[(y & (FOLD_SIDE - 1)) * FOLD_SIDE + (x & (FOLD_SIDE - 1))]!
  for (let y = 0; y < FOLD_SIDE; y++)
    for (let x = 0; x < FOLD_SIDE; x++) {
      const value = at(x, y)
      if (value < 2.5 * deviation) continue
      if (value < at(x - 1, y) || value < at(x + 1, y) || value < at(x, y - 1) || value < at(x, y + 1))
        continue
      found.push({
        turn,
        u: (x + vertex(at(x - 1, y), value, at(x + 1, y))) / FOLD_SIDE,
        v: (y + vertex(at(x, y - 1), value, at(x, y + 1))) / FOLD_SIDE,
        score: value / deviation,
      })
    }
  return found
}

/** Where the parabola through three neighbours peaks, from the middle one. */
function vertex(before: number, at: number, after: number): number {
  const bend = before - 2 * at + after
  return bend < 0 ? Math.max(-0.5, Math.min(0.5, (before - after) / (2 * bend))) : 0
}

/** The values of a folded tile at the chips that carry the code, unscrambled: positive where a bit is rather 0. */
export function readChips(tile: Field, { code }: Layout, { turn, u, v }: Placement): Float32Array {
  const [a, b, c, d] = TURNS[turn]!
  // Chips lie on a grid of the found tile as well, so columns and rows can be summed apart.
  const columns = Array.from({ length: TILE_CHIPS }, (_, chip) => middle(chip) + u)
  const rows = Array.from({ length: TILE_CHIPS }, (_, chip) => middle(chip) + v)
  const width = 2 * LIMIT + 1
  const partRe = new Float64Array(width * TILE_CHIPS)
  const partIm = new Float64Array(width * TILE_CHIPS)
  for (let ky = -LIMIT; ky <= LIMIT; ky++)
    for (let column = 0; column < TILE_CHIPS; column++) {
      let re = 0
      let im = 0
      for (let kx = -LIMIT; kx <= LIMIT; kx++) {
        const at = ((ky + FOLD_SIDE) % FOLD_SIDE) * FOLD_SIDE + ((kx + FOLD_SIDE) % FOLD_SIDE)
        const angle = 2 * Math.PI * kx * columns[column]!
        const co = Math.cos(angle)
        const si = Math.sin(angle)
        re += tile.re[at]! * co - tile.im[at]! * si
        im += tile.re[at]! * si + tile.im[at]! * co
      }
      partRe[(ky + LIMIT) * TILE_CHIPS + column] = re
      partIm[(ky + LIMIT) * TILE_CHIPS + column] = im
    }
  const grid = new Float64Array(TILE_CHIPS * TILE_CHIPS)
  for (let row = 0; row < TILE_CHIPS; row++)
    for (let ky = -LIMIT; ky <= LIMIT; ky++) {
      const angle = 2 * Math.PI * ky * rows[row]!
      const co = Math.cos(angle)
      const si = Math.sin(angle)
      for (let column = 0; column < TILE_CHIPS; column++) {
        const at = (ky + LIMIT) * TILE_CHIPS + column
        grid[row * TILE_CHIPS + column]! += partRe[at]! * co - partIm[at]! * si
      }
    }
  // R maps the tile onto itself about the origin, so a mirrored place counts from the other end.
  const turned = (x: number, y: number): number => {
    const column = a * (x + 0.5) + b * (y + 0.5) - 0.5
    const row = c * (x + 0.5) + d * (y + 0.5) - 0.5
    return ((row + TILE_CHIPS) % TILE_CHIPS) * TILE_CHIPS + ((column + TILE_CHIPS) % TILE_CHIPS)
  }
  return Float32Array.from(
    code.places,
    (place, at) => grid[turned(place % TILE_CHIPS, Math.floor(place / TILE_CHIPS))]! * code.signs[at]!,
  )
}
