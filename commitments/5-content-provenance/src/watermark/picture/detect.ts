import { type Decoded, decodeMark, falseAcceptBound } from '../code/code.ts'
import type { MarkKey } from '../code/keyed.ts'
import type { Payload } from '../code/payload.ts'
import { alignParts } from './align.ts'
import { BRIGHTNESS, matched } from './colour.ts'
import type { Pixels } from './embed.ts'
import { evidenceOf } from './evidence.ts'
import { FOLD_SIDE, type Folder, folder, type Lattice } from './fold.ts'
import { type Geometry, geometryOf } from './geometry.ts'
import { findLattices } from './lattice.ts'
import { mixed } from './mix.ts'
import { halved, type Plane, residual } from './residual.ts'
import { TILE_SIDES, tileSide } from './scale.ts'
import {
  ofGrid,
  type Placement,
  readChips,
  synchronise,
  syncTemplate,
  type Template,
  TURNS,
} from './synchronise.ts'
import { codeOf, knownOf, type Layout, tileLayout } from './tile.ts'

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

/** At most so many placements are tried of each lattice. */
const PLACEMENTS = 3
/** What services and programs scale pictures to most: tried whether or not such a lattice was found. */
const USUAL_SCALES = [1 / 4, 1 / 2, 2 / 3, 0.7, 3 / 4, 0.8, 3 / 2, 2]
/**
 * How much is tried in a mix of colours: at most so many of the lattices that were found, none along which the picture
 * resembles itself less than so many deviations, as chance has it; and whether scales are guessed and the picture is looked
 * at smaller as well. Colour shows what brightness hides in grey texture and on clean pages, and shows it clearly: of forty
 * marks that it alone showed, none had a strength under 7, a scale that was guessed, or a place after the second.
 */
type Thoroughness = { lattices: number; strength: number; guesses: boolean }
const IN_BRIGHTNESS: Thoroughness = { lattices: 8, strength: 1.5, guesses: true }
const IN_COLOUR: Thoroughness = { lattices: 4, strength: 4, guesses: false }
/**
 * So many decodings a check, each of which accepts falsely with probability 32 · 2^-44 at most (see `code.ts`), and so
 * many bits of evidence for a trace leave fewer false accepts and false traces together than one in 10^9:
 * 400 · 32 · 2^-44 + 2^-32 = 9.6 · 10^-10. A trace is looked for at 64 · 64 origins, in 8 turns, under at most 72 lattices.
 */
const DECODINGS = 400
const TRACE_BITS = 32
const TRACE_PLACES = FOLD_SIDE * FOLD_SIDE * TURNS.length * 72
/**
 * Placements that stand out less than this, in deviations, are what chance puts forward on any tile: the first, and those
 * behind it. Of a thousand marks that were read after attacks, none was under 4.3, and all came first.
 */
const LEAST_SCORE = 4.1
const LEAST_BEHIND = 4.5
/** A placement that chance puts forward once in some hundred times: worth a decoding with a list four times as long. */
const SURE = 4.5
/**
 * Parts whose tiles have less in common than this, in deviations, hold no mark that could be read: of those thousand, none
 * had less than 5.4.
 */
const LEAST_EXCESS = 4
/** Pictures less than this many pixels wide or high are not looked at. */
const SMALLEST = 24
/** Pictures of more pixels are first probed in their middle, then looked at as a whole at half the size. */
const LARGE = 1_300_000
const PROBE = 512
/** What has fewer pixels than this is not looked at smaller still. */
const ENOUGH = 500_000
/** By how much a part may lie off the lattice that was tried, in tiles: where it is known, and where it was found. */
const INTACT = 0.02
const BLIND = 0.06

/** What a key lays down, kept for the key last used: checks mostly come under one key. */
let kept: { key: MarkKey; layout: Layout; template: Template } | undefined

function pattern(key: MarkKey): { layout: Layout; template: Template } {
  if (kept === undefined || Buffer.compare(kept.key, key) !== 0) {
    const layout = tileLayout(key)
    kept = { key: Uint8Array.from(key), layout, template: syncTemplate(layout) }
  }
  return { layout: kept.layout, template: kept.template }
}

/**
 * What is left of a mark that cannot be read: the chips that every mark under the key has, and enough of them that chance
 * does not explain it.
 */
export type Trace = {
  /** Bits of evidence against chance, all places looked at counted. */
  confidence: number
  geometry: Geometry
}

/** At most one of both. */
export type Seen = { mark?: Detection; trace?: Trace }

type Search = {
  trace?: Trace
  pixels: Pixels
  channels: number
  key: MarkKey
  layout: Layout
  template: Template
  width: number
  height: number
  decodings: number
}

/**
 * Looks for a mark under this key. Intact geometry is tried first, then any scale, turn and mild distortion; and all that
 * in brightness first, which survives everything, then in the mix of colours where the picture hinders the mark least.
 *
 * @param pixels rows of pixels of `channels` bytes: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha
 * @returns what the mark says, or that there is a trace of one, or nothing: then there is none, or it is too weak
 */
export function inspect(
  pixels: Pixels,
  width: number,
  height: number,
  channels: number,
  key: MarkKey,
  options: DetectOptions = {},
): Seen {
  if (Math.min(width, height) < SMALLEST) return {}
  const search: Search = { pixels, channels, key, ...pattern(key), width, height, decodings: 0 }
  const mark =
    (width * height > LARGE ? probe(search) : undefined) ??
    look(search, BRIGHTNESS, IN_BRIGHTNESS, options) ??
    inColour(search, options)
  return mark ? { mark } : search.trace ? { trace: search.trace } : {}
}

