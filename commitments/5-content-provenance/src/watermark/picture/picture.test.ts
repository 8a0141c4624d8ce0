import { expect, test } from 'vitest'
import { pictureMark } from './index.ts'
import { scene } from './scene.ts'

const KEY = new Uint8Array(32).fill(5)
const PAYLOAD = { service: 513, contentId: '00a1b2c3d4ff' }

function luma(rgb: ArrayLike<number>): Uint8Array {
  return Uint8Array.from(
    { length: rgb.length / 3 },
    (_, at) => (rgb[3 * at]! + 2 * rgb[3 * at + 1]! + rgb[3 * at + 2]!) / 4,
  )
}

/** A picture read at other places: `from` says which point of the old one a new pixel shows. */
function warped(
  values: Uint8Array,
  width: number,
  height: number,
  to: [number, number],
  from: (x: number, y: number) => [number, number],
): Uint8Array {
  const out = new Uint8Array(to[0] * to[1]).fill(128)
  for (let y = 0; y < to[1]; y++)
    for (let x = 0; x < to[0]; x++) {
      const [sx, sy] = from(x, y)
      const [left, top] = [Math.floor(sx), Math.floor(sy)]
      if (left < 0 || top < 0 || left + 1 >= width || top + 1 >= height) continue
      const [fx, fy] = [sx - left, sy - top]
      const at = top * width + left
      out[y * to[0] + x] =
        (1 - fy) * ((1 - fx) * values[at]! + fx * values[at + 1]!) +
        fy * ((1 - fx) * values[at + width]! + fx * values[at + width + 1]!)
    }
  return out
}

const [W, H] = [640, 480]
const original = scene(W, H, 'scene')
const marked = pictureMark.embed(original, W, H, 3, PAYLOAD, KEY)
const seen = luma(marked.pixels)

test('a mark keeps 42 dB, changes the three colours alike and says what it was given', () => {
  let squares = 0
  for (let at = 0; at < original.length; at++) squares += (marked.pixels[at]! - original[at]!) ** 2
  const psnr = 10 * Math.log10(255 ** 2 / (squares / original.length))
  expect(psnr).toBeGreaterThanOrEqual(42)
  expect(psnr).toBeLessThan(42.4)
  expect(marked.psnr).toBeCloseTo(psnr, 6)
  const found = pictureMark.detect(seen, W, H, KEY, { geometry: 'intact' })
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
  expect(pictureMark.detect(seen, W, H, new Uint8Array(32).fill(6), { geometry: 'intact' })).toBeUndefined()
  expect(pictureMark.detect(luma(original), W, H, KEY)).toBeUndefined()
})

test('a turned, smaller and mirrored picture is read, and what was done to it told', () => {
  const [co, si] = [Math.cos(0.3) / 0.8, Math.sin(0.3) / 0.8]
  const turned = warped(seen, W, H, [560, 470], (x, y) => [
    W / 2 - co * (x - 280) - si * (y - 235),
    H / 2 - si * (x - 280) + co * (y - 235),
  ])
  const found = pictureMark.detect(turned, 560, 470, KEY)
  expect(found).toMatchObject({ ...PAYLOAD, geometry: { mirrored: true } })
  expect(found!.geometry.scale).toBeCloseTo(0.8, 2)
})

test('every layout of samples and any size is marked alike in its colours, and alpha is left alone', () => {
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
      const unclipped = (value: number) => value > 0 && value < 255
      const changes = Array.from({ length: channels >= 3 ? 3 : 1 }, (_, colour) => at + colour)
        .filter((place) => unclipped(pixels[place]!))
        .map((place) => pixels[place]! - given[place]!)
      expect(new Set(changes).size).toBeLessThanOrEqual(1)
    }
  }
})
