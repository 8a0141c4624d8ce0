import { mixed, type Spectra, spectraOf } from './levels.ts'
import { CHIP_SECONDS, FRAMES } from './pattern.ts'
import { slowerThan } from './slower.ts'

/** Sound no longer than this is looked at whole. */
const WHOLE_SECONDS = 600
/** What is longer is looked at in sections of 13 patterns, so that those of all sections lie over one another. */
export const SECTION_SECONDS = 13 * FRAMES * CHIP_SECONDS
/** Seconds behind a section that are looked at with it, so that nothing is missed between two. */
const BEHIND = 2

/** A stretch of sound from this second on. Of its spectra the first `own` seconds are its own, the rest is the next one's. */
export type Section = { from: number; own: number; spectra: Spectra; last: boolean }

/**
 * Sound as it comes in, as one section where it is short, else as many: no more than ten minutes of it, in one channel at
 * about 16 kHz, are held at any time.
 *
 * @param pieces one after the other, as many samples in each channel
 * @param whole seconds up to which it is one section, two minutes or more
 */
export async function* sectionsOf(
  pieces: AsyncIterable<readonly Float32Array[]>,
  rate: number,
  whole = WHOLE_SECONDS,
): AsyncGenerator<Section> {
  const reader = slowerThan(rate)
  let held: Float32Array[] = []
  let [count, long, number] = [0, false, 0]
  const edge = (section: number): number => Math.round(section * SECTION_SECONDS * reader.rate)
  const section = (samples: Float32Array, last: boolean): Section => {
    const spectra = spectraOf([samples], reader.rate)
    const own = last ? spectra.seconds : SECTION_SECONDS
    return { from: number * SECTION_SECONDS, own, spectra, last }
  }
  const add = (samples: Float32Array): void => {
    held.push(samples)
    count += samples.length
  }
  for await (const piece of pieces) {
    add(reader.take(mixed(piece)))
    long ||= count > whole * reader.rate
    while (long && count > 2 * SECTION_SECONDS * reader.rate + 1) {
      const all = joined(held, count)
      const length = edge(number + 1) - edge(number)
      yield section(all.subarray(0, length + Math.round(BEHIND * reader.rate)), false)
      number++
      held = [all.slice(length)]
      count -= length
    }
  }
  add(reader.end())
  yield section(joined(held, count), true)
}

function joined(parts: readonly Float32Array[], count: number): Float32Array {
  const [first] = parts
  if (parts.length === 1 && first) return first
  const whole = new Float32Array(count)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
