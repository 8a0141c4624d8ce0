import { randomInt } from 'node:crypto'
import { encodeMark } from '../code/code.ts'
import type { MarkKey } from '../code/keyed.ts'
import type { Payload } from '../code/payload.ts'
import { powerNear, transformOf } from './fourier.ts'
import { meanOf } from './levels.ts'
import { BAND_HZ, BANDS, CHIP_SECONDS, FIRST_HZ, FRAMES, soundChips, soundLayout } from './pattern.ts'
import { strengths } from './strength.ts'

export type EmbedOptions = {
  /** How far the change stays below the sound, in dB, in every stretch of two seconds. */
  snr?: number
  /** Where in the pattern the sound begins, in chips; drawn where it is not given, so that no average shows the pattern. */
  origin?: number
}

/** `power`: the sums of squares of the sound, but for what it is above or below zero all along, and of the change. */
export type Embedded = { channels: Float32Array[]; snr: number; power: { sound: number; change: number } }

/** Frames of a stretch, within which strength is dealt out. */
const STRETCH = 42

/**
 * Raises and lowers the levels of chips of sound by a keyed pattern that carries the payload. What lies outside 500 Hz to
 * 6.7 kHz is left as it is, as is silence. Every channel gets the same pattern.
 *
 * @param given samples from −1 to 1, as many in each channel
 * @param rate samples a second
 * @returns the marked channels and the signal-to-change ratio in dB (Infinity where nothing could be changed)
 */
export function embed(
  given: readonly Float32Array[],
  rate: number,
  payload: Payload,
  key: MarkKey,
  { snr = 30.2, origin = randomInt(FRAMES * 1000) / 1000 }: EmbedOptions = {},
): Embedded {
  const chips = soundChips(soundLayout(key), encodeMark(payload, key))
  const frame = framing(rate)
  const { power, whole, frames } = chipPowers(given, frame, origin)
  const strength = new Float32Array(power.length)
  for (let first = 0; first < frames; first += STRETCH) {
    const [from, to] = [first, Math.min(frames, first + STRETCH)]
    const all = whole.subarray(from, to).reduce((sum, own) => sum + own, 0)
    strength.set(strengths(power.subarray(from * BANDS, to * BANDS), all, 10 ** (-snr / 10)), from * BANDS)
  }
  const shape = (position: number, band: number): number => {
    const chip = Math.floor(position)
    return strength[(chip - Math.floor(origin)) * BANDS + band]! * chips[(chip % FRAMES) * BANDS + band]!
  }
  const changes = pairsOf(given).flatMap((pair) => changeOf(pair, frame, origin, shape))
  return applied(given, changes, snr)
}

type Framing = { rate: number; length: number; hop: number; window: Float64Array; bands: Int8Array }

function framing(rate: number): Framing {
  const length = powerNear(rate * 0.024)
  return {
    rate,
    length,
    hop: length / 2,
    // its square adds up to 1 at half overlap
    window: Float64Array.from({ length }, (_, at) => Math.sin((Math.PI * (at + 0.5)) / length)),
    bands: Int8Array.from({ length: length / 2 + 1 }, (_, bin) => {
      const band = Math.floor(((bin * rate) / length - FIRST_HZ) / BAND_HZ)
      return band >= 0 && band < BANDS ? band : -1
    }),
  }
}

/**
 * Two channels, of which one transform takes care: one as the real parts of complex samples, the other as the imaginary
 * ones. What multiplies a frequency and its mirror image alike multiplies it in both.
 */
type Pair = readonly [Float32Array, Float32Array?]

function pairsOf(channels: readonly Float32Array[]): Pair[] {
  return Array.from({ length: Math.ceil(channels.length / 2) }, (_, at) => [
    channels[2 * at]!,
    channels[2 * at + 1],
  ])
}

