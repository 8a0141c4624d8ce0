import { describe, expect, it } from 'vitest'
import { faster, music } from '../../media/sound-sample.ts'
import { detect } from './detect.ts'
import { embed } from './embed.ts'
import { transformOf } from './fourier.ts'

const KEY = Buffer.alloc(32, 5)
const PAYLOAD = { service: 513, contentId: 'a1b2c3d4e5f6' }
const RATE = 16_000

describe('a mark in sound', () => {
  const sound = music(14, RATE)
  const { channels, snr } = embed([sound], RATE, PAYLOAD, KEY)
  const marked = channels[0]!

  it('stays 30 dB below the sound and is found as it is, with its payload', () => {
    expect(snr).toBeGreaterThanOrEqual(30)
    expect(snr).toBeLessThan(31)
    expect(detect([marked], RATE, KEY)).toMatchObject({ ...PAYLOAD, speed: { time: 1, pitch: 1 } })
  })

  it('is found in ten seconds cut out of it, played five hundredths faster', () => {
    const cut = marked.slice(2.345 * RATE, 12.345 * RATE)
    const found = detect([faster(cut, 1.05)], RATE, KEY)
    expect(found).toMatchObject(PAYLOAD)
    expect(found?.speed.time).toBeCloseTo(1.05, 2)
  })

  it('is found with noise 25 dB below the sound', () => {
    const power = marked.reduce((sum, sample) => sum + sample * sample, 0) / marked.length
    const noise = music(14, RATE, 99).map(
      (_, at) => Math.sin(at * at * 0.37) * Math.sqrt(power * 2 * 10 ** -2.5),
    )
    expect(detect([marked.map((sample, at) => sample + noise[at]!)], RATE, KEY)).toMatchObject(PAYLOAD)
  })

  it('is not found under another key, nor in sound that bears none, nor in silence', () => {
    const short = marked.subarray(0, 6 * RATE)
    expect(detect([short], RATE, KEY)).toMatchObject(PAYLOAD)
    expect(detect([short], RATE, Buffer.alloc(32, 6))).toBeUndefined()
    expect(detect([sound.subarray(0, 6 * RATE)], RATE, KEY)).toBeUndefined()
    expect(detect([new Float32Array(RATE)], RATE, KEY)).toBeUndefined()
    expect(detect([new Float32Array(0)], RATE, KEY)).toBeUndefined()
    expect(detect([new Float32Array(100).fill(Number.NaN)], RATE, KEY)).toBeUndefined()
  })

  it('counts no offset as sound, and leaves floats beyond full scale as loud as they are', () => {
    const short = sound.subarray(0, 6 * RATE)
    const changeOf = (given: Float32Array) => {
      const made = embed([given], RATE, PAYLOAD, KEY, { origin: 3 }).channels[0]!
      return made.reduce((sum, sample, at) => sum + (sample - given[at]!) ** 2, 0)
    }
    const offset = changeOf(short.map((sample) => sample + 0.5))
    expect(offset / changeOf(short)).toBeCloseTo(1, 1)
    const loud = short.map((sample) => sample * 20)
    const { channels } = embed([loud], RATE, PAYLOAD, KEY)
    const peak = (samples: Float32Array) => samples.reduce((most, own) => Math.max(most, Math.abs(own)), 0)
    expect(peak(loud)).toBeGreaterThan(1.5)
    expect(peak(channels[0]!)).toBeCloseTo(peak(loud), 1)
  })

  it('leaves silence silent, and takes 8 kHz and two channels', () => {
    const silence = embed([new Float32Array(RATE)], RATE, PAYLOAD, KEY)
    expect(silence.snr).toBe(Number.POSITIVE_INFINITY)
    expect(silence.channels[0]!.every((sample) => sample === 0)).toBe(true)
    const [left, right] = [music(14, 8000), music(14, 8000, 2)]
    const both = embed([left, right], 8000, PAYLOAD, KEY)
    expect(both.channels).toHaveLength(2)
    expect(detect(both.channels, 8000, KEY)).toMatchObject(PAYLOAD)
  })
})

describe('the transform', () => {
  it('finds a tone where it is, and gives back what it was given', () => {
    const transform = transformOf(64)
    const re = Float64Array.from({ length: 64 }, (_, at) => Math.cos((2 * Math.PI * 5 * at) / 64))
    const given = Float64Array.from(re)
    const im = new Float64Array(64)
    transform(re, im)
    expect(re[5]).toBeCloseTo(32, 9)
    expect(Math.hypot(re[6]!, im[6]!)).toBeCloseTo(0, 9)
    transform(im, re)
    expect(re.every((value, at) => Math.abs(value / 64 - given[at]!) < 1e-12)).toBe(true)
  })
})
