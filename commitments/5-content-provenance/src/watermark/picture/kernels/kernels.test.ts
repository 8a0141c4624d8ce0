import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { random } from '@avouch/core/stats'
import { expect, test } from 'vitest'
import { digests } from '../../../wasm/digests.ts'
import { FOLD_SIDE, folder, LINES } from '../fold.ts'
import { field, transform } from '../fourier.ts'
import { mixed } from '../mix.ts'
import { furthest, residual } from '../residual.ts'

test('kernels.wasm was made of kernels.as as it is', () => {
  const noted = JSON.parse(readFileSync(join(import.meta.dirname, 'kernels.json'), 'utf8'))
  expect(digests(import.meta.dirname), 'run wasm/compile.ts').toEqual({
    source: noted.source,
    wasm: noted.wasm,
  })
})

test.each([32, 64])('the transform of a wave is one line, and back it is the wave, at %i', (side) => {
  const wave = field(side)
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      wave.re[y * side + x] = Math.cos((2 * Math.PI * (5 * x + 11 * y)) / side)
      wave.im[y * side + x] = Math.sin((2 * Math.PI * (5 * x + 11 * y)) / side)
    }
  const before = wave.re.slice()
  transform(wave, 'forward')
  for (const [at, value] of wave.re.entries())
    expect(Math.hypot(value, wave.im[at]!)).toBeCloseTo(at === 11 * side + 5 ? side * side : 0, 0)
  transform(wave, 'back')
  for (const [at, value] of wave.re.entries()) expect(value / side ** 2).toBeCloseTo(before[at]!, 4)
})

test('colours are mixed by their weights, at full size and at half, whatever the layout and width', () => {
  const drawn = random('mix')
  const weights = [0.25, -0.5, 0.25] as const
  for (const channels of [1, 2, 3, 4])
    for (const [width, height] of [
      [37, 5],
      [16, 4],
      [3, 7],
    ] as const) {
      const pixels = Uint8Array.from({ length: width * height * channels }, () => drawn.below(256))
      const at = (x: number, y: number) => {
        const from = (y * width + x) * channels
        if (channels < 3) return pixels[from]!
        return weights.reduce((sum, weight, colour) => sum + weight * pixels[from + colour]!, 0)
      }
      const window = { left: 1, top: 2, width: width - 1, height: height - 2 }
      const whole = mixed(pixels, width, channels, window, weights, { offset: 255, halve: false })
      for (const [place, value] of whole.values.entries()) {
        const [x, y] = [1 + (place % whole.width), 2 + Math.floor(place / whole.width)]
        expect(Math.abs(value / whole.unit - 255 - at(x, y))).toBeLessThan(0.07)
      }
      const half = mixed(pixels, width, channels, window, weights, { offset: 255, halve: true })
      for (const [place, value] of half.values.entries()) {
        const [x, y] = [1 + 2 * (place % half.width), 2 + 2 * Math.floor(place / half.width)]
        const mean = (at(x, y) + at(x + 1, y) + at(x, y + 1) + at(x + 1, y + 1)) / 4
        expect(Math.abs(value / half.unit - 255 - mean)).toBeLessThan(0.07)
      }
    }
})

test('every pixel is folded to its sample of its part', () => {
  const drawn = random('fold')
  const [width, height] = [70, 50]
  const values = Float32Array.from({ length: width * height }, () => drawn.normal())
  const lattice = { xx: 0.021037, xy: 0.004113, yx: -0.003059, yy: 0.019171 }
  const parts = folder({ width, height, values })(lattice, 2, 2)
  for (const [part, { re, im }] of parts.entries()) {
    const sums = new Float64Array(LINES.length * 2)
    for (let y = 25 * (part >> 1); y < 25 * (part >> 1) + 25; y++)
      for (let x = 35 * (part & 1); x < 35 * (part & 1) + 35; x++) {
        const [dx, dy] = [x + 0.5 - width / 2, y + 0.5 - height / 2]
        const sample = (at: number) => Math.floor((at - Math.floor(at)) * FOLD_SIDE) / FOLD_SIDE
        const u = sample(lattice.xx * dx + lattice.xy * dy)
        const v = sample(lattice.yx * dx + lattice.yy * dy)
        for (const [line, { kx, ky }] of LINES.entries()) {
          const angle = -2 * Math.PI * (kx * u + ky * v)
          sums[2 * line]! += values[y * width + x]! * Math.cos(angle)
          sums[2 * line + 1]! += values[y * width + x]! * Math.sin(angle)
        }
      }
    for (let line = 0; line < LINES.length; line++) {
      expect(re[line]).toBeCloseTo(sums[2 * line]!, 3)
      expect(im[line]).toBeCloseTo(sums[2 * line + 1]!, 3)
    }
  }
})

test('the residual is that of its definition, at margins and odd sizes too', () => {
  const drawn = random('residual')
  for (const [width, height] of [
    [37, 11],
    [5, 3],
    [16, 24],
  ] as const) {
    const values = Uint8Array.from({ length: width * height }, () => drawn.below(256))
    const found = residual({ width, height, values, unit: 1 }).values
    const end = furthest({ width, height, values, unit: 1 })
    const fall = Math.ceil((32768 * 6) / (end - 12))
    const counted = (difference: number) => {
      const size = Math.abs(difference)
      return Math.sign(difference) * Math.min(size, 6, (Math.max(0, end - size) * fall + 16384) >> 15)
    }
    const inside = (at: number, length: number) => Math.max(0, Math.min(length - 1, at))
    const rest = Float64Array.from(values, (value, at) => {
      let sum = 0
      for (let dy = -4; dy <= 4; dy += 2)
        for (let dx = -4; dx <= 4; dx += 2) {
          const x = inside((at % width) + dx, width)
          const y = inside(Math.floor(at / width) + dy, height)
          sum += counted(value - values[y * width + x]!)
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