/** Calls back with the spectrum of every frame, whose middle stands at `position` in chips of the pattern. */
function eachFrame(
  [samples, other]: Pair,
  { rate, length, hop, window }: Framing,
  origin: number,
  visit: (re: Float64Array, im: Float64Array, position: number, start: number) => void,
): void {
  const transform = transformOf(length)
  const [re, im] = [new Float64Array(length), new Float64Array(length)]
  const [mean, otherMean] = [meanOf(samples), other ? meanOf(other) : 0]
  for (let start = -hop; start < samples.length; start += hop) {
    for (let at = 0; at < length; at++) {
      re[at] = ((samples[start + at] ?? mean) - mean) * window[at]!
      im[at] = other === undefined ? 0 : ((other[start + at] ?? otherMean) - otherMean) * window[at]!
    }
    transform(re, im)
    visit(re, im, origin + Math.max(0, start + hop) / rate / CHIP_SECONDS, start)
  }
}

/** The power of every chip, summed over channels, and of each frame of chips as a whole. */
function chipPowers(given: readonly Float32Array[], frame: Framing, origin: number) {
  const first = Math.floor(origin)
  const seconds = (given[0]?.length ?? 0) / frame.rate
  const frames = Math.floor(origin + (seconds + 0.1) / CHIP_SECONDS) - first + 2
  const power = new Float64Array(frames * BANDS)
  const whole = new Float64Array(frames)
  for (const pair of pairsOf(given))
    eachFrame(pair, frame, origin, (re, im, position) => {
      const row = Math.floor(position) - first
      for (let bin = 0; bin < frame.bands.length; bin++) {
        const mirror = (frame.length - bin) % frame.length
        const own =
          (re[bin]! * re[bin]! +
            im[bin]! * im[bin]! +
            re[mirror]! * re[mirror]! +
            im[mirror]! * im[mirror]!) /
          2
        whole[row]! += own
        const band = frame.bands[bin]!
        if (band >= 0) power[row * BANDS + band]! += own
      }
    })
  return { power, whole, frames }
}

/** What is to be added to each of two channels. */
function changeOf(
  pair: Pair,
  frame: Framing,
  origin: number,
  shape: (position: number, band: number) => number,
): Float32Array[] {
  const changes = pair.flatMap((samples) => (samples ? [new Float32Array(samples.length)] : []))
  const [{ length: samples }] = pair
  const { length, window, bands } = frame
  const transform = transformOf(length)
  eachFrame(pair, frame, origin, (re, im, position, start) => {
    for (let bin = 0; bin < bands.length; bin++) {
      const band = bands[bin]!
      const by = band < 0 ? 0 : shape(position, band)
      re[bin]! *= by
      im[bin]! *= by
      if (bin > 0 && bin < length / 2) {
        re[length - bin]! *= by
        im[length - bin]! *= by
      }
    }
    transform(im, re)
    for (let at = Math.max(0, -start); at < length && start + at < samples; at++) {
      const share = window[at]! / length
      changes[0]![start + at]! += re[at]! * share
      if (changes[1]) changes[1][start + at]! += im[at]! * share
    }
  })
  return changes
}

/**
 * Sound and change together, no louder than full scale where the sound was not; the change is made smaller where it would
 * come above its limit.
 */
function applied(given: readonly Float32Array[], changes: readonly Float32Array[], snr: number): Embedded {
  const [sound, change] = [powerOf(given), powerOf(changes)]
  const scale = change === 0 ? 0 : Math.min(1.4, Math.sqrt((sound * 10 ** (-snr / 10)) / change))
  const channels = given.map((samples, channel) =>
    samples.map((sample, at) => {
      // floats may be louder than full scale, and stay so
      const most = Math.max(1, Math.abs(sample))
      return Math.max(-most, Math.min(most, sample + scale * changes[channel]![at]!))
    }),
  )
  const power = { sound, change: change * scale * scale }
  return { channels, snr: ratioOf(power), power }
}

/** Sound against change in dB; Infinity where nothing was changed. */
export function ratioOf({ sound, change }: Embedded['power']): number {
  return change === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10(sound / change)
}

function powerOf(channels: readonly Float32Array[]): number {
  let sum = 0
  for (const samples of channels) {
    const mean = meanOf(samples)
    for (let at = 0; at < samples.length; at++) sum += (samples[at]! - mean) ** 2
  }
  return sum
}
