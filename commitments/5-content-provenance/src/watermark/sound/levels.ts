import { powerNear, transformOf } from './fourier.ts'
import { type Filter, learned, levelled, surprises } from './neighbours.ts'
import { BAND_HZ, BANDS, CHIP_SECONDS, FIRST_HZ } from './pattern.ts'
import { slower } from './slower.ts'
import { strengths } from './strength.ts'

/** Steps in a chip at which levels are looked at: closely, and where a mark is only searched for. */
export const FINE = 4
export const COARSE = 2
/** Seconds between spectra, before any change of speed. */
const GRID = 0.008
/** Length of what each spectrum is taken of. */
const SEEN = 0.033

/** Spectra of sound every 8 ms, each as a running sum of power over frequency. */
export type Spectra = {
  count: number
  bins: number
  binHz: number
  sums: Float32Array
  /** How much each band may have been changed at each moment, by what is heard of it; its square root. */
  strengths: Float32Array
  filter: Filter
  seconds: number
}

/** The same before it is heard how strong a mark may be, and how levels follow from each other. */
type Bare = Omit<Spectra, 'strengths' | 'filter' | 'seconds'>

/** The spectra of all channels together, at about 16 kHz. */
export function spectraOf(channels: readonly Float32Array[], rate: number): Spectra {
  const { samples, rate: own } = slower(mixed(channels), rate)
  const mean = meanOf(samples)
  const length = powerNear(own * SEEN)
  const bins = length / 2 + 1
  const count = Math.max(0, Math.floor((samples.length - length) / (GRID * own)) + 1)
  const window = Float64Array.from({ length }, (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / length))
  const transform = transformOf(length)
  const [re, im] = [new Float64Array(length), new Float64Array(length)]
  const sums = new Float32Array(count * (bins + 1))
  for (let n = 0; n < count; n++) {
    const start = Math.round(n * GRID * own)
    for (let at = 0; at < length; at++) re[at] = (samples[start + at]! - mean) * window[at]!
    im.fill(0)
    transform(re, im)
    let sum = 0
    for (let bin = 0; bin < bins; bin++) {
      sum += re[bin]! * re[bin]! + im[bin]! * im[bin]!
      sums[n * (bins + 1) + bin + 1] = sum
    }
  }
  const bare = { count, bins, binHz: own / length, sums }
  return { ...bare, strengths: heard(bare), filter: filterOf(bare), seconds: samples.length / own }
}

/** Grid steps in a chip, and chips in a stretch. */
const CHIP_STEPS = Math.round(CHIP_SECONDS / GRID)
const STRETCH = 42
/** What is not so many times as loud as a band is at its quietest, as noise is everywhere, counts for less. */
const ABOVE_NOISE = 4
/** The share of its chips in which a band is at its quietest. */
const QUIETEST = 0.1
/** A band with this share of all power or less holds nothing of the sound: it was never there, or was filtered out. */
const EMPTY = 1e-6

/**
 * Deals strength out over what is heard, as marking did over what was marked; less of it to what may be noise that was
 * added since.
 */
function heard(bare: Bare): Float32Array {
  const { power, whole } = chipsOf(bare)
  const chips = whole.length
  const strength = new Float32Array(chips * BANDS)
  for (let first = 0; first < chips; first += STRETCH) {
    const last = Math.min(chips, first + STRETCH)
    const all = whole.subarray(first, last).reduce((sum, own) => sum + own, 0)
    strength.set(strengths(power.subarray(first * BANDS, last * BANDS), all, 10 ** -3), first * BANDS)
  }
  const found = new Float32Array(bare.count * BANDS)
  const empty = EMPTY * whole.reduce((sum, own) => sum + own, 0)
  for (let band = 0; band < BANDS; band++) {
    const levels = Float64Array.from(whole, (_, chip) => power[chip * BANDS + band]!).sort()
    const noise = ABOVE_NOISE * (levels[Math.floor(chips * QUIETEST)] ?? 0)
    const all = levels.reduce((sum, own) => sum + own, 0)
    const there = all / (all + empty + Number.MIN_VALUE)
    for (let n = 0; n < bare.count; n++) {
      const chip = Math.floor(n / CHIP_STEPS) * BANDS + band
      const own = power[chip]!
      found[n * BANDS + band] = (there * Math.sqrt(strength[chip]!) * own) / (own + noise + Number.MIN_VALUE)
    }
  }
  return found
}

