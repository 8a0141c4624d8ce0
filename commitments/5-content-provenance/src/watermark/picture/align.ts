import { BAND, FOLD_SIDE, type Folded, type Lattice, LINES } from './fold.ts'
import { type Field, field } from './fourier.ts'
import { kernelsApart } from './kernels/kernels.ts'

/** The tile of all parts together, once they are aligned. */
export type Stacked = {
  lattice: Lattice
  /** Sum of the parts' spectra, equalised for the least error in the chips. */
  spectrum: Field
  /** How far the energy common to all parts exceeds what parts with nothing in common have, in standard deviations. */
  excess: number
}

const RINGS = Math.max(...LINES.map(({ ring }) => ring)) + 1

/** A change (u, v) → (u, v) + E (u, v), as the rows of E. */
type Bend = readonly [number, number, number, number]

/** Scale, rotation, aspect and shear: the four ways a lattice can bend. */
const DIRECTIONS: readonly Bend[] = [
  [1, 0, 0, 1],
  [0, -1, 1, 0],
  [1, 0, 0, -1],
  [0, 1, 1, 0],
]

/** The last step of the search, in tiles at the part furthest from the middle: a tenth of a chip. */
const FINEST = 0.004

/**
 * Finds the small change of the lattice under which the parts agree best, and adds them up.
 *
 * @param reach the largest shift to look for, in tiles, at the part furthest from the middle
 */
export function alignParts(parts: Folded[], lattice: Lattice, reach: number): Stacked {
  const apart = noise(parts)
  const weights = apart.map((power) => 1 / (power + 1e-20))
  const furthest = Math.max(...parts.map(({ u, v }) => Math.hypot(u, v)), 1e-6)
  let best: Bend = [0, 0, 0, 0]
  const energy = energyOf(parts, weights)
  let most = energy(best)
  for (let step = reach / furthest; step * furthest > FINEST; step /= 2)
    for (let round = 0; round < 2; round++) {
      const before = most
      for (const direction of DIRECTIONS)
        for (const sign of [step, -step]) {
          const next = best.map((value, at) => value + sign * direction[at]!) as unknown as Bend
          const found = energy(next)
          if (found <= most) continue
          most = found
          best = next
          break
        }
      if (most === before) break
    }
  return {
    lattice: bent(lattice, best),
    spectrum: equalised(summed(parts, best), apart, parts.length),
    // Under noise alone each line's weighted energy is exponential with mean 1.
    excess: (most - LINES.length) / Math.sqrt(LINES.length),
  }
}

/**
 * The energy of every line in the parts alone, smoothed over its neighbours. Pictures have stripes, ridges and weaves,
 * so it is taken line by line and not by frequency alone.
 */
function noise(parts: Folded[]): Float64Array {
  const powers = new Float64Array(LINES.length)
  for (const { re, im } of parts)
    for (let index = 0; index < LINES.length; index++)
      powers[index]! += re[index]! * re[index]! + im[index]! * im[index]!
  return powers.map((power, index) => {
    let sum = 0
    for (const near of NEIGHBOURS[index]!) sum += powers[near]!
    return OWN * power + (1 - OWN) * (sum / NEIGHBOURS[index]!.length)
  })
}

/** Of each line, itself and those next to it; lines with kx < 0 have the energy of those they mirror. */
const NEIGHBOURS = LINES.map(({ kx, ky }) =>
  [-1, 0, 1].flatMap((down) =>
    [-1, 0, 1].flatMap((across) => {
      const [x, y] = [kx + across, ky + down]
      const mirrored = x < 0 || (x === 0 && y < 0)
      const at = LINES.findIndex((line) => line.kx === (mirrored ? -x : x) && line.ky === (mirrored ? -y : y))
      return at < 0 ? [] : [at]
    }),
  ),
)

/** How much of a line's noise is its own, against the mean of the nine about it. */
const OWN = 0.2

function bent({ xx, xy, yx, yy }: Lattice, [a, b, c, d]: Bend): Lattice {
  return {
    xx: xx + a * xx + b * yx,
    xy: xy + a * xy + b * yy,
    yx: yx + c * xx + d * yx,
    yy: yy + c * xy + d * yy,
  }
}

/** Lines lie in the kernel's grid row by row, 16 to a row. */
const ROW = 16
const GRID = (2 * BAND + 1) * ROW
const PLACES = Uint16Array.from(LINES, ({ kx, ky }) => (ky + BAND) * ROW + kx)
const apart = kernelsApart()