/** What the mark says, or nothing. */
export function detect(...looked: Parameters<typeof inspect>): Detection | undefined {
  return inspect(...looked).mark
}

function probe(search: Search): Detection | undefined {
  const { pixels, width, height, channels } = search
  const grey = mixed(pixels, width, channels, middle(width, height), BRIGHTNESS, { offset: 0, halve: false })
  return attempt(search, folder(residual(grey)), square(tileSide(width, height)), INTACT, 1)
}

function inColour(search: Search, options: DetectOptions): Detection | undefined {
  const weights = matched(search.pixels, search.width, search.height, search.channels)
  return weights && look(search, weights, IN_COLOUR, options)
}

function look(
  search: Search,
  weights: readonly [number, number, number],
  thoroughness: Thoroughness,
  { geometry }: DetectOptions,
): Detection | undefined {
  const { pixels, width, height, channels } = search
  const halve = width * height > LARGE
  const offset = weights === BRIGHTNESS ? 0 : 255
  let grey = mixed(pixels, width, channels, { left: 0, top: 0, width, height }, weights, { offset, halve })
  let shrunk = halve ? 2 : 1
  for (; grey.width * grey.height > LARGE; shrunk *= 2) grey = halved(grey)
  const plane = residual(grey)
  const fold = folder(plane)
  for (const side of shrunk === 1 ? TILE_SIDES.slice(0, 1) : TILE_SIDES) {
    const found = attempt(search, fold, square(side / shrunk), INTACT, shrunk)
    if (found) return found
  }
  if (geometry === 'intact') return undefined
  const found = blind(search, plane, fold, thoroughness, shrunk)
  if (found || !thoroughness.guesses) return found
  const guessed = usual(search, fold, shrunk)
  // Chips that scaling up has made larger than the neighbourhood are found at half the size again.
  if (guessed || plane.width * plane.height <= ENOUGH) return guessed
  const smaller = residual(halved(grey))
  return blind(search, smaller, folder(smaller), thoroughness, 2 * shrunk)
}

/** A picture too small or too busy for its lattice to be seen may still be read where its scale is guessed. */
function usual(search: Search, fold: Folder, shrunk: number): Detection | undefined {
  for (const scale of USUAL_SCALES) {
    const side = tileSide(search.width / scale, search.height / scale)
    const found = attempt(search, fold, square((side * scale) / shrunk), INTACT, shrunk)
    if (found) return found
  }
  return undefined
}

/** The middle of a picture, at most so many pixels wide and high as are probed. */
function middle(width: number, height: number) {
  const [across, down] = [Math.min(width, PROBE), Math.min(height, PROBE)]
  return { left: (width - across) >> 1, top: (height - down) >> 1, width: across, height: down }
}

function blind(
  search: Search,
  plane: Plane,
  fold: Folder,
  { lattices, strength }: Thoroughness,
  shrunk: number,
): Detection | undefined {
  for (const { lattice, score } of findLattices(plane, lattices)) {
    if (score < strength) break
    const found = attempt(search, fold, lattice, BLIND, shrunk)
    if (found) return found
  }
  return undefined
}

/** The lattice of a picture that was neither scaled nor turned, with tiles of this many pixels a side. */
function square(side: number): Lattice {
  const tiles = 1 / side
  return { xx: tiles, xy: 0, yx: 0, yy: tiles }
}

function attempt(
  search: Search,
  fold: Folder,
  lattice: Lattice,
  reach: number,
  shrunk: number,
): Detection | undefined {
  const stacked = alignParts(fold(lattice, 4, 4), lattice, reach)
  if (stacked.excess < LEAST_EXCESS) return undefined
  const geometry = ({ turn }: Placement) =>
    geometryOf(scaled(stacked.lattice, 1 / shrunk), TURNS[turn]!, search.width, search.height)
  for (const [rank, placement] of synchronise(stacked.spectrum, search.template, PLACEMENTS).entries()) {
    if (placement.score < (rank === 0 ? LEAST_SCORE : LEAST_BEHIND) || search.decodings === DECODINGS) break
    const soft = codeOf(search.layout, readChips(stacked.spectrum, placement))
    const decoded = decode(search, soft, 1) ?? (placement.score < SURE ? undefined : decode(search, soft, 4))
    if (decoded) return detection(decoded, search.decodings, geometry(placement))
    if (rank > 0) continue
    const known = knownOf(search.layout, readChips(stacked.spectrum, ofGrid(placement)))
    const confidence = evidenceOf(known) - Math.log2(TRACE_PLACES)
    if (confidence >= (search.trace?.confidence ?? TRACE_BITS))
      search.trace = { confidence, geometry: geometry(placement) }
  }
  return undefined
}

/** Decodes with a list so many times as long as usual, as far as the check may still decode. */
function decode(search: Search, soft: Float32Array, times: 1 | 4): Decoded | undefined {
  if (search.decodings + times > DECODINGS) return undefined
  search.decodings += times
  return decodeMark(soft, search.key, times)
}

function detection({ payload, bitErrors }: Decoded, decodings: number, geometry: Geometry): Detection {
  return { ...payload, confidence: -Math.log2(falseAcceptBound(decodings)), bitErrors, geometry }
}

function scaled({ xx, xy, yx, yy }: Lattice, by: number): Lattice {
  return { xx: xx * by, xy: xy * by, yx: yx * by, yy: yy * by }
}
