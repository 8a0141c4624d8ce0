import { decodeMark, falseAcceptBound } from '../code/code.ts'
import type { MarkKey } from '../code/keyed.ts'
import { alignParts } from './align.ts'
import type { Detection } from './detect.ts'
import { BAND, FOLD_SIDE, folder, type Lattice } from './fold.ts'
import { type Field, field, transform } from './fourier.ts'
import { geometryOf } from './geometry.ts'
import { findLattices } from './lattice.ts'
import { type Grey, halved, type Plane, residual } from './residual.ts'
import { TILE_SIDES } from './scale.ts'
import { readChips, synchronise, syncTemplate, TURNS } from './synchronise.ts'
import { codeOf, tileLayout } from './tile.ts'

/** Pictures of one size and shape whose tiles begin at the same place, added up: the frames of a stretch of a shot. */
export type Run = { width: number; height: number; shrunk: number; plane: Plane }

/** Pictures of more pixels are looked at half as large. */
const LARGE = 2_400_000
/** Decodings in one look: half of what a check may have, since the sound beside it has the other half (see `code.ts`). */
const DECODINGS = 256
const PLACEMENTS = 12
const LEAST_SCORE = 3.9
const LEAST_EXCESS = 3
const LATTICES = 10
/** Runs laid side by side where a lattice is looked for. */
const LOOKED_AT = 6
/** Tiles of two runs are laid over one another where they agree by more than this, in deviations: chance has below four. */
const AGREE = 4.2
const INTACT = 0.02
const BLIND = 0.06

/** Adds a picture to a run, or begins one. */
export function addToRun(run: Run | undefined, luma: Uint8Array, width: number, height: number): Run {
  let grey: Grey = { width, height, values: luma, unit: 1 }
  let shrunk = 1
  for (; grey.width * grey.height > LARGE; shrunk *= 2) grey = halved(grey)
  const plane = residual(grey)
  if (run === undefined) return { width, height, shrunk, plane }
  const sum = run.plane.values
  for (let at = 0; at < sum.length; at++) sum[at]! += plane.values[at]!
  return run
}

/**
 * Looks for one mark in several runs, each of which has its tile at another place. Their tiles are laid over one another
 * by what they have in common, all 576 chips, before the few known chips tell where the tile begins: so runs too weak to
 * be read alone are read together. Scale and turn are taken to be the same in all.
 */
export function detectInRuns(
  runs: readonly Run[],
  key: MarkKey,
  { geometry = 'blind' }: { geometry?: 'intact' | 'blind' } = {},
): Detection | undefined {
  const [first] = runs
  if (first === undefined || Math.min(first.width, first.height) < 24) return undefined
  const { width, height, shrunk } = first
  const layout = tileLayout(key)
  const template = syncTemplate(layout)
  let decodings = 0
  const attempt = (start: Lattice, reach: number): Detection | undefined => {
    const stacked = stack(runs, start, reach)
    if (stacked === undefined) return undefined
    for (const placement of synchronise(stacked.spectrum, template, PLACEMENTS)) {
      if (placement.score < LEAST_SCORE || decodings === DECODINGS) break
      decodings++
      const decoded = decodeMark(codeOf(layout, readChips(stacked.spectrum, placement)), key)
      if (decoded === undefined) continue
      // what alignment bent a known lattice by is noise: where a film was not scaled, it says so exactly
      const { xx, xy, yx, yy } = reach === INTACT ? start : stacked.lattice
      const lattice = { xx: xx / shrunk, xy: xy / shrunk, yx: yx / shrunk, yy: yy / shrunk }
      return {
        ...decoded.payload,
        confidence: -Math.log2(falseAcceptBound(decodings)),
        bitErrors: decoded.bitErrors,
        geometry: geometryOf(lattice, TURNS[placement.turn]!, width, height),
      }
    }
    return undefined
  }
  for (const side of TILE_SIDES) {
    const tiles = shrunk / side
    const found = attempt({ xx: tiles, xy: 0, yx: 0, yy: tiles }, INTACT)
    if (found) return found
  }
  if (geometry === 'intact') return undefined
  for (const { lattice } of findLattices(sideBySide(runs), LATTICES)) {
    const found = attempt(lattice, BLIND)
    if (found) return found
  }
  return undefined
}

