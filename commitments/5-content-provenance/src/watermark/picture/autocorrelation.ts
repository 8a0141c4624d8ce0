import { layTransform, transformBytes } from './fourier.ts'
import { kernelsApart } from './kernels/kernels.ts'
import type { Plane } from './residual.ts'

/** Side of the field of lags, which are cyclic: lag (x, y) stands at (y mod 512) · 512 + (x mod 512). */
export const LAG_SIDE = 512
/** Lags further out than this are not looked at. */
export const HORIZON = 250
/** Periods looked for, in pixels; from `COARSE_FROM` on in the coarse lags. */
export const SHORTEST = 17
export const COARSE_FROM = 64
export const LONGEST = 220

/** A square lattice: the lag that spans it, and how much the picture resembles itself along it. */
export type Square = { x: number; y: number; score: number }

/**
 * How sharply a picture resembles itself at each lag, in standard deviations of all lags. In `coarse` only changes slower
 * than 0.16 turns per pixel count, which is where tiles of 64 pixels and more have their chips and where scaling and
 * compression leave few traces of their own; in `fine` those up to 0.42.
 */
export type Lags = {
  coarse: Float32Array
  fine: Float32Array
  /** Square lattices of any period and turn that score above `least`, of all that were tried. */
  squares: Square[]
}

/** Lines of the spectrum nearer to its middle than this are the picture's own, in lines. */
const NEAREST = 3
const COARSE = 0.16 * LAG_SIDE
const FINE = 0.42 * LAG_SIDE
/** A line may count no more than this many times the mean about it. */
const TALLEST = 5
/** How far off a lag's surroundings are, in pixels. */
const COARSE_AWAY = 5
const FINE_AWAY = 3

/** By how much periods and turns of square lattices differ from one tried to the next. */
const STEP = 1 / 72
const LEAST = 4
/** As many as are tried at most. */
const MOST_SQUARES =
  Math.ceil(Math.PI / 2 / STEP) * Math.ceil(Math.log(LONGEST / SHORTEST) / Math.log1p(STEP))

const BYTES = LAG_SIDE * LAG_SIDE * 4
const apart = kernelsApart()
let laid: ReturnType<typeof lay> | undefined

function lay() {
  const angles = Math.ceil(Math.PI / 2 / STEP)
  const [transformAt, power, coarse, fine, means, circle, squares] = apart.places(
    transformBytes(LAG_SIDE),
    BYTES,
    BYTES,
    BYTES,
    (LAG_SIDE / 16) * 4,
    angles * 16,
    MOST_SQUARES * 12,
  )
  const { buffer } = apart.run.memory
  const points = new Float64Array(buffer, circle, 2 * angles)
  for (let at = 0; at < angles; at++) {
    points[2 * at] = Math.cos(at * STEP)
    points[2 * at + 1] = Math.sin(at * STEP)
  }
  return {
    transform: layTransform(apart, transformAt, LAG_SIDE),
    places: { power, coarse, fine, means, circle, squares },
    angles,
  }
}

/**
 * The autocorrelation of a picture, taken over parts of at most 512 × 512 pixels, its spectrum whitened. The lags hold
 * until the next call.
 */
export function autocorrelation({ width, height, values }: Plane): Lags {
  laid ??= lay()
  const { transform, places, angles } = laid
  const { run } = apart
  const view = (at: number) => new Float32Array(run.memory.buffer, at, LAG_SIDE * LAG_SIDE)
  const columns = Math.ceil(width / LAG_SIDE)
  const rows = Math.ceil(height / LAG_SIDE)
  const w = Math.floor(width / columns)
  const h = Math.floor(height / rows)
  view(places.power).fill(0)
  for (let part = 0; part < columns * rows; part += 2) {
    for (const [lane, at] of [transform.re, transform.im].entries()) {
      const into = view(at).fill(0)
      if (part + lane >= columns * rows) break
      const from = Math.floor((part + lane) / columns) * h * width + ((part + lane) % columns) * w
      for (let y = 0; y < h; y++)
        into.set(values.subarray(from + y * width, from + y * width + w), y * LAG_SIDE)
    }
    transform.run('forward', w)
    run.addPower(places.power, transform.re, transform.im, LAG_SIDE)
  }
  // Both spectra are real and even, so that one transform brings back both: one as its real part, one as its imaginary;
  // and half the rows of the lags mirror the other half.
  const { re, im } = transform
  run.whiten(places.power, re, im, LAG_SIDE, places.means, NEAREST ** 2, COARSE ** 2, FINE ** 2, TALLEST)
  transform.run('back', LAG_SIDE, LAG_SIDE / 2 + 1 + COARSE_AWAY)
  run.sharpness(re, places.coarse, LAG_SIDE, COARSE_AWAY)
  run.sharpness(im, places.fine, LAG_SIDE, FINE_AWAY)
  const found = run.squares(
    places.coarse,
    places.fine,
    LAG_SIDE,
    HORIZON,
    places.circle,
    angles,
    SHORTEST,
    LONGEST,
    1 + STEP,
    COARSE_FROM,
    LEAST,
    places.squares,
    MOST_SQUARES,
  )
  const squares = new Float32Array(run.memory.buffer, places.squares, 3 * found)
  return {
    coarse: view(places.coarse),
    fine: view(places.fine),
    squares: Array.from({ length: found }, (_, at) => ({
      x: squares[3 * at]!,
      y: squares[3 * at + 1]!,
      score: squares[3 * at + 2]!,
    })),
  }
}
