import type { Look } from '../media/family.ts'
import type { Section } from '../watermark/sound/index.ts'
import {
  BITS,
  bandSums,
  packRows,
  rowsIn,
  type SoundView,
  soundLookOf,
  soundViewOf,
  wholeOf,
} from './sound.ts'

/** Gathers how sound of any length runs while its sections go by. */
export type SoundRun = {
  hear(section: Section): void
  /** What the register keeps of it. */
  look(): Look
  /** What is compared with that. */
  view(): SoundView
}

/** Steps of 8 ms, in which the power of a long sound is added up for its hash; a section has 78 of them. */
const COARSE = 96
const STEPS_A_SECOND = 125

/** How sound runs that may have been changed in time and pitch: see `soundViewOf`. Its look is told of speed 1 alone. */
export function soundRun(speed = { time: 1, pitch: 1 }): SoundRun {
  const rows: number[] = []
  const powers: number[][] = []
  let whole: Section | undefined
  let seconds = 0

  function hear(section: Section): void {
    seconds = section.from + section.spectra.seconds
    if (section.from === 0 && section.last) {
      whole = section
      return
    }
    const from = Math.round(section.from * STEPS_A_SECOND)
    const own = section.last ? section.spectra.count : Math.round(section.own * STEPS_A_SECOND)
    const sums = bandSums(section.spectra, speed.pitch)
    const before = section.last ? Number.POSITIVE_INFINITY : from + own
    for (const row of rowsIn(sums, { from, first: rows.length, before, time: speed.time })) rows.push(row)
    const at = (step: number, band: number): number => sums[step * (BITS + 1) + band]!
    for (let step = 0; step + COARSE <= own; step += COARSE)
      powers.push(Array.from({ length: BITS + 1 }, (_, band) => at(step + COARSE, band) - at(step, band)))
  }

  return {
    hear,
    look: () =>
      whole
        ? soundLookOf(whole.spectra)
        : {
            milliseconds: Math.round(seconds * 1000),
            ...wholeOf(addedUp(powers)),
            layout: packRows(rows),
          },
    view: () => (whole ? soundViewOf(whole.spectra, speed) : { seconds, rows: Uint16Array.from(rows) }),
  }
}

/** Running sums, from nothing on, and one more, as `bandSums` has it. */
function addedUp(powers: readonly number[][]): Float64Array {
  const sums = new Float64Array((powers.length + 2) * (BITS + 1))
  for (let step = 0; step <= powers.length; step++)
    for (let band = 0; band <= BITS; band++)
      sums[(step + 1) * (BITS + 1) + band] = sums[step * (BITS + 1) + band]! + (powers[step]?.[band] ?? 0)
  return sums
}
