import type { Look } from '../media/family.ts'
import { powerBetween, type Spectra } from '../watermark/sound/levels.ts'

/** Bits at one moment: between 17 bands, spaced evenly in octaves from 300 Hz to 3.4 kHz. */
const BITS = 16
const LOWEST = 300
const HIGHEST = 3_400
/** In steps of 8 ms: how far the rows that are kept lie apart, how long each listens, and from what before it differs. */
const HOP = 12
const LENGTH = 48
const BACK = 24
/** What is looked up is taken at thirds of a hop, so that it need not begin at the same moment. */
const PHASES = 3
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
  const kept = rows.filter((_, at) => at % PHASES === 0)
  const { hash, quality } = wholeOf(bandSums(spectra, 1))
  const layout = new Uint8Array(kept.length * 2)
  kept.forEach((row, at) => {
    layout[at * 2] = row >> 8
    layout[at * 2 + 1] = row & 255
  })
  return { milliseconds: Math.round(spectra.seconds * 1000), hash, quality, layout }
}

/** The rows of sound that may have been changed in time and pitch: 1.05 is five hundredths faster, or higher. */
export function soundViewOf(spectra: Spectra, { time, pitch } = { time: 1, pitch: 1 }): SoundView {
  const sums = bandSums(spectra, pitch)
  const [hop, length, back] = [HOP / PHASES / time, LENGTH / time, BACK / time]
  const count = Math.max(0, Math.floor((spectra.count - length - back) / hop))
  const rows = new Uint16Array(count)
  for (let row = 0; row < count; row++) {
    const at = row * hop
    let bits = 0
    for (let band = 0; band < BITS; band++) {
      const now = step(sums, band, at + back, length)
      if (now > step(sums, band, at, length)) bits |= 1 << band
    }
    rows[row] = bits
  }
  return { seconds: spectra.seconds, rows }
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
function bandSums(spectra: Spectra, pitch: number): Float64Array {
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

function wholeOf(sums: Float64Array): Pick<Look, 'hash' | 'quality'> {
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

/** Rows of the shorter one that must lie beside each other at least; and rows that are compared at every place. */
const LEAST = 30
const LOOKED_AT = 256

/** How sound agrees with what was registered, at the best of all places: shares of bits. */
export type SoundAgreement = {
  /** Unlike sounds agree in about half, and in up to six tenths at their best place. */
  whole: number
  /** Of three seconds anywhere in it, the least. */
  weakest: number
}

/** Undefined where too little of the two overlaps: below three seconds. */
export function soundAgreement(registered: Uint8Array, { rows }: SoundView): SoundAgreement | undefined {
  const kept = new Uint16Array(registered.length / 2)
  for (let at = 0; at < kept.length; at++) kept[at] = (registered[at * 2]! << 8) | registered[at * 2 + 1]!
  const length = Math.floor(rows.length / PHASES)
  if (Math.min(kept.length, length) < LEAST) return undefined
  const least = Math.max(LEAST, Math.floor(Math.min(kept.length, length) / 2))
  let best = { agreement: -1, phase: 0, lag: 0 }
  for (let phase = 0; phase < PHASES; phase++)
    for (let lag = least - length; lag <= kept.length - least; lag++) {
      const agreement = agreementAt(kept, rows, { phase, lag }, LOOKED_AT)
      if (agreement > best.agreement) best = { agreement, phase, lag }
    }
  const from = Math.max(0, -best.lag)
  const to = Math.min(length, kept.length - best.lag)
  let weakest = 1
  for (let at = from; at + LEAST <= to; at += LEAST / 2)
    weakest = Math.min(weakest, agreementAt(kept, rows, best, LEAST, at, at + LEAST))
  return { whole: agreementAt(kept, rows, best, length), weakest }
}

function agreementAt(
  kept: Uint16Array,
  rows: Uint16Array,
  { phase, lag }: { phase: number; lag: number },
  most: number,
  from = Math.max(0, -lag),
  to = Math.min(Math.floor(rows.length / PHASES), kept.length - lag),
): number {
  const by = Math.max(1, Math.ceil((to - from) / most))
  let [wrong, seen] = [0, 0]
  for (let at = from; at < to; at += by) {
    let bits = rows[at * PHASES + phase]! ^ kept[at + lag]!
    for (; bits > 0; bits &= bits - 1) wrong++
    seen += BITS
  }
  return seen === 0 ? 0 : 1 - wrong / seen
}
