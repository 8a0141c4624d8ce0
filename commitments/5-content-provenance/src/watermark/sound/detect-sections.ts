import type { MarkKey } from '../code/keyed.ts'
import type { Payload } from '../code/payload.ts'
import {
  attempt,
  BLIND,
  detectIn,
  INTACT,
  LEAST,
  readFolded,
  type Search,
  type SoundDetection,
  STRETCH,
  STRETCHES,
  speeds,
} from './detect.ts'
import { evidenceIn, type Folded, fold, origins } from './fold.ts'
import { FINE, levelsOf } from './levels.ts'
import { soundLayout } from './pattern.ts'
import { SECTION_SECONDS, type Section } from './sections.ts'

/** Looks for a mark in sound of any length, section by section as it goes by. */
export type SoundWatch = {
  hear(section: Section): void
  /** What was found, to be asked when all was heard; `intact` looks at no other speed. */
  found(geometry: 'intact' | 'blind'): SoundDetection | undefined
  /** The bits of evidence that the known chips are in it at its own speed, where they are plain; told where nothing was found. */
  trace(): { confidence: number } | undefined
  /** Whether this mark is read at its own speed in the beginning, the middle and the end, as far as there is any sound. */
  holds(payload: Payload): boolean
}

/** Sections of which each is decoded by itself, at most; the more plainly a pattern shows, the sooner. */
const ALONE = 32
/**
 * A check makes 4 + 32 + 8 · 24 · 2 decodings at most, each of which accepts falsely with probability 32 · 2^-44 at most (see
 * `code.ts`); with so many bits of evidence for a trace, false accepts and false traces together stay below one in 10^9:
 * 420 · 32 · 2^-44 + 2^-32 < 10^-9.
 */
const TRACE_BITS = 32
/** Sections kept for a search at other speeds, of which as many as stretches are searched (see `detect.ts`). */
const KEPT = 2 * STRETCHES

type Heard = { from: number; own: number; power: number; folded: Folded; origin: number; score: number }

/** A part with this share of the loudest part's power is silent. */
const SILENT = 1e-6

export function watchFor(key: MarkKey): SoundWatch {
  const search: Search = { key, layout: soundLayout(key), decodings: 0 }
  const heard: Heard[] = []
  // spread over all that was heard yet: whenever they are too many, every second one is forgotten
  let kept: Section[] = []
  let every = 1

  function readIn(folded: Folded, most: number) {
    for (const { origin, score } of origins(folded, search.layout, most))
      if (score >= LEAST) {
        const read = readFolded(search, folded, origin)
        if (read) return read
      }
    return undefined
  }

  function intact(): SoundDetection | undefined {
    const speed = { time: 1, pitch: 1 }
    const end = heard.at(-1)!.from + heard.at(-1)!.own
    const all = readIn(together(heard), INTACT)
    if (all) return { ...all, speed, seconds: [0, end] }
    const plainest = heard.filter(({ score }) => score >= LEAST).sort((a, b) => b.score - a.score)
    for (const { folded, origin, from, own } of plainest.slice(0, ALONE)) {
      const read = readFolded(search, folded, origin)
      if (read) return { ...read, speed, seconds: [from, from + own] }
    }
    return undefined
  }

  function blind(): SoundDetection | undefined {
    const step = Math.max(1, kept.length / STRETCHES)
    for (let at = 0; at < kept.length; at += step) {
      const { spectra, from } = kept[Math.floor(at)]!
      const middle = (SECTION_SECONDS - STRETCH) / 2
      const read = attempt(search, spectra, speeds(), [middle, middle + STRETCH], BLIND)
      if (read) return { ...read, seconds: [from + read.seconds[0], from + read.seconds[1]] }
    }
    return undefined
  }

  return {
    hear(section) {
      const { spectra, from, own } = section
      const folded = fold(levelsOf(spectra, { time: 1, pitch: 1 }, 0, own, FINE), FINE)
      const [best] = origins(folded, search.layout, 1)
      if (heard.length % every === 0) kept.push(section)
      if (kept.length > KEPT) {
        kept = kept.filter((_, at) => at % 2 === 0)
        every *= 2
      }
      heard.push({ from, own, power: meanPower(spectra), folded, ...best! })
    },
    found(geometry) {
      if (heard.length === 1) return detectIn(kept[0]!.spectra, key, { geometry })
      return intact() ?? (geometry === 'blind' ? blind() : undefined)
    },
    trace() {
      const confidence = evidenceIn(together(heard), search.layout)
      return confidence >= TRACE_BITS ? { confidence } : undefined
    },
    holds({ service, contentId }) {
      const parts = Math.min(3, heard.length)
      const loudest = Math.max(...heard.map(({ power }) => power))
      return Array.from({ length: parts }, (_, part) =>
        heard.slice(
          Math.floor((part * heard.length) / parts),
          Math.floor(((part + 1) * heard.length) / parts),
        ),
      )
        .filter((part) => part.some(({ power }) => power > SILENT * loudest))
        .every((part) => {
          const read = readIn(together(part), INTACT)
          return read?.service === service && read.contentId === contentId
        })
    },
  }
}

function meanPower({ sums, bins, count }: Section['spectra']): number {
  let sum = 0
  for (let n = 0; n < count; n++) sum += sums[n * (bins + 1) + bins]!
  return sum / Math.max(1, count)
}

/** Patterns of sections laid over one another: all begin at the same place. */
function together(parts: readonly Heard[]): Folded {
  const [{ folded: first }] = parts as [Heard]
  const values = new Float32Array(first.values.length)
  for (const { folded } of parts) for (let at = 0; at < values.length; at++) values[at]! += folded.values[at]!
  const square = values.reduce((sum, value) => sum + value * value, 0)
  return { values, deviation: Math.sqrt(square / values.length) + 1e-9, steps: first.steps }
}
