import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What kernels.as exports; see there. Addresses are bytes into the memory. */
type Exports = {
  memory: WebAssembly.Memory
  change(
    samples: number,
    pixels: number,
    width: number,
    height: number,
    channels: number,
    first: number,
    step: number,
    gains: number,
    columns: number,
    gain: number,
    red: number,
    green: number,
    blue: number,
    tile: number,
    side: number,
    left: number,
    top: number,
  ): number
  texture(samples: number, width: number, height: number, channels: number, out: number): void
  residual(
    values: number,
    out: number,
    width: number,
    height: number,
    limit: number,
    end: number,
    floor: number,
    cut: number,
    rest: number,
    scratch: number,
  ): void
  fold(
    values: number,
    width: number,
    height: number,
    columns: number,
    rows: number,
    xx: number,
    xy: number,
    yx: number,
    yy: number,
    tiles: number,
  ): void
  transform(
    re: number,
    im: number,
    otherRe: number,
    otherIm: number,
    side: number,
    sign: number,
    cos: number,
    sin: number,
    reversed: number,
    strip: number,
    wide: number,
    tall: number,
  ): void
  energy(re: number, im: number, weights: number, parts: number, shifts: number, scratch: number): number
  mix(
    pixels: number,
    out: number,
    width: number,
    height: number,
    channels: number,
    red: number,
    green: number,
    blue: number,
    offset: number,
    halve: number,
  ): void
  addPower(power: number, re: number, im: number, side: number): void
  whiten(
    power: number,
    coarse: number,
    fine: number,
    side: number,
    means: number,
    least: number,
    inner: number,
    outer: number,
    tallest: number,
  ): void
  sharpness(lags: number, out: number, side: number, away: number): void
  squares(
    coarse: number,
    fine: number,
    side: number,
    horizon: number,
    circle: number,
    count: number,
    shortest: number,
    longest: number,
    growth: number,
    turning: number,
    least: number,
    out: number,
    most: number,
  ): number
}

const WASM = join(import.meta.dirname, 'kernels.wasm')
/** Below this lie the compiler's own data. */
const FIRST = 4096
/** Arrays are kept so far apart, since kernels may read and write a little past their ends. */
const APART = 64
const PAGE = 65_536

const compiled = new WebAssembly.Module(readFileSync(WASM))

/** The kernels with a memory of their own. */
export type Kernels = {
  run: Exports
  /**
   * Places for arrays of so many bytes each, from the bottom of the memory, which grows as needed. They hold until the
   * next call.
   */
  places<const Sizes extends readonly number[]>(...sizes: Sizes): { [at in keyof Sizes]: number }
}

export function kernelsApart(): Kernels {
  const run = new WebAssembly.Instance(compiled).exports as unknown as Exports
  return {
    run,
    places(...sizes) {
      let next = FIRST
      const found = sizes.map((size) => {
        const place = next
        next += Math.ceil(size / APART) * APART + APART
        return place
      })
      const missing = next - run.memory.buffer.byteLength
      if (missing > 0) run.memory.grow(Math.ceil(missing / PAGE))
      return found as unknown as { [at in keyof typeof sizes]: number }
    },
  }
}

/** The kernels for work whose arrays are copied in, and its results out, at once. */
export const { run: kernels, places } = kernelsApart()
