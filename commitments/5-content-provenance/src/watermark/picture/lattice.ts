import {
  autocorrelation,
  COARSE_FROM,
  HORIZON,
  LAG_SIDE,
  type Lags,
  LONGEST,
  SHORTEST,
} from './autocorrelation.ts'
import type { Lattice } from './fold.ts'
import type { Plane } from './residual.ts'

export type Candidate = { lattice: Lattice; score: number }

/** Two lags, in pixels, that span a lattice. */
type Basis = readonly [ax: number, ay: number, bx: number, by: number]

/** The lattices under which a picture most resembles itself, best first. */
export function findLattices(plane: Plane, count: number): Candidate[] {
  const lags = autocorrelation(plane)
  const rough = [
    ...lags.squares.map(({ x, y, score }) => ({ basis: [x, y, -y, x] as Basis, score })),
    ...pairs(lags.coarse, COARSE_FROM, LONGEST),
    ...pairs(lags.fine, SHORTEST, COARSE_FROM),
  ]
  rough.sort((a, b) => b.score - a.score)
  const kept: { basis: Basis; score: number }[] = []
  for (const { basis } of rough) {
    if (kept.length >= 3 * count) break
    if (kept.some((other) => alike(other.basis, basis))) continue
    const refined = reduced(refine(lags, basis))
    if (kept.some((other) => alike(other.basis, refined))) continue
    kept.push({ basis: refined, score: strength(lags, refined, HORIZON) })
  }
  return kept
    .sort((a, b) => b.score - a.score)
    .slice(0, count)
    .map(({ basis, score }) => ({ lattice: inverse(basis), score }))
}

function lagsFor(lags: Lags, [ax, ay]: Basis): Float32Array {
  return ax * ax + ay * ay >= COARSE_FROM ** 2 ? lags.coarse : lags.fine
}

/** Steps of the lattice at which a periodic picture resembles itself; the other half of the plane is the same. */
const STEPS = [
  [1, 0],
  [0, 1],
  [1, 1],
  [1, -1],
  [2, 0],
  [0, 2],
  [2, 1],
  [1, 2],
  [2, -1],
  [1, -2],
] as const

function near(lags: Float32Array, [ax, ay, bx, by]: Basis): number {
  let sum = 0
  let count = 0
  for (const [m, n] of STEPS) {
    const x = Math.round(m * ax + n * bx)
    const y = Math.round(m * ay + n * by)
    if (x > HORIZON || x < -HORIZON || y > HORIZON || y < -HORIZON) continue
    sum += lags[(y & (LAG_SIDE - 1)) * LAG_SIDE + (x & (LAG_SIDE - 1))]!
    count++
  }
  return count < 3 ? 0 : sum / Math.sqrt(count)
}

const LEAST = 4
const PEAKS = 24
/** Lags less sharp than this are no peaks. */
const LEAST_PEAK = 2.5
const MASK = LAG_SIDE - 1
const ALL = LAG_SIDE * LAG_SIDE - 1

/** Lattices of any shape not far from a square, out of pairs of the sharpest lags. */
function pairs(lags: Float32Array, shortest: number, longest: number): { basis: Basis; score: number }[] {
  const peaks: { x: number; y: number; value: number }[] = []
  const [nearest, furthest] = [(0.8 * shortest) ** 2, (1.25 * longest) ** 2]
  let least = LEAST_PEAK
  for (let y = 0; y <= longest; y++) {
    const row = y * LAG_SIDE
    const reach = Math.min(longest, Math.floor(Math.sqrt(furthest - y * y)))
    for (let x = y === 0 ? 0 : -reach; x <= reach; x++) {
      const at = row + (x & MASK)
      const value = lags[at]!
      if (value < least || x * x + y * y < nearest) continue
      if (value < lags[row + ((x - 1) & MASK)]! || value < lags[row + ((x + 1) & MASK)]!) continue
      if (value < lags[(at - LAG_SIDE) & ALL]! || value < lags[(at + LAG_SIDE) & ALL]!) continue
      peaks.push({ x, y, value })
      if (peaks.length <= PEAKS) continue
      peaks.sort((a, b) => b.value - a.value)
      peaks.length = PEAKS
      least = peaks[PEAKS - 1]!.value
    }
  }
  const found: { basis: Basis; score: number }[] = []
  for (const [index, a] of peaks.entries())
    for (const b of peaks.slice(index + 1)) {
      const cross = a.x * b.y - a.y * b.x
      const dot = a.x * b.x + a.y * b.y
      const [aa, bb] = [a.x ** 2 + a.y ** 2, b.x ** 2 + b.y ** 2]
      if (aa > 2.3 * bb || bb > 2.3 * aa || dot * dot > 0.2 * aa * bb) continue
      const basis: Basis = cross > 0 ? [a.x, a.y, b.x, b.y] : [b.x, b.y, a.x, a.y]
      const score = near(lags, basis)
      if (score > LEAST) found.push({ basis, score })
    }
  return found
}

