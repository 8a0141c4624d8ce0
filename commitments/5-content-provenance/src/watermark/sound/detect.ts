import { decodeMark, falseAcceptBound } from '../code/code.ts'
import type { MarkKey } from '../code/keyed.ts'
import type { Payload } from '../code/payload.ts'
import { CODE_BITS } from '../code/polar.ts'
import { COARSE, FINE, levelsOf, type Spectra, type Speed, spectraOf } from './levels.ts'
import { BANDS, FRAMES, type SoundLayout, soundLayout } from './pattern.ts'

export type SoundDetection = Payload & {
  /** Bits of evidence against chance: minus the binary logarithm of the bound on false accepts for the tries it took. */
  confidence: number
  /** Of 512 bits, how many were read wrongly before correction. */
  bitErrors: number
  /** How much faster and higher it plays than it was marked, and the seconds of it that were read. */
  speed: Speed
  seconds: [from: number, to: number]
}

/** Seconds looked at together where speed is not known: longer would be blurred by what is left unknown of it. */
const STRETCH = 13
/** Stretches looked at: with what intact speed takes, 4 + 8 · 24 · 2 decodings, within the 512 of one check (see `code.ts`). */
const STRETCHES = 8
const INTACT = 4
const BLIND = 24
/** What speeds are tried about one that was found, and about one that is known better. */
const NEAR = [0, -0.0015, -0.00075, 0.00075, 0.0015]
const NEARER = [0, -0.0004, -0.0002, 0.0002, 0.0004]
/** Speeds looked at, from 6 hundredths slower to 6 faster, by three thousandths. */
const SPEEDS = Array.from({ length: 41 }, (_, n) => 1 + (n - 20) * 0.003)
/**
 * A beginning that stands out by less than this, in deviations, is not tried: the known chips of a mark that can be read
 * stand out by 6 and more.
 */
const LEAST = 4.5
/** One that stands out by more than this, and cannot be read, is looked at over a longer stretch. */
const PLAIN = 5.5

/**
 * Looks for a mark under this key: first as it was marked, wherever it was cut; then at other speeds, with pitch and
 * without.
 */
export function detect(
  channels: readonly Float32Array[],
  rate: number,
  key: MarkKey,
): SoundDetection | undefined {
  return detectIn(spectraOf(channels, rate), key)
}

/** The same by spectra that were made already; `intact` looks at no other speed. */
export function detectIn(
  spectra: Spectra,
  key: MarkKey,
  { geometry = 'blind' }: { geometry?: 'intact' | 'blind' } = {},
): SoundDetection | undefined {
  const search: Search = { key, layout: soundLayout(key), decodings: 0 }
  const found = attempt(search, spectra, [{ time: 1, pitch: 1 }], [0, spectra.seconds], INTACT)
  if (found || geometry === 'intact') return found
  for (const stretch of stretchesOf(spectra.seconds)) {
    const at = attempt(search, spectra, speeds(), stretch, BLIND)
    if (at) return at
  }
  return undefined
}

function speeds(): Speed[] {
  return SPEEDS.flatMap((time) => [
    { time, pitch: time },
    { time, pitch: 1 },
  ])
}

/** Parts of the sound, spread over it; all of it where it is short. */
function stretchesOf(seconds: number): [number, number][] {
  const spare = Math.max(0, seconds - STRETCH)
  const count = Math.min(STRETCHES, 1 + Math.ceil(spare / (STRETCH / 2)))
  return Array.from({ length: count }, (_, n) => {
    const from = count === 1 ? 0 : (spare * n) / (count - 1)
    return [from, from + STRETCH]
  })
}

type Search = { key: MarkKey; layout: SoundLayout; decodings: number }
type Placement = { speed: Speed; origin: number; score: number }