/** One below the other: only lags within a run matter where a picture is compared with itself. */
function sideBySide(runs: readonly Run[]): Plane {
  const by = Math.max(1, Math.ceil(runs.length / LOOKED_AT))
  const chosen = runs.filter((_, at) => at % by === 0).map(({ plane }) => plane)
  const { width, height } = chosen[0]!
  const values = new Float32Array(width * height * chosen.length)
  for (const [at, plane] of chosen.entries()) values.set(plane.values, at * width * height)
  return { width, height: height * chosen.length, values }
}

/** The tiles of all runs together, or nothing where they hold none by this lattice. */
function stack(
  runs: readonly Run[],
  start: Lattice,
  reach: number,
): { spectrum: Field; lattice: Lattice } | undefined {
  const probed = runs.slice(0, LOOKED_AT).map(({ plane }) => aligned(plane, start, reach))
  const best = probed.reduce((one, other) => (other.excess > one.excess ? other : one))
  const sum = probed.reduce((total, { excess }) => total + excess, 0)
  if (Math.max(best.excess, sum / Math.sqrt(probed.length)) < LEAST_EXCESS) return undefined
  // what scale and turn are left is told best by the strongest run, and is the same in all
  const all = runs
    .map(({ plane }) => aligned(plane, best.lattice, INTACT))
    .sort((one, other) => other.excess - one.excess)
  const [strongest, ...others] = all
  const spectrum = field(FOLD_SIDE)
  add(spectrum, strongest!.spectrum, { u: 0, v: 0 })
  // those that do not agree with one run may agree with many
  let left = others
  for (let round = 0; round < 2; round++)
    left = left.filter((one) => {
      const shift = shiftBetween(spectrum, one.spectrum)
      if (shift.score < AGREE) return true
      add(spectrum, one.spectrum, shift)
      return false
    })
  return { spectrum, lattice: strongest!.lattice }
}

function aligned(plane: Plane, lattice: Lattice, reach: number) {
  return alignParts(folder(plane)(lattice, 4, 4), lattice, reach)
}

type Shift = { u: number; v: number }

/** By how much the second tile is shifted against the first, in tiles, and how far that stands out, in deviations. */
function shiftBetween(one: Field, other: Field): Shift & { score: number } {
  const product = field(FOLD_SIDE)
  for (let at = 0; at < product.re.length; at++) {
    const [a, b, c, d] = [one.re[at]!, one.im[at]!, other.re[at]!, other.im[at]!]
    product.re[at] = a * c + b * d
    product.im[at] = a * d - b * c
  }
  const { re } = transform(product, 'back')
  let power = 0
  let peak = 0
  for (let at = 0; at < re.length; at++) {
    power += re[at]! ** 2
    if (re[at]! > re[peak]!) peak = at
  }
  const [x, y] = [peak % FOLD_SIDE, Math.floor(peak / FOLD_SIDE)]
  const value = (column: number, row: number): number =>
    re[(row & (FOLD_SIDE - 1)) * FOLD_SIDE + (column & (FOLD_SIDE - 1))]!
  const vertex = (before: number, middle: number, after: number): number => {
    const bend = before - 2 * middle + after
    return bend < 0 ? (before - after) / (2 * bend) : 0
  }
  return {
    u: (x + vertex(value(x - 1, y), value(x, y), value(x + 1, y))) / FOLD_SIDE,
    v: (y + vertex(value(x, y - 1), value(x, y), value(x, y + 1))) / FOLD_SIDE,
    score: re[peak]! / (Math.sqrt(power / re.length) + 1e-20),
  }
}

/** Adds a tile, shifted back. */
function add(sum: Field, other: Field, { u, v }: Shift): void {
  for (let ky = -BAND; ky <= BAND; ky++)
    for (let kx = -BAND; kx <= BAND; kx++) {
      const at = (ky & (FOLD_SIDE - 1)) * FOLD_SIDE + (kx & (FOLD_SIDE - 1))
      const angle = 2 * Math.PI * (kx * u + ky * v)
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
      sum.re[at]! += other.re[at]! * cos - other.im[at]! * sin
      sum.im[at]! += other.re[at]! * sin + other.im[at]! * cos
    }
}
