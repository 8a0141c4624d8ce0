import type { Look } from '../media/family.ts'
import { powerBetween, type Spectra } from '../watermark/sound/levels.ts'

/** Bits at one moment: between 17 bands, spaced evenly in octaves from 300 Hz to 3.4 kHz. */
export const BITS = 16
const LOWEST = 300
const HIGHEST = 3_400
/** In steps of 8 ms: how far the rows that are kept lie apart, how long each listens, and from what before it differs. */
const HOP = 12
const LENGTH = 48
const BACK = 24
/** What is looked up is taken at thirds of a hop, so that it need not begin at the same moment. */
export const PHASES = 3
const FLOOR = 1e-9

/** The bits of sound as it is compared: row after row, three to a hop. */
export type SoundView = { seconds: number; rows: Uint16Array }

/**
 * A fingerprint of how sound runs: whether the step in level from each band to the next grew or fell since a moment ago;
 * after Haitsma and Kalker (2002), A highly robust audio fingerprinting system, but with other bands, times and logarithms.
 * The hash tells the whole: 16 parts of its length by 16 steps from band to band, each above its own mean or not.
 *
 * @returns `layout`: the rows, 96 ms apart, two bytes each; `quality`: how far the steps swing, 100 at one neper
 */
export function soundLookOf(spectra: Spectra): Look {
  const { rows } = soundViewOf(spectra)
  return {
    milliseconds: Math.round(spectra.seconds * 1000),
    ...wholeOf(bandSums(spectra, 1)),
    layout: packRows(rows),
  }
}

/** The rows that are kept: one of three, two bytes each. */
export function packRows(rows: ArrayLike<number>): Uint8Array {
  const layout = new Uint8Array(Math.ceil(rows.length / PHASES) * 2)
  for (let at = 0; at * PHASES < rows.length; at++) {
    layout[at * 2] = rows[at * PHASES]! >> 8
    layout[at * 2 + 1] = rows[at * PHASES]! & 255
  }
  return layout
}

/** The rows of sound that may have been changed in time and pitch: 1.05 is five hundredths faster, or higher. */
export function soundViewOf(spectra: Spectra, speed = { time: 1, pitch: 1 }): SoundView {
  const sums = bandSums(spectra, speed.pitch)
  const rows = rowsIn(sums, { from: 0, first: 0, before: Number.POSITIVE_INFINITY, time: speed.time })
  return { seconds: spectra.seconds, rows: Uint16Array.from(rows) }
}

/**
 * The rows from number `first` on that begin before step `before`, as far as the sums reach, which begin at step `from`.
 * Steps are 8 ms of what is heard.
 */
export function rowsIn(
  sums: Float64Array,
  { from, first, before, time }: { from: number; first: number; before: number; time: number },
): number[] {
  const [hop, length, back] = [HOP / PHASES / time, LENGTH / time, BACK / time]
  const count = sums.length / (BITS + 1) - 2
  const rows: number[] = []
  for (let row = first; row * hop < before; row++) {
    const at = row * hop - from
    if (row + 1 > Math.floor((from + count - length - back) / hop)) break
    let bits = 0
    for (let band = 0; band < BITS; band++) {
      const now = step(sums, band, at + back, length)
      if (now > step(sums, band, at, length)) bits |= 1 << band
    }
    rows.push(bits)
  }
  return rows
}

/** How much louder (nepers of power) a band is than the next, over so many steps from there. */
function step(sums: Float64Array, band: number, at: number, length: number): number {
  const power = (own: number): number => Math.max(0, summed(sums, own, at + length) - summed(sums, own, at))
  return Math.log(power(band) + FLOOR) - Math.log(power(band + 1) + FLOOR)
}

function summed(sums: Float64Array, band: number, at: number): number {
  const row = Math.min(Math.floor(at), sums.length / (BITS + 1) - 2)
  const low = sums[row * (BITS + 1) + band]!
  return low + (sums[(row + 1) * (BITS + 1) + band]! - low) * (at - row)
}

/** The power of each band, added up over time. */
export function bandSums(spectra: Spectra, pitch: number): Float64Array {
  const sums = new Float64Array((spectra.count + 2) * (BITS + 1))
  const edges = Array.from(
    { length: BITS + 2 },
    (_, at) => LOWEST * (HIGHEST / LOWEST) ** (at / (BITS + 1)) * pitch,
  )
  for (let n = 0; n <= spectra.count; n++)
    for (let band = 0; band <= BITS; band++) {
      const own = n < spectra.count ? powerBetween(spectra, n, edges[band]!, edges[band + 1]!) : 0
      sums[(n + 1) * (BITS + 1) + band] = sums[n * (BITS + 1) + band]! + own
    }
  return sums
}

const PARTS = 16

/** The hash of a whole sound, by the power of each band, added up over time in steps of any length. */
export function wholeOf(sums: Float64Array): Pick<Look, 'hash' | 'quality'> {
  const hash = new Uint8Array((PARTS * BITS) / 8)
  const length = (sums.length / (BITS + 1) - 2) / PARTS
  let swing = 0
  for (let band = 0; band < BITS; band++) {
    const steps = Array.from({ length: PARTS }, (_, part) => step(sums, band, part * length, length))
    const mean = steps.reduce((sum, own) => sum + own, 0) / PARTS
    steps.forEach((own, part) => {
      const bit = part * BITS + band
      if (own > mean) hash[bit >> 3]! |= 0x80 >> (bit & 7)
      swing += Math.abs(own - mean)
    })
  }
  return { hash, quality: Math.round(Math.min(100, (swing * 100) / (PARTS * BITS))) }
}
