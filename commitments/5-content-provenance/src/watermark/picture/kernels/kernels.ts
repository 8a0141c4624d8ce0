import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Places, placesIn } from '../../../wasm/places.ts'

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
const compiled = new WebAssembly.Module(readFileSync(WASM))

/** The kernels with a memory of their own. */
export type Kernels = {
  run: Exports
  places: Places
}

/** The kernels once more, with a memory of their own. */
export function kernelsApart(): Kernels {
  const run = new WebAssembly.Instance(compiled).exports as unknown as Exports
  return { run, places: placesIn(run.memory) }
}

/** The kernels for work whose arrays are copied in, and its results out, at once. */
export const { run: kernels, places } = kernelsApart()
