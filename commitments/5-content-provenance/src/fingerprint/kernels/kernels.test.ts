import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { random } from '@avouch/core/stats'
import { expect, test } from 'vitest'
import { lumaOf } from '../../media/luma.ts'
import { digests } from '../../wasm/digests.ts'
import { shrink, smaller } from '../shrink.ts'

test('kernels.wasm was made of kernels.as as it is', () => {
  const noted = JSON.parse(readFileSync(join(import.meta.dirname, 'kernels.json'), 'utf8'))
  expect(digests(import.meta.dirname), 'run wasm/compile.ts').toEqual({
    source: noted.source,
    wasm: noted.wasm,
  })
})

const drawn = random('how pictures look')
const bytes = (count: number) => Uint8Array.from({ length: count }, () => drawn.below(256))

test('brightness is that of its definition, to the bit, for any number of pixels', () => {
  for (const channels of [3, 4])
    for (const count of [1, 15, 16, 8191, 8192, 20_003]) {
      const pixels = bytes(count * channels)
      const luma = lumaOf(pixels, channels)
      expect(luma).toHaveLength(count)
      for (const [at, value] of luma.entries()) {
        const [r, g, b] = pixels.subarray(at * channels) as unknown as [number, number, number]
        if (value !== (r * 19_595 + g * 38_470 + b * 7_471 + 32_768) >> 16) expect([r, g, b, value]).toBe(at)
      }
    }
})

test('cells are the means of their pixels, at odd sizes and below a pixel too', () => {
  for (const [width, height, columns, rows] of [
    [1, 1, 64, 64],
    [37, 11, 64, 64],
    [130, 67, 64, 64],
    [4001, 70, 40, 2],
    [70, 2000, 3, 3],
  ] as const) {
    const luma = bytes(width * height)
    const { values } = shrink({ luma, width, height }, columns, rows)
    const edges = (length: number, parts: number, part: number): [number, number] => {
      const from = Math.min(length - 1, Math.floor((part * length) / parts))
      return [from, Math.max(from + 1, Math.floor(((part + 1) * length) / parts))]
    }
    for (const [at, value] of values.entries()) {
      const [top, bottom] = edges(height, rows, Math.floor(at / columns))
      const [left, right] = edges(width, columns, at % columns)
      let sum = 0
      for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) sum += luma[y * width + x]!
      expect(value).toBe(sum / ((bottom - top) * (right - left)))
    }
  }
  const plane = { luma: bytes(600 * 20), width: 600, height: 20 }
  expect(smaller(plane, 600)).toBe(plane)
  const { luma, ...size } = smaller(plane, 300)
  expect(size).toEqual({ width: 300, height: 10 })
  expect([...luma]).toEqual(Array.from(shrink(plane, 300, 10).values, Math.round))
})
