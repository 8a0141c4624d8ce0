/** Frequencies go from −12 to 12 down a line's grid and from 0 to 12 across it, in rows of 16 values, of which 13 count. */
const BAND = 12
const ROWS: usize = 2 * BAND + 1
const ROW: usize = 64
const GRID: usize = ROWS * ROW

/**
 * The energy of the sum of several spectra, line by line times `weights`, when each is shifted: by the angle whose cosine
 * and sine are `shifts`, across and down (four values a part). `re` and `im` hold a grid of 25 × 16 values a part;
 * `scratch` has room for 384 bytes a part.
 */
export function energy(re: usize, im: usize, weights: usize, parts: i32, shifts: usize, scratch: usize): f64 {
  for (let part = 0; part < parts; part++) {
    const by = shifts + <usize>part * 16
    const own = scratch + <usize>part * 384
    powers(own, load<f32>(by), load<f32>(by, 4), 0)
    powers(own + 128, load<f32>(by, 8), load<f32>(by, 12), BAND)
  }
  let total = f64x2.splat(0)
  for (let row: usize = 0; row < ROWS; row++)
    for (let x: usize = 0; x < ROW; x += 16) {
      let sumRe = f32x4.splat(0)
      let sumIm = f32x4.splat(0)
      const place = row * ROW + x
      for (let part: usize = 0; part < <usize>parts; part++) {
        const own = scratch + part * 384
        const cx = v128.load(own + x)
        const sx = v128.load(own + x, 64)
        const cy = v128.load32_splat(own + row * 4, 128)
        const sy = v128.load32_splat(own + row * 4, 256)
        const co = f32x4.sub(f32x4.mul(cx, cy), f32x4.mul(sx, sy))
        const si = f32x4.add(f32x4.mul(sx, cy), f32x4.mul(cx, sy))
        const r = v128.load(re + part * GRID + place)
        const i = v128.load(im + part * GRID + place)
        sumRe = f32x4.add(sumRe, f32x4.add(f32x4.mul(r, co), f32x4.mul(i, si)))
        sumIm = f32x4.add(sumIm, f32x4.sub(f32x4.mul(i, co), f32x4.mul(r, si)))
      }
      const power = f32x4.mul(
        v128.load(weights + place),
        f32x4.add(f32x4.mul(sumRe, sumRe), f32x4.mul(sumIm, sumIm)),
      )
      total = f64x2.add(total, f64x2.promote_low_f32x4(power))
      total = f64x2.add(total, f64x2.promote_low_f32x4(v128.shuffle<i32>(power, power, 2, 3, 2, 3)))
    }
  return f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1)
}

/** Cosines of the multiples −below … 12 of an angle, and behind them, at half the room, the sines. */
// @ts-ignore: decorator
@inline
function powers(to: usize, cos: f32, sin: f32, below: i32): void {
  const sines: usize = below ? 128 : 64
  const middle = to + <usize>below * 4
  let c: f32 = 1
  let s: f32 = 0
  for (let k = 0; k <= BAND; k++) {
    store<f32>(middle + <usize>k * 4, c)
    store<f32>(middle + <usize>k * 4 + sines, s)
    if (below) {
      store<f32>(middle - <usize>k * 4, c)
      store<f32>(middle - <usize>k * 4 + sines, -s)
    }
    const next = c * cos - s * sin
    s = s * cos + c * sin
    c = next
  }
  if (!below)
    for (let k: usize = BAND + 1; k < 16; k++) {
      store<f32>(to + k * 4, 0)
      store<f32>(to + k * 4 + sines, 0)
    }
}
