import { BAND, FOLD_SIDE, placeOf } from './fold.ts'
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
 * in standard deviations of all scores; none less than three and a half, which chance reaches on any tile.
 */
export function synchronise(tile: Field, template: Template, count: number): Placement[] {
  const found: Placement[] = []
  for (let turn = 0; turn < TURNS.length; turn += 2) {
    const map = correlate(tile, template, turn)
    found.push(...peaks(map.re, turn), ...peaks(map.im, turn + 1))
  }
  return found.sort((a, b) => b.score - a.score).slice(0, count)
}

const WIDTH = 2 * LIMIT + 1
/** Where each frequency of a template, in its order, stands in the spectrum of a tile. */
const AT = Uint16Array.from({ length: WIDTH * WIDTH }, (_, entry) =>
  placeOf((entry % WIDTH) - LIMIT, Math.floor(entry / WIDTH) - LIMIT),
)
/** And under each turn, which entry of the template it is compared with: p on the marked tile lies at R p, so k · R p = (Rᵀ k) · p. */
const TURNED = TURNS.map(([a, b, c, d]) =>
  Uint16Array.from({ length: WIDTH * WIDTH }, (_, entry) => {
    const [kx, ky] = [(entry % WIDTH) - LIMIT, Math.floor(entry / WIDTH) - LIMIT]
    return (b * kx + d * ky + LIMIT) * WIDTH + a * kx + c * ky + LIMIT
  }),
)

/** Scores of two turns at once, one as the real part and one as the imaginary. */
function correlate(tile: Field, template: Template, turn: number): Field {
  const map = field(FOLD_SIDE)
  const [first, second] = [TURNED[turn]!, TURNED[turn + 1]!]
  for (let entry = 0; entry < AT.length; entry++) {
    const at = AT[entry]!
    const tr = tile.re[at]!
    const ti = tile.im[at]!
    const [one, other] = [first[entry]!, second[entry]!]
    const [ar, ai, br, bi] = [template.re[one]!, template.im[one]!, template.re[other]!, template.im[other]!]
    map.re[at] = tr * ar + ti * ai - (ti * br - tr * bi)
    map.im[at] = ti * ar - tr * ai + (tr * br + ti * bi)
  }
  return transform(map, 'back')
}

const LEAST = 3.5

function peaks(map: Float32Array, turn: number): Placement[] {
  let power = 0
  for (let place = 0; place < map.length; place++) power += map[place]! * map[place]!
  const deviation = Math.sqrt(power / map.length) + 1e-20
  const least = LEAST * deviation
  const found: Placement[] = []
  const at = (x: number, y: number) => map[(y & (FOLD_SIDE - 1)) * FOLD_SIDE + (x & (FOLD_SIDE - 1))]!
  for (let place = 0; place < map.length; place++) {
    const value = map[place]!
    if (value < least) continue
    const [x, y] = [place % FOLD_SIDE, Math.floor(place / FOLD_SIDE)]
    const [left, right, up, down] = [at(x - 1, y), at(x + 1, y), at(x, y - 1), at(x, y + 1)]
    if (value < left || value < right || value < up || value < down) continue
    found.push({
      turn,
      u: (x + vertex(left, value, right)) / FOLD_SIDE,
      v: (y + vertex(up, value, down)) / FOLD_SIDE,
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
  // Chips lie on a grid of the found tile as well, so columns and rows can be summed apart; and as the tile is real, the
  // frequencies with kx < 0 add as much as those they mirror.
  const columns = waves(u)
  const rows = waves(v)
  const partRe = new Float64Array(WIDTH * TILE_CHIPS)
  const partIm = new Float64Array(WIDTH * TILE_CHIPS)
  for (let ky = 0; ky < WIDTH; ky++)
    for (let kx = 0; kx <= LIMIT; kx++) {
      const at = placeOf(kx, ky - LIMIT)
      const times = kx === 0 ? 1 : 2
      const re = times * tile.re[at]!
      const im = times * tile.im[at]!
      for (let column = 0, wave = (kx + LIMIT) * TILE_CHIPS; column < TILE_CHIPS; column++, wave++) {
        const co = columns.cos[wave]!
        const si = columns.sin[wave]!
        partRe[ky * TILE_CHIPS + column]! += re * co - im * si
        partIm[ky * TILE_CHIPS + column]! += re * si + im * co
      }
    }
  const grid = new Float64Array(TILE_CHIPS * TILE_CHIPS)
  for (let ky = 0; ky < WIDTH; ky++)
    for (let row = 0; row < TILE_CHIPS; row++) {
      const co = rows.cos[ky * TILE_CHIPS + row]!
      const si = rows.sin[ky * TILE_CHIPS + row]!
      for (let column = 0; column < TILE_CHIPS; column++)
        grid[row * TILE_CHIPS + column]! +=
          partRe[ky * TILE_CHIPS + column]! * co - partIm[ky * TILE_CHIPS + column]! * si
    }
  const chips = new Float32Array(TILE_CHIPS * TILE_CHIPS)
  for (let y = 0; y < TILE_CHIPS; y++)
    for (let x = 0; x < TILE_CHIPS; x++) {
      // R maps the tile onto itself about the origin, so a mirrored place counts from the other end.
      const column = (a * (x + 0.5) + b * (y + 0.5) - 0.5 + TILE_CHIPS) % TILE_CHIPS
      const row = (c * (x + 0.5) + d * (y + 0.5) - 0.5 + TILE_CHIPS) % TILE_CHIPS
      chips[y * TILE_CHIPS + x] = grid[row * TILE_CHIPS + column]!
    }
  return chips
}

/** Each frequency at the middle of each chip of a tile that begins at `shift`. */
function waves(shift: number): { cos: Float64Array; sin: Float64Array } {
  const cos = new Float64Array(WIDTH * TILE_CHIPS)
  const sin = new Float64Array(WIDTH * TILE_CHIPS)
  for (let chip = 0; chip < TILE_CHIPS; chip++) {
    const angle = 2 * Math.PI * (middle(chip) + shift)
    const [c, s] = [Math.cos(angle), Math.sin(angle)]
    let [co, si] = [1, 0]
    for (let k = 0; k <= LIMIT; k++) {
      const [up, down] = [(LIMIT + k) * TILE_CHIPS + chip, (LIMIT - k) * TILE_CHIPS + chip]
      cos[up] = co
      cos[down] = co
      sin[up] = si
      sin[down] = -si
      const next = co * c - si * s
      si = si * c + co * s
      co = next
    }
  }
  return { cos, sin }
}