/** The power of every chip, and of its moment as a whole. */
function chipsOf({ count, bins, binHz, sums }: Bare): { power: Float64Array; whole: Float64Array } {
  const edges = edgesOf(1, binHz, bins)
  const chips = Math.ceil(count / CHIP_STEPS)
  const power = new Float64Array(chips * BANDS)
  const whole = new Float64Array(chips)
  for (let n = 0; n < count; n++) {
    const row = n * (bins + 1)
    const chip = Math.floor(n / CHIP_STEPS)
    whole[chip]! += sums[row + bins]!
    for (let band = 0; band + 1 < edges.length; band++)
      power[chip * BANDS + band]! += Math.max(
        0,
        upTo(sums, row, edges[band + 1]!) - upTo(sums, row, edges[band]!),
      )
  }
  return { power, whole }
}

/** Spectra from one that is learned from to the next. */
const LEARNED = 3

/** How levels follow from their neighbours in this sound. */
function filterOf({ count, bins, binHz, sums }: Bare): Filter {
  const edges = edgesOf(1, binHz, bins)
  const usable = Math.max(0, edges.length - 1)
  const rows = Math.floor(count / LEARNED)
  const levels = new Float32Array(rows * BANDS)
  for (let row = 0; row < rows; row++) {
    const start = row * LEARNED * (bins + 1)
    for (let band = 0; band < usable; band++)
      levels[row * BANDS + band] =
        Math.max(0, upTo(sums, start, edges[band + 1]!) - upTo(sums, start, edges[band]!)) + FLOOR
  }
  toLogarithms(levels)
  levelled(levels, { rows, usable })
  return learned(levels, { rows, usable, steps: CHIP_STEPS / LEARNED })
}

/** The edges of bands in bins, as far as the sound reaches. */
function edgesOf(pitch: number, binHz: number, bins: number): number[] {
  return Array.from(
    { length: BANDS + 1 },
    (_, band) => ((FIRST_HZ + band * BAND_HZ) * pitch) / binHz + 0.5,
  ).filter((edge) => edge <= bins - 1)
}

/** That time and frequencies were stretched: 1.05 is five hundredths faster, or higher. */
export type Speed = { time: number; pitch: number }

/**
 * The levels of the bands, so many steps to a chip, each against its neighbours in time and frequency and against the other
 * bands of its moment, with the deviation of each band made 1. Row after row of 40 bands; a band beyond the sound's own range is 0.
 * Fine steps are read between spectra; coarse ones from the nearest, at most 4 ms beside.
 */
