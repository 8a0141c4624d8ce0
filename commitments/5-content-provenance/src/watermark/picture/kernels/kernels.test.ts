import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { random } from '@avouch/core/stats'
import { expect, test } from 'vitest'
import { field, transform } from '../fourier.ts'
import { residual } from '../residual.ts'
import { digests } from './kernels.ts'

test('kernels.wasm was made of kernels.as as it is', () => {
  const noted = JSON.parse(readFileSync(join(import.meta.dirname, 'kernels.json'), 'utf8'))
  expect(digests(), 'run kernels/compile.ts').toEqual({ source: noted.source, wasm: noted.wasm })
})

test('the transform of a wave is one line, and back it is the wave', () => {
  const side = 64
  const wave = field(side)
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      wave.re[y * side + x] = Math.cos((2 * Math.PI * (5 * x + 11 * y)) / side)
      wave.im[y * side + x] = Math.sin((2 * Math.PI * (5 * x + 11 * y)) / side)
    }
  const before = wave.re.slice()
  transform(wave, 'forward')
  for (const [at, value] of wave.re.entries())
    expect(Math.hypot(value, wave.im[at]!)).toBeCloseTo(at === 11 * side + 5 ? side * side : 0, 1)
  transform(wave, 'back')
  for (const [at, value] of wave.re.entries()) expect(value / side ** 2).toBeCloseTo(before[at]!, 4)
})

test('the residual is that of its definition, at margins and odd sizes too', () => {
  const drawn = random('residual')
  for (const [width, height] of [
    [37, 11],
    [5, 3],
    [16, 24],
  ] as const) {
    const values = Uint8Array.from({ length: width * height }, () => drawn.below(256))
    const found = residual({ width, height, values, unit: 1 }, 4).values
    const inside = (at: number, length: number) => Math.max(0, Math.min(length - 1, at))
    const rest = Float64Array.from(values, (value, at) => {
      let sum = 0
      for (let dy = -4; dy <= 4; dy += 2)
        for (let dx = -4; dx <= 4; dx += 2) {
          const x = inside((at % width) + dx, width)
          const y = inside(Math.floor(at / width) + dy, height)
          sum += Math.max(-6, Math.min(6, value - values[y * width + x]!))
        }
      return sum
    })
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const near: number[] = []
        for (let v = Math.max(0, y - 4); v <= Math.min(height - 1, y + 4); v++)
          for (let u = Math.max(0, x - 4); u <= Math.min(width - 1, x + 4); u++)
            near.push(rest[v * width + u]! ** 2)
        const deviation = Math.sqrt(near.reduce((sum, value) => sum + value, 0) / near.length + 24 ** 2)
        const ratio = Math.max(-2, Math.min(2, rest[y * width + x]! / deviation))
        expect(found[y * width + x]).toBeCloseTo(ratio / Math.sqrt(deviation), 4)
      }
  }
})
