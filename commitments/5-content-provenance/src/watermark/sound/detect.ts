import { decodeMark, falseAcceptBound } from '../code/code.ts'
import type { MarkKey } from '../code/keyed.ts'
import type { Payload } from '../code/payload.ts'
import { type Folded, fold, origins, softBits } from './fold.ts'
import { COARSE, FINE, levelsOf, type Spectra, type Speed, spectraOf } from './levels.ts'
import { type SoundLayout, soundLayout } from './pattern.ts'

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
export const STRETCH = 13
/** Stretches looked at: with what intact speed takes, 4 + 8 · 24 · 2 decodings, within the 512 of one check (see `code.ts`). */
export const STRETCHES = 8
export const INTACT = 4
export const BLIND = 24
/** What speeds are tried about one that was found, and about one that is known better. */
const NEAR = [0, -0.0015, -0.00075, 0.00075, 0.0015]
const NEARER = [0, -0.0004, -0.0002, 0.0002, 0.0004]
/** Speeds looked at, from 6 hundredths slower to 6 faster, by three thousandths. */
const SPEEDS = Array.from({ length: 41 }, (_, n) => 1 + (n - 20) * 0.003)
/**
 * A beginning that stands out by less than this, in deviations, is not tried: the known chips of a mark that can be read
 * stand out by 6 and more.
 */
export const LEAST = 4.5
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

/** Every speed that is looked at. */
export function speeds(): Speed[] {
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

/** What is looked for, and how often something was decoded. */
export type Search = { key: MarkKey; layout: SoundLayout; decodings: number }
type Placement = { speed: Speed; origin: number; score: number }

/** Looks at one stretch at these speeds, where the known chips fit best, at most so many times. */
export function attempt(
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
  const folded = fold(levelsOf(spectra, speed, from, to, FINE), FINE)
  const read = readFolded(search, folded, origin)
  return read && { ...read, speed, seconds: [from, Math.min(to, spectra.seconds)] }
}

/** What a folded pattern says that begins there. */
export function readFolded(
  search: Search,
  folded: Folded,
  origin: number,
): Omit<SoundDetection, 'speed' | 'seconds'> | undefined {
  search.decodings++
  const read = decodeMark(softBits(folded, search.layout, origin), search.key)
  return (
    read && {
      ...read.payload,
      confidence: -Math.log2(falseAcceptBound(search.decodings)),
      bitErrors: read.bitErrors,
    }
  )
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