/** Moves both vectors by fractions of a pixel to where the lags they reach are highest, near ones first, then far ones. */
function refine(lags: Lags, start: Basis): Basis {
  let best = start
  const period = Math.hypot(start[0], start[1])
  for (const [horizon, first] of [
    [2.3 * period, period / 48],
    [4.5 * period, period / 96],
    [HORIZON, period / 192],
  ] as const) {
    let most = strength(lags, best, horizon)
    for (let step = first; step > first / 5; step /= 2)
      for (let at = 0; at < 4; at++)
        for (const sign of [1, -1]) {
          const next = best.map((value, index) =>
            index === at ? value + sign * step : value,
          ) as unknown as Basis
          const value = strength(lags, next, horizon)
          if (value > most) {
            most = value
            best = next
            break
          }
        }
  }
  return best
}

/** The sum of all lags of the lattice within a distance, over the root of their number: highest for the true lattice. */
function strength(lags: Lags, basis: Basis, within: number): number {
  const [ax, ay, bx, by] = basis
  const values = lagsFor(lags, basis)
  const horizon = Math.min(within, HORIZON)
  const most = Math.min(10, Math.ceil(horizon / Math.min(Math.hypot(ax, ay), Math.hypot(bx, by))))
  let sum = 0
  let count = 0
  for (let n = 0; n <= most; n++)
    for (let m = n === 0 ? 1 : -most; m <= most; m++) {
      const x = m * ax + n * bx
      const y = m * ay + n * by
      if (x * x + y * y > horizon * horizon) continue
      sum += bilinear(values, x, y)
      count++
    }
  return count === 0 ? 0 : sum / Math.sqrt(count)
}

function bilinear(lags: Float32Array, x: number, y: number): number {
  const left = Math.floor(x)
  const top = Math.floor(y)
  const fx = x - left
  const fy = y - top
  const mask = LAG_SIDE - 1
  const upper = (top & mask) * LAG_SIDE
  const lower = ((top + 1) & mask) * LAG_SIDE
  return (
    (1 - fy) * ((1 - fx) * lags[upper + (left & mask)]! + fx * lags[upper + ((left + 1) & mask)]!) +
    fy * ((1 - fx) * lags[lower + (left & mask)]! + fx * lags[lower + ((left + 1) & mask)]!)
  )
}

/** The same lattice by its shortest vectors (Gauss), the first one between 0 and 90 degrees. */
function reduced(basis: Basis): Basis {
  let [ax, ay, bx, by] = basis
  for (let round = 0; round < 8; round++) {
    if (ax * ax + ay * ay > bx * bx + by * by) [ax, ay, bx, by] = [bx, by, -ax, -ay]
    const times = Math.round((ax * bx + ay * by) / (ax * ax + ay * ay))
    if (times === 0) break
    bx -= times * ax
    by -= times * ay
  }
  for (let turn = 0; turn < 4 && !(ax > 0 && ay >= -1e-9 * ax); turn++) [ax, ay, bx, by] = [bx, by, -ax, -ay]
  return ax * by - ay * bx > 0 ? [ax, ay, bx, by] : [ax, ay, -bx, -by]
}

function alike(one: Basis, other: Basis): boolean {
  const scale = 0.02 * Math.hypot(one[0], one[1])
  const close = (turned: Basis) => turned.every((value, at) => Math.abs(value - one[at]!) < scale)
  const [ax, ay, bx, by] = other
  return close(other) || close([bx, by, -ax, -ay]) || close([-bx, -by, ax, ay])
}

function inverse([ax, ay, bx, by]: Basis): Lattice {
  const area = ax * by - ay * bx
  return { xx: by / area, xy: -bx / area, yx: -ay / area, yy: ax / area }
}
