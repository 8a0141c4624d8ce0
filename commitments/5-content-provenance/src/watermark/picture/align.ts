import { BAND, FOLD_SIDE, type Folded, type Lattice, LINES } from './fold.ts'
import { type Field, field } from './fourier.ts'

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
  let most = energy(parts, weights, best)
  for (let step = reach / furthest; step * furthest > FINEST; step /= 2)
    for (let round = 0; round < 2; round++) {
      const before = most
      for (const direction of DIRECTIONS)
        for (const sign of [step, -step]) {
          const next = best.map((value, at) => value + sign * direction[at]!) as unknown as Bend
          const found = energy(parts, weights, next)
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
  const grid = new Float64Array((BAND + 3) * (WIDTH + 2))
  const powers = new Float64Array(LINES.length)
  for (const { re, im } of parts)
    for (let index = 0; index < LINES.length; index++) powers[index]! += re[index]! ** 2 + im[index]! ** 2
  LINES.forEach(({ kx, ky }, index) => {
    for (const [x, y] of kx <= 1
      ? [
          [kx, ky],
          [-kx, -ky],
        ]
      : [[kx, ky]])
      if (x! >= -1 && (x !== 0 || kx === 0)) grid[(y! + BAND + 1) * (BAND + 3) + x! + 1] = powers[index]!
  })
  return Float64Array.from(LINES, ({ kx, ky }, index) => {
    let sum = 0
    let count = 0
    for (let y = ky; y <= ky + 2; y++)
      for (let x = kx; x <= kx + 2; x++) {
        const power = grid[y * (BAND + 3) + (BAND + 3) * BAND + x]!
        if (power > 0) {
          sum += power
          count++
        }
      }
    return OWN * powers[index]! + (1 - OWN) * (sum / count)
  })
}

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

function energy(parts: Folded[], weights: Float64Array, bend: Bend): number {
  const { re, im } = summed(parts, bend)
  let total = 0
  for (let at = 0; at < weights.length; at++) total += weights[at]! * (re[at]! * re[at]! + im[at]! * im[at]!)
  return total
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
