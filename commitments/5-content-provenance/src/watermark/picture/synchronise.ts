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
  sync.places.forEach((place, at) => {
    // The middle of chip c is (2 c + 1) / 50 of the tile, so all angles are multiples of a 50th of a turn.
    const x = 2 * (place % TILE_CHIPS) + 1
    const y = 2 * Math.floor(place / TILE_CHIPS) + 1
    const sign = sync.signs[at]!
    for (let ky = -LIMIT; ky <= LIMIT; ky++)
      for (let kx = -LIMIT; kx <= LIMIT; kx++) {
        const angle = (((kx * x + ky * y) % STEPS) + STEPS) % STEPS
        re[(ky + LIMIT) * width + kx + LIMIT]! += sign * COS[angle]!
        im[(ky + LIMIT) * width + kx + LIMIT]! -= sign * SIN[angle]!
      }
  })
  return { re, im }
}

const STEPS = 2 * TILE_CHIPS
const COS = Float64Array.from({ length: STEPS }, (_, at) => Math.cos((2 * Math.PI * at) / STEPS))
const SIN = Float64Array.from({ length: STEPS }, (_, at) => Math.sin((2 * Math.PI * at) / STEPS))

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

/** The placement at the nearest of the origins that were tried, which does not depend on what was found there. */
export function ofGrid({ turn, u, v, score }: Placement): Placement {
  return { turn, u: Math.round(u * FOLD_SIDE) / FOLD_SIDE, v: Math.round(v * FOLD_SIDE) / FOLD_SIDE, score }
}

/** Where the parabola through three neighbours peaks, from the middle one. */
function vertex(before: number, at: number, after: number): number {
  const bend = before - 2 * at + after
  return bend < 0 ? Math.max(-0.5, Math.min(0.5, (before - after) / (2 * bend))) : 0
}

/** The values of a folded tile at its chips, by their places on the marked tile. */
export function readChips(tile: Field, { turn, u, v }: Omit<Placement, 'score'>): Float32Array {
  const [a, b, c, d] = TURNS[turn]!
  // Chips lie on a grid of the found tile as well, so columns and rows can be summed apart.
  const width = 2 * LIMIT + 1
  const columns = waves(u)
  const rows = waves(v)
  const partRe = new Float64Array(width * TILE_CHIPS)
  const partIm = new Float64Array(width * TILE_CHIPS)
  for (let ky = 0; ky < width; ky++)
    for (let kx = 0; kx < width; kx++) {
      const at = ((ky - LIMIT) & (FOLD_SIDE - 1)) * FOLD_SIDE + ((kx - LIMIT) & (FOLD_SIDE - 1))
      const re = tile.re[at]!
      const im = tile.im[at]!
      for (let column = 0; column < TILE_CHIPS; column++) {
        const co = columns.cos[kx * TILE_CHIPS + column]!
        const si = columns.sin[kx * TILE_CHIPS + column]!
        partRe[ky * TILE_CHIPS + column]! += re * co - im * si
        partIm[ky * TILE_CHIPS + column]! += re * si + im * co
      }
    }
  const grid = new Float64Array(TILE_CHIPS * TILE_CHIPS)
  for (let ky = 0; ky < width; ky++)
    for (let row = 0; row < TILE_CHIPS; row++) {
      const co = rows.cos[ky * TILE_CHIPS + row]!
      const si = rows.sin[ky * TILE_CHIPS + row]!
      for (let column = 0; column < TILE_CHIPS; column++)
        grid[row * TILE_CHIPS + column]! +=
          partRe[ky * TILE_CHIPS + column]! * co - partIm[ky * TILE_CHIPS + column]! * si
    }
  // R maps the tile onto itself about the origin, so a mirrored place counts from the other end.
  const turned = (x: number, y: number): number => {
    const column = a * (x + 0.5) + b * (y + 0.5) - 0.5
    const row = c * (x + 0.5) + d * (y + 0.5) - 0.5
    return ((row + TILE_CHIPS) % TILE_CHIPS) * TILE_CHIPS + ((column + TILE_CHIPS) % TILE_CHIPS)
  }
  return Float32Array.from(
    grid,
    (_, place) => grid[turned(place % TILE_CHIPS, Math.floor(place / TILE_CHIPS))]!,
  )
}

/** Each frequency at the middle of each chip of a tile that begins at `shift`. */
function waves(shift: number): { cos: Float64Array; sin: Float64Array } {
  const angle = (at: number) =>
    2 * Math.PI * (Math.floor(at / TILE_CHIPS) - LIMIT) * (middle(at % TILE_CHIPS) + shift)
  const length = (2 * LIMIT + 1) * TILE_CHIPS
  return {
    cos: Float64Array.from({ length }, (_, at) => Math.cos(angle(at))),
    sin: Float64Array.from({ length }, (_, at) => Math.sin(angle(at))),
  }
}
