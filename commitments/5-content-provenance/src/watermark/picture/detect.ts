import { type Decoded, decodeMark, falseAcceptBound } from '../code/code.ts'
import type { MarkKey } from '../code/keyed.ts'
import type { Payload } from '../code/payload.ts'
import { alignParts } from './align.ts'
import { foldParts, type Lattice } from './fold.ts'
import { type Geometry, geometryOf } from './geometry.ts'
import { findLattices } from './lattice.ts'
import { halved, type Plane, residual } from './residual.ts'
import { CHIP_SIZES } from './scale.ts'
import { readChips, synchronise, syncTemplate, type Template, TURNS } from './synchronise.ts'
import { type Layout, TILE_CHIPS, tileLayout } from './tile.ts'

export type DetectOptions = {
  /** `intact` looks for pictures that were cropped, mirrored or compressed, never scaled or turned: quick. */
  geometry?: 'intact' | 'blind'
}

export type Detection = Payload & {
  /** Bits of evidence against chance: minus the binary logarithm of the bound on false accepts for the tries it took. */
  confidence: number
  /** Of 512 bits, how many were read wrongly before correction. */
  bitErrors: number
  geometry: Geometry
}

/**
 * At most so many lattices are tried, with so many placements each: with the four sizes of chips, 10 · 12 = 120
 * decodings a check, far within the 512 by which a false accept stays below 10^-9 (see `code.ts`).
 */
const LATTICES = 6
const PLACEMENTS = 12
/** Parts whose tiles have less in common than this, in deviations, hold no mark that could be read. */
const LEAST_EXCESS = 3

/**
 * Looks for a mark under this key. Intact geometry is tried first, then any scale, turn and mild distortion.
 *
 * @param luma one byte a pixel, row by row
 * @returns what the mark says, or nothing: then there is none, or it is too weak to be told from chance
 */
export function detect(
  luma: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  key: MarkKey,
  options: DetectOptions = {},
): Detection | undefined {
  if (Math.min(width, height) < SMALLEST) return undefined
  const layout = tileLayout(key)
  const search: Search = { key, layout, template: syncTemplate(layout), decodings: 0 }
  const picture = { width, height, values: luma }
  const plane = residual(picture, REACH)
  for (const size of CHIP_SIZES) {
    const period = size * TILE_CHIPS
    if (size > CHIP_SIZES[0] && period > Math.min(width, height)) break
    const found = attempt(search, plane, { xx: 1 / period, xy: 0, yx: 0, yy: 1 / period }, 0.02)
    if (found) return found
  }
  if (options.geometry === 'intact') return undefined
  const large = width * height > LARGE
  for (const { lattice } of findLattices(large ? residual(halved(picture), REACH) : plane, LATTICES)) {
    const found = attempt(search, plane, large ? scaled(lattice, 0.5) : lattice, 0.06)
    if (found) return found
  }
  return undefined
}

/** Pictures less than this many pixels wide or high are not looked at. */
const SMALLEST = 24
/** Half the side of the neighbourhood that foretells a pixel: about three chips across. */
const REACH = 6
/** Above so many pixels lattices are looked for at half the size. */
const LARGE = 1_200_000

type Search = { key: MarkKey; layout: Layout; template: Template; decodings: number }

function attempt(search: Search, plane: Plane, lattice: Lattice, reach: number): Detection | undefined {
  const columns = plane.width > 1200 ? 6 : 4
  const stacked = alignParts(foldParts(plane, lattice, columns, 4), lattice, reach)
  if (stacked.excess < LEAST_EXCESS) return undefined
  for (const placement of synchronise(stacked.spectrum, search.template, PLACEMENTS)) {
    search.decodings++
    const decoded = decodeMark(readChips(stacked.spectrum, search.layout, placement), search.key)
    if (decoded)
      return detection(
        decoded,
        search.decodings,
        geometryOf(stacked.lattice, TURNS[placement.turn]!, plane.width, plane.height),
      )
  }
  return undefined
}

function detection({ payload, bitErrors }: Decoded, decodings: number, geometry: Geometry): Detection {
  return { ...payload, confidence: -Math.log2(falseAcceptBound(decodings)), bitErrors, geometry }
}

function scaled({ xx, xy, yx, yy }: Lattice, by: number): Lattice {
  return { xx: xx * by, xy: xy * by, yx: yx * by, yy: yy * by }
}
