import { random } from '@avouch/core/stats'
import { expect, test } from 'vitest'
import { SHARES } from './colour.ts'
import { evidenceOf } from './evidence.ts'
import { pictureMark } from './index.ts'
import { originOf } from './origin.ts'
import { scene } from './scene.ts'

const KEY = new Uint8Array(32).fill(5)
const PAYLOAD = { service: 513, contentId: '00a1b2c3d4ff' }

/** An RGB picture read at other places: `from` says which point of the old one a new pixel shows. */
function warped(
  values: Uint8Array,
  width: number,
  height: number,
  to: [number, number],
  from: (x: number, y: number) => [number, number],
): Uint8Array {
  const out = new Uint8Array(to[0] * to[1] * 3).fill(128)
  for (let y = 0; y < to[1]; y++)
    for (let x = 0; x < to[0]; x++) {
      const [sx, sy] = from(x, y)
      const [left, top] = [Math.floor(sx), Math.floor(sy)]
      if (left < 0 || top < 0 || left + 1 >= width || top + 1 >= height) continue
      const [fx, fy] = [sx - left, sy - top]
      for (let colour = 0; colour < 3; colour++) {
        const at = (top * width + left) * 3 + colour
        const below = at + 3 * width
        out[(y * to[0] + x) * 3 + colour] =
          (1 - fy) * ((1 - fx) * values[at]! + fx * values[at + 3]!) +
          fy * ((1 - fx) * values[below]! + fx * values[below + 3]!)
      }
    }
  return out
}

const [W, H] = [640, 480]
const original = scene(W, H, 'scene')
const marked = pictureMark.embed(original, W, H, 3, PAYLOAD, KEY)
const seen = marked.pixels

test('a mark keeps 42 dB and says what it was given', () => {
  let squares = 0
  for (let at = 0; at < original.length; at++) squares += (marked.pixels[at]! - original[at]!) ** 2
  const psnr = 10 * Math.log10(255 ** 2 / (squares / original.length))
  expect(psnr).toBeGreaterThanOrEqual(42)
  expect(psnr).toBeLessThan(42.4)
  expect(marked.psnr).toBeCloseTo(psnr, 6)
  const found = pictureMark.detect(seen, W, H, 3, KEY, { geometry: 'intact' })
  expect(found).toMatchObject({ ...PAYLOAD, geometry: { rotation: 0, mirrored: false } })
  expect(found!.geometry.scale).toBeCloseTo(1, 3)
  expect(found!.confidence).toBeGreaterThan(30)
})

test('the samples given are left as they were, in a Buffer too', () => {
  const given = Buffer.from(original.subarray(0, 96 * 96 * 3))
  const before = Uint8Array.from(given)
  const { pixels } = pictureMark.embed(given, 96, 96, 3, PAYLOAD, KEY)
  expect(Buffer.compare(given, before)).toBe(0)
  expect([...pixels]).not.toEqual([...before])
})

test('neither another key nor an unmarked picture has a mark', () => {
  expect(
    pictureMark.detect(seen, W, H, 3, new Uint8Array(32).fill(6), { geometry: 'intact' }),
  ).toBeUndefined()
  expect(pictureMark.detect(original, W, H, 3, KEY)).toBeUndefined()
})

test('a turned, smaller and mirrored picture is read, and what was done to it told', () => {
  const [co, si] = [Math.cos(0.3) / 0.8, Math.sin(0.3) / 0.8]
  const turned = warped(seen, W, H, [560, 470], (x, y) => [
    W / 2 - co * (x - 280) - si * (y - 235),
    H / 2 - si * (x - 280) + co * (y - 235),
  ])
  const found = pictureMark.detect(turned, 560, 470, 3, KEY)
  expect(found).toMatchObject({ ...PAYLOAD, geometry: { mirrored: true } })
  expect(found!.geometry.scale).toBeCloseTo(0.8, 2)
})

test('every layout of samples and any size is marked, each colour by its share, and alpha is left alone', () => {
  for (const [width, height, channels] of [
    [1, 1, 3],
    [17, 3, 1],
    [33, 9, 2],
    [50, 41, 4],
    [129, 97, 3],
  ] as const) {
    const given = original.subarray(0, width * height * channels)
    const { pixels } = pictureMark.embed(given, width, height, channels, PAYLOAD, KEY, {
      origin: { x: 3, y: 5 },
    })
    expect(pixels).toHaveLength(given.length)
    for (let at = 0; at < given.length; at += channels) {
      if (channels % 2 === 0) expect(pixels[at + channels - 1]).toBe(given[at + channels - 1])
      if (channels < 3) continue
      const unclipped = [0, 1, 2].every((colour) => pixels[at + colour]! > 0 && pixels[at + colour]! < 255)
      const [red, green, blue] = [0, 1, 2].map((colour) => pixels[at + colour]! - given[at + colour]!)
      const whole = green! / SHARES[1]
      if (!unclipped) continue
      // each was rounded by itself
      expect(Math.abs(red! - SHARES[0] * whole)).toBeLessThanOrEqual(1)
      expect(Math.abs(blue! - SHARES[2] * whole)).toBeLessThanOrEqual(1)
    }
  }
})

test('in grey noise, brightness alone says nothing and colour does', () => {
  const drawn = random('grey noise')
  const noisy = new Uint8Array(320 * 240 * 3)
  for (let at = 0; at < noisy.length; at += 3) noisy.fill(drawn.below(256), at, at + 3)
  const { pixels } = pictureMark.embed(noisy, 320, 240, 3, PAYLOAD, KEY)
  expect(pictureMark.detect(pixels, 320, 240, 3, KEY, { geometry: 'intact' })).toMatchObject(PAYLOAD)
  const grey = Uint8Array.from({ length: 320 * 240 }, (_, at) => pixels[3 * at + 1]!)
  expect(pictureMark.detect(grey, 320, 240, 1, KEY, { geometry: 'intact' })).toBeUndefined()
})

test('what bounds the chance of a trace is rarely reached by chance', () => {
  const drawn = random('traces')
  const sizes = Array.from({ length: 113 }, () => Math.abs(drawn.normal()))
  const signed = (sign: () => number) => evidenceOf(Float32Array.from(sizes, (size) => sign() * size))
  let reached = 0
  for (let round = 0; round < 400; round++) if (signed(() => (drawn.below(2) ? 1 : -1)) >= 4) reached++
  expect(reached / 400).toBeLessThan(2 ** -4)
  expect(signed(() => 1)).toBeGreaterThan(100)
  expect(evidenceOf(new Float32Array(113))).toBe(0)
})

test('the same picture has its tile at the same place after small changes, another elsewhere', () => {
  const origin = (rgb: Uint8Array) => originOf(rgb, W, H, 3, KEY, 113)
  const noisy = original.map((value, at) => (at % 7 === 0 ? value ^ 1 : value))
  expect(origin(noisy)).toEqual(origin(original))
  expect(origin(scene(W, H, 'another scene'))).not.toEqual(origin(original))
})