/** The energy of the sum of all parts under a bend, each line weighed. Holds until the next call. */
function energyOf(parts: Folded[], weights: Float64Array): (bend: Bend) => number {
  const [re, im, weightsAt, shiftsAt, scratch] = apart.places(
    parts.length * GRID * 4,
    parts.length * GRID * 4,
    GRID * 4,
    parts.length * 16,
    parts.length * 384,
  )
  const { run } = apart
  const lay = (values: Float64Array, at: number) => {
    const grid = new Float32Array(run.memory.buffer, at, GRID).fill(0)
    for (let index = 0; index < PLACES.length; index++) grid[PLACES[index]!] = values[index]!
  }
  lay(weights, weightsAt)
  for (const [part, lines] of parts.entries()) {
    lay(lines.re, re + part * GRID * 4)
    lay(lines.im, im + part * GRID * 4)
  }
  const shifts = new Float32Array(run.memory.buffer, shiftsAt, parts.length * 4)
  return ([a, b, c, d]) => {
    for (const [part, { u, v }] of parts.entries()) {
      const across = 2 * Math.PI * (a * u + b * v)
      const down = 2 * Math.PI * (c * u + d * v)
      shifts[4 * part] = Math.cos(across)
      shifts[4 * part + 1] = Math.sin(across)
      shifts[4 * part + 2] = Math.cos(down)
      shifts[4 * part + 3] = Math.sin(down)
    }
    return run.energy(re, im, weightsAt, parts.length, shiftsAt, scratch)
  }
}

const WIDTH = 2 * BAND + 1
const TABLES = Array.from({ length: 4 }, () => new Float64Array(WIDTH)) as [
  Float64Array,
  Float64Array,
  Float64Array,
  Float64Array,
]

/** The sum of all parts' lines, each part shifted back by what the bend moved its middle. */
function summed(parts: Folded[], [a, b, c, d]: Bend): { re: Float64Array; im: Float64Array } {
  const sumRe = new Float64Array(LINES.length)
  const sumIm = new Float64Array(LINES.length)
  const [cosX, sinX, cosY, sinY] = TABLES
  for (const { u, v, re, im } of parts) {
    turns(cosX, sinX, 2 * Math.PI * (a * u + b * v))
    turns(cosY, sinY, 2 * Math.PI * (c * u + d * v))
    let index = 0
    for (let ky = 0; ky < WIDTH; ky++) {
      const cy = cosY[ky]!
      const sy = sinY[ky]!
      for (let kx = ky > BAND ? BAND : BAND + 1; kx < WIDTH; kx++, index++) {
        const co = cosX[kx]! * cy - sinX[kx]! * sy
        const si = sinX[kx]! * cy + cosX[kx]! * sy
        sumRe[index]! += re[index]! * co + im[index]! * si
        sumIm[index]! += im[index]! * co - re[index]! * si
      }
    }
  }
  return { re: sumRe, im: sumIm }
}

function turns(cos: Float64Array, sin: Float64Array, angle: number): void {
  const c = Math.cos(angle)
  const s = Math.sin(angle)
  cos[BAND] = 1
  sin[BAND] = 0
  for (let k = 1; k <= BAND; k++) {
    const co = cos[BAND + k - 1]! * c - sin[BAND + k - 1]! * s
    const si = sin[BAND + k - 1]! * c + cos[BAND + k - 1]! * s
    cos[BAND + k] = co
    sin[BAND + k] = si
    cos[BAND - k] = co
    sin[BAND - k] = -si
  }
}

/**
 * The Wiener filter for unit chips: √S / (S + N) for every line. What is common to R parts has R times the energy
 * together that it has apart; noise has the same. So the two sums tell S, which is taken to be alike all along a ring.
 */
function equalised(
  { re, im }: { re: Float64Array; im: Float64Array },
  apart: Float64Array,
  count: number,
): Field {
  const excess = new Float64Array(RINGS)
  const trust = new Float64Array(RINGS)
  const reference = new Float64Array(RINGS)
  LINES.forEach(({ ring }, index) => {
    const power = re[index]! ** 2 + im[index]! ** 2
    const weight = 1 / (apart[index]! ** 2 + 1e-40)
    excess[ring]! += weight * (power - apart[index]!)
    reference[ring]! += weight * power
    trust[ring]! += weight
  })
  const signals = excess.map(
    (sum, ring) => Math.max((sum * count) / (count - 1), LEAST_SIGNAL * reference[ring]!) / trust[ring]!,
  )
  const spectrum = field(FOLD_SIDE)
  for (const [index, { kx, ky, ring }] of LINES.entries()) {
    const at = (ky & (FOLD_SIDE - 1)) * FOLD_SIDE + kx
    const mirrored = (-ky & (FOLD_SIDE - 1)) * FOLD_SIDE + (-kx & (FOLD_SIDE - 1))
    const signal = signals[ring]!
    const filter = Math.sqrt(signal) / (signal + Math.max(0, apart[index]! - signal / count) + 1e-20)
    spectrum.re[at] = re[index]! * filter
    spectrum.im[at] = im[index]! * filter
    spectrum.re[mirrored] = spectrum.re[at]!
    spectrum.im[mirrored] = -spectrum.im[at]!
  }
  return spectrum
}

/** No ring is given up: at least this share of its energy is taken for signal. */
const LEAST_SIGNAL = 0.02