export function levelsOf(
  spectra: Spectra,
  { time, pitch }: Speed,
  from: number,
  to: number,
  steps: typeof FINE | typeof COARSE,
): { rows: number; values: Float32Array } {
  const { count, bins, binHz, sums, strengths: heard } = spectra
  const fine = steps === FINE
  const step = CHIP_SECONDS / steps / time / GRID
  const first = from / GRID
  const rows = Math.max(0, Math.floor((Math.min(to / GRID, count - 1) - first) / step))
  const edges = edgesOf(pitch, binHz, bins)
  const usable = Math.max(0, edges.length - 1)
  const [low, part] = [edges.map(Math.floor), edges.map((edge) => edge - Math.floor(edge))]
  // the band as it stood before its pitch was changed
  const placed = Array.from({ length: usable }, (_, band) =>
    Math.min(BANDS - 1, Math.round(((FIRST_HZ + (band + 0.5) * BAND_HZ) * pitch - FIRST_HZ) / BAND_HZ - 0.5)),
  )
  const raw = new Float32Array(rows * BANDS)
  const weight = new Float32Array(rows * BANDS)
  for (let row = 0; row < rows; row++) {
    const at = first + row * step
    const n = fine ? Math.floor(at) : Math.min(count - 1, Math.round(at))
    const later = fine ? at - n : 0
    const one = n * (bins + 1)
    const other = later === 0 ? one : Math.min(count - 1, n + 1) * (bins + 1)
    let below = 0
    for (let edge = 0; edge <= usable; edge++) {
      const bin = one + low[edge]!
      let above = sums[bin]! + (sums[bin + 1]! - sums[bin]!) * part[edge]!
      if (later > 0) {
        const next = other + low[edge]!
        above += (sums[next]! + (sums[next + 1]! - sums[next]!) * part[edge]! - above) * later
      }
      if (edge > 0) {
        const cell = row * BANDS + edge - 1
        raw[cell] = Math.max(0, above - below) + FLOOR
        weight[cell] = heard[n * BANDS + placed[edge - 1]!]!
      }
      below = above
    }
  }
  toLogarithms(raw)
  return { rows, values: whitened(raw, weight, spectra.filter, { rows, usable, steps }) }
}

/** The natural logarithm of each positive value, to three thousandths: its exponent, and a parabola for the rest. */
function toLogarithms(values: Float32Array): void {
  const words = new Int32Array(values.buffer, values.byteOffset, values.length)
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    const rest = (word & 0x7fffff) / 0x800000
    values[at] = ((word >> 23) - 127 + rest * (1.3465 - 0.3465 * rest)) * Math.LN2
  }
}

/** Power below which there is silence. */
const FLOOR = 1e-9
/** What is louder or softer than its neighbours by more than this (nepers of power) tells of the sound, not of a mark. */
const CLIP = 1.4

/** The power of one moment between two frequencies; what lies beyond the sound's own range has none. */
export function powerBetween({ sums, bins, binHz }: Spectra, n: number, low: number, high: number): number {
  const row = n * (bins + 1)
  const [from, to] = [low, high].map((hz) => upTo(sums, row, Math.min(bins - 1, hz / binHz + 0.5)))
  return Math.max(0, to! - from!)
}

function upTo(sums: Float32Array, row: number, edge: number): number {
  const bin = Math.floor(edge)
  const low = sums[row + bin]!
  return low + (sums[row + bin + 1]! - low) * (edge - bin)
}

/** What surprises in levels, each band with deviation 1 and by its weight. */
function whitened(
  levels: Float32Array,
  weight: Float32Array,
  filter: Filter,
  { rows, usable, steps }: { rows: number; usable: number; steps: number },
): Float32Array {
  levelled(levels, { rows, usable })
  const values = surprises(levels, filter, { rows, usable, steps }, CLIP)
  for (let band = 0; band < usable; band++) {
    let square = 0
    for (let at = band; at < values.length; at += BANDS) square += values[at]! * values[at]!
    const scale = 1 / Math.sqrt(square / Math.max(1, rows) + 1e-6)
    for (let at = band; at < values.length; at += BANDS) values[at]! *= scale * weight[at]!
  }
  return values
}

/** All channels as one. */
export function mixed(channels: readonly Float32Array[]): Float32Array {
  const [first] = channels
  if (first === undefined || channels.length === 1) return first ?? new Float32Array()
  const sum = Float32Array.from(first)
  for (const other of channels.slice(1)) for (let at = 0; at < sum.length; at++) sum[at]! += other[at] ?? 0
  return sum
}

/** What sound is above or below zero all along, which nobody hears. */
export function meanOf(samples: Float32Array): number {
  let sum = 0
  for (let at = 0; at < samples.length; at++) sum += samples[at]!
  return sum / Math.max(1, samples.length)
}