function attempt(
  search: Search,
  spectra: Spectra,
  tried: readonly Speed[],
  [from, to]: [number, number],
  most: number,
): SoundDetection | undefined {
  const placements: Placement[] = []
  for (const speed of tried) {
    const steps = tried.length === 1 ? FINE : COARSE
    const folded = fold(levelsOf(spectra, speed, from, to, steps), steps)
    for (const { origin, score } of origins(folded, search.layout, tried.length === 1 ? most : 3))
      if (score >= LEAST) placements.push({ speed, origin: (origin * FINE) / steps, score })
  }
  placements.sort((a, b) => b.score - a.score)
  for (const { speed, origin, score } of placements.slice(0, most)) {
    if (tried.length === 1) {
      const found = decoded(search, spectra, { speed, origin, score }, [from, to])
      if (found) return found
      continue
    }
    const best = refined(search, spectra, { speed, origin, score }, [from, to], NEAR)
    const found = decoded(search, spectra, best, [from, to])
    if (found) return found
    if (best.score < PLAIN || to - from >= spectra.seconds) continue
    const wide: [number, number] = [Math.max(0, from - STRETCH), Math.min(spectra.seconds, to + STRETCH)]
    const longer = decoded(search, spectra, refined(search, spectra, best, wide, NEARER), wide)
    if (longer) return longer
  }
  return undefined
}

function decoded(
  search: Search,
  spectra: Spectra,
  { speed, origin }: Placement,
  [from, to]: [number, number],
): SoundDetection | undefined {
  search.decodings++
  const folded = fold(levelsOf(spectra, speed, from, to, FINE), FINE)
  const read = decodeMark(softBits(folded, search.layout, origin), search.key)
  return (
    read && {
      ...read.payload,
      confidence: -Math.log2(falseAcceptBound(search.decodings)),
      bitErrors: read.bitErrors,
      speed,
      seconds: [from, Math.min(to, spectra.seconds)],
    }
  )
}

/** One period of the pattern, band by band and each twice in a row: how the steps of all periods add up. */
type Folded = { values: Float32Array; deviation: number; steps: number }

function fold({ rows, values }: { rows: number; values: Float32Array }, steps: number): Folded {
  const period = FRAMES * steps
  const twice = 2 * period
  const sum = new Float32Array(BANDS * twice)
  for (let row = 0; row < rows; row++) {
    const to = row % period
    for (let band = 0; band < BANDS; band++) sum[band * 2 * period + to]! += values[row * BANDS + band]!
  }
  let square = 0
  for (let band = 0; band < BANDS; band++) {
    const start = band * 2 * period
    for (let at = start; at < start + period; at++) square += sum[at]! * sum[at]!
    sum.copyWithin(start + period, start, start + period)
  }
  return { values: sum, deviation: Math.sqrt(square / (period * BANDS)) + 1e-9, steps }
}

/** Where the pattern may begin: the steps at which the known chips fit best. */
function origins(folded: Folded, { sync }: SoundLayout, most: number): { origin: number; score: number }[] {
  const { values, deviation, steps } = folded
  const period = FRAMES * steps
  const scores = new Float32Array(period)
  for (let at = 0; at < sync.places.length; at++) {
    const place = sync.places[at]!
    const sign = sync.signs[at]!
    const band = place % BANDS
    const step = Math.floor(place / BANDS) * steps
    const start = band * 2 * period + step
    for (let origin = 0; origin < period; origin++) scores[origin]! += sign * values[start + origin]!
  }
  const scale = 1 / (deviation * Math.sqrt(sync.places.length))
  return Array.from(scores, (score, origin) => ({ origin, score: score * scale }))
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
}

/** The speed about the given one, and the beginning, at which the known chips fit best. */
function refined(
  { layout }: Search,
  spectra: Spectra,
  { speed, origin }: Placement,
  [from, to]: [number, number],
  steps: readonly number[],
): Placement {
  let best = { speed, origin, score: Number.NEGATIVE_INFINITY }
  for (const by of steps) {
    const time = speed.time + by
    const own = { time, pitch: speed.pitch === 1 ? 1 : time }
    const [found] = origins(fold(levelsOf(spectra, own, from, to, FINE), FINE), layout, 1)
    if (found && found.score > best.score) best = { speed: own, ...found }
  }
  return best
}

function softBits({ values, steps }: Folded, { code }: SoundLayout, origin: number): Float32Array {
  const twice = 2 * FRAMES * steps
  const soft = new Float32Array(CODE_BITS)
  for (let at = 0; at < code.places.length; at++) {
    const place = code.places[at]!
    const step = Math.floor(place / BANDS) * steps + origin
    soft[at % CODE_BITS]! += code.signs[at]! * values[(place % BANDS) * twice + step]!
  }
  return soft
}
