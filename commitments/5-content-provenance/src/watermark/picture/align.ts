import { FOLD_SIDE, type Folded, type Lattice } from './fold.ts'
import { type Field, field } from './fourier.ts'

/** Frequencies of the folded tile that carry the chips, in turns per tile: up to a little above half the chip rate. */
const BAND = 14

/** The tile of all parts together, once they are aligned. */
export type Stacked = {
  lattice: Lattice
  /** Sum of the parts' spectra, weighted for the best signal to noise. */
  spectrum: Field
  /** How far the energy common to all parts exceeds what parts with nothing in common have, in standard deviations. */
  excess: number
}

type Line = { kx: number; ky: number; at: number; weight: number }

/**
 * Finds the small change of the lattice under which the parts agree best, and adds them up.
 *
 * @param reach the largest shift to look for, in tiles, at the part furthest from the middle
 */
export function alignParts(parts: Folded[], lattice: Lattice, reach: number): Stacked {
  const lines = weigh(parts)
  const furthest = Math.max(...parts.map(({ u, v }) => Math.hypot(u, v)), 1e-6)
  let best = [0, 0, 0, 0]
  let most = energy(parts, lines, best)
  for (let step = reach / furthest; reach > 0 && step * furthest > 0.004; step /= 2)
    for (let round = 0; round < 2; round++) {
      let moved = false
      for (const direction of DIRECTIONS)
        for (const sign of [1, -1]) {
          const next = best.map((value, at) => value + sign * step * direction[at]!)
          const found = energy(parts, lines, next)
          if (found > most) {
            most = found
            best = next
            moved = true
            break
          }
        }
      if (!moved) break
    }
  return { ...stack(parts, lines, best), lattice: bent(lattice, best) }
}

/** Scale, rotation, aspect and shear: the four ways a lattice can bend. */
const DIRECTIONS = [
  [1, 0, 0, 1],
  [0, -1, 1, 0],
  [1, 0, 0, -1],
  [0, 1, 1, 0],
]

/** (u, v) of the lattice becomes (u, v) + E (u, v). */
function bent({ xx, xy, yx, yy }: Lattice, [a, b, c, d]: number[]): Lattice {
  return {
    xx: xx + a! * xx + b! * yx,
    xy: xy + a! * xy + b! * yy,
    yx: yx + c! * xx + d! * yx,
    yy: yy + c! * xy + d! * yy,
  }
}

/** The lines of the band, each with the reciprocal of the noise about it: the mean energy of single parts on its ring. */
function weigh(parts: Folded[]): Line[] {
  const lines: Line[] = []
  const rings = new Float64Array(2 * BAND)
  const counts = new Float64Array(2 * BAND)
  for (let ky = -BAND; ky <= BAND; ky++)
    for (let kx = 0; kx <= BAND; kx++) {
      const ring = Math.round(Math.hypot(kx, ky))
      if (ring === 0 || (kx === 0 && ky < 0)) continue
      const at = ((ky + FOLD_SIDE) % FOLD_SIDE) * FOLD_SIDE + kx
      let power = 0
      for (const { spectrum } of parts) power += spectrum.re[at]! ** 2 + spectrum.im[at]! ** 2
      rings[ring]! += power
      counts[ring]!++
      lines.push({ kx, ky, at, weight: ring })
    }
  for (const line of lines) line.weight = counts[line.weight]! / (rings[line.weight]! + 1e-20)
  return lines
}

function energy(parts: Folded[], lines: Line[], bend: number[]): number {
  const { re, im } = summed(parts, lines, bend)
  let total = 0
  for (let at = 0; at < lines.length; at++) total += lines[at]!.weight * (re[at]! ** 2 + im[at]! ** 2)
  return total
}

function summed(
  parts: Folded[],
  lines: Line[],
  [a, b, c, d]: number[],
): { re: Float64Array; im: Float64Array } {
  const re = new Float64Array(lines.length)
  const im = new Float64Array(lines.length)
  const cos = new Float64Array(2 * BAND + 1)
  const sin = new Float64Array(2 * BAND + 1)
  const cosY = new Float64Array(2 * BAND + 1)
  const sinY = new Float64Array(2 * BAND + 1)
  for (const { u, v, spectrum } of parts) {
    const du = 2 * Math.PI * (a! * u + b! * v)
    const dv = 2 * Math.PI * (c! * u + d! * v)
    for (let k = -BAND; k <= BAND; k++) {
      cos[k + BAND] = Math.cos(k * du)
      sin[k + BAND] = Math.sin(k * du)
      cosY[k + BAND] = Math.cos(k * dv)
      sinY[k + BAND] = Math.sin(k * dv)
    }
    for (let index = 0; index < lines.length; index++) {
      const { kx, ky, at } = lines[index]!
      const cx = cos[kx + BAND]!
      const sx = sin[kx + BAND]!
      const cy = cosY[ky + BAND]!
      const sy = sinY[ky + BAND]!
      const co = cx * cy - sx * sy
      const si = -(sx * cy + cx * sy)
      const pr = spectrum.re[at]!
      const pi = spectrum.im[at]!
      re[index]! += pr * co - pi * si
      im[index]! += pr * si + pi * co
    }
  }
  return { re, im }
}

function stack(parts: Folded[], lines: Line[], bend: number[]): { spectrum: Field; excess: number } {
  const { re, im } = summed(parts, lines, bend)
  const together = new Float64Array(2 * BAND)
  const apart = new Float64Array(2 * BAND)
  const counts = new Float64Array(2 * BAND)
  let total = 0
  lines.forEach(({ kx, ky, at, weight }, index) => {
    const ring = Math.round(Math.hypot(kx, ky))
    const power = re[index]! ** 2 + im[index]! ** 2
    total += weight * power
    together[ring]! += power
    for (const { spectrum } of parts) apart[ring]! += spectrum.re[at]! ** 2 + spectrum.im[at]! ** 2
    counts[ring]!++
  })
  // What is common to R parts has R times the energy together that it has apart; noise has the same.
  const equaliser = together.map((power, ring) => {
    const signal = Math.max(((power - apart[ring]!) * parts.length) / (parts.length - 1), 0.02 * power)
    return counts[ring] === 0 ? 0 : Math.sqrt(signal * counts[ring]!) / power
  })
  const spectrum = field(FOLD_SIDE)
  lines.forEach(({ kx, ky, at }, index) => {
    const weight = equaliser[Math.round(Math.hypot(kx, ky))]!
    const mirrored = ((FOLD_SIDE - ky) % FOLD_SIDE) * FOLD_SIDE + ((FOLD_SIDE - kx) % FOLD_SIDE)
    spectrum.re[at] = re[index]! * weight
    spectrum.im[at] = im[index]! * weight
    spectrum.re[mirrored] = re[index]! * weight
    spectrum.im[mirrored] = -im[index]! * weight
  })
  // Under noise alone each line's weighted energy is exponential with mean 1.
  return { spectrum, excess: (total - lines.length) / Math.sqrt(lines.length) }
}
