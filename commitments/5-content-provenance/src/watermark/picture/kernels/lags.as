/** Adds |A|² + |B|² where the transform is of A + iB: half of |Z(k)|² + |Z(−k)|². */
export function addPower(power: usize, re: usize, im: usize, side: i32): void {
  const mask = side - 1
  for (let y = 0; y < side; y++) {
    const row = <usize>(y * side) * 4
    const other = <usize>(((side - y) & mask) * side) * 4
    for (let x: usize = 0; x < 4; x++) {
      const at = row + x * 4
      const there = other + <usize>((side - <i32>x) & mask) * 4
      store<f32>(power + at, load<f32>(power + at) + square(re, at) + square(im, at) + square(re, there) + square(im, there))
    }
    for (let x = 4; x < side; x += 4) {
      const at = row + <usize>x * 4
      const there = other + <usize>(side - x - 3) * 4
      const sum = f32x4.add(squares4(re + there), squares4(im + there))
      const turned = v128.shuffle<i32>(sum, sum, 3, 2, 1, 0)
      const own = f32x4.add(squares4(re + at), squares4(im + at))
      v128.store(power + at, f32x4.add(v128.load(power + at), f32x4.add(own, turned)))
    }
  }
}

// @ts-ignore: decorator
@inline
function square(values: usize, at: usize): f32 {
  const value = load<f32>(values + at)
  return value * value
}

// @ts-ignore: decorator
@inline
function squares4(at: usize): v128 {
  const value = v128.load(at)
  return f32x4.mul(value, value)
}

/**
 * Every line over the mean of the cell of 16 × 16 about it, at most `tallest`, less one: in `fine` those less than √`outer`
 * from the middle, in `coarse` those less than √`inner`; none nearer than √`least`. The second half of the rows mirrors the
 * first. `means` has room for a row of cells.
 */
export function whiten(
  power: usize, coarse: usize, fine: usize, side: i32, means: usize, least: f32, inner: f32, outer: f32, tallest: f32,
): void {
  const wide = <usize>side * 4
  const half = side >> 1
  const none = f32x4.splat(0)
  for (let y = 0; y <= half; y++) {
    if (y % 16 == 0) meansOf(power + <usize>y * wide, wide, means)
    const fy = f32x4.splat(<f32>(y * y))
    const row = <usize>y * wide
    for (let x = 0; x < side; x += 4) {
      const fromLeft = f32x4.add(f32x4.splat(<f32>x), f32x4(0, 1, 2, 3))
      const fx = f32x4.min(fromLeft, f32x4.sub(f32x4.splat(<f32>side), fromLeft))
      const away = f32x4.add(f32x4.mul(fx, fx), fy)
      const at = row + <usize>x * 4
      const ratio = f32x4.div(v128.load(power + at), v128.load32_splat(means + <usize>(x >> 4) * 4))
      const value = f32x4.sub(f32x4.min(ratio, f32x4.splat(tallest)), f32x4.splat(1))
      const kept = v128.and(f32x4.ge(away, f32x4.splat(least)), f32x4.le(away, f32x4.splat(outer)))
      v128.store(fine + at, v128.bitselect(value, none, kept))
      v128.store(coarse + at, v128.bitselect(value, none, v128.and(kept, f32x4.lt(away, f32x4.splat(inner)))))
    }
    mirror(coarse, side, y)
    mirror(fine, side, y)
  }
}

function meansOf(rows: usize, wide: usize, means: usize): void {
  for (let left: usize = 0; left < wide; left += 64) {
    let sum = f32x4.splat(0)
    for (let y: usize = 0; y < 16; y++)
      for (let x: usize = 0; x < 64; x += 16) sum = f32x4.add(sum, v128.load(rows + y * wide + left + x))
    const all = f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3)
    store<f32>(means + (left >> 4), all / 256 + 1e-20)
  }
}

/** Lays row y down backwards as row −y, so that the field is even; of the two rows that mirror themselves, half. */
function mirror(field: usize, side: i32, y: i32): void {
  const mask = side - 1
  const from = field + <usize>(y * side) * 4
  const to = field + <usize>((-y & mask) * side) * 4
  if (from == to) {
    for (let x = 1; x < side >> 1; x++) store<f32>(to + <usize>(side - x) * 4, load<f32>(from + <usize>x * 4))
    return
  }
  store<f32>(to, load<f32>(from))
  for (let x = 1; x < 4; x++) store<f32>(to + <usize>(side - x) * 4, load<f32>(from + <usize>x * 4))
  for (let x = 4; x < side; x += 4) {
    const value = v128.load(from + <usize>x * 4)
    v128.store(to + <usize>(side - x - 3) * 4, v128.shuffle<i32>(value, value, 3, 2, 1, 0))
  }
}

/**
 * How far each lag stands above its surroundings: above the higher pair of opposite neighbours at this distance, so that
 * a ridge, which every straight edge of a picture raises, counts for nothing. In standard deviations of all lags. The first
 * half of the rows of `lags` and a strip more are given; the rest mirrors them, and is filled in here.
 */
export function sharpness(lags: usize, out: usize, side: i32, away: i32): void {
  const mask = side - 1
  const half = side >> 1
  let sum = f64x2.splat(0)
  for (let y = 0; y <= half; y++) {
    // Every row but the first and the middle one has its mirror.
    const times = f32x4.splat(y == 0 || y == half ? 1 : 2)
    for (let x = 0; x < side; x += 4) {
      const value = f32x4.mul(times, squares4(lags + <usize>(y * side + x) * 4))
      sum = f64x2.add(sum, f64x2.promote_low_f32x4(value))
      sum = f64x2.add(sum, f64x2.promote_low_f32x4(v128.shuffle<i32>(value, value, 2, 3, 2, 3)))
    }
  }
  const middle = <f64>load<f32>(lags)
  const squares = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1) - middle * middle
  const scale = <f32>(1 / (sqrt(squares / <f64>(side * side)) + 1e-20))
  for (let y = 1; y <= away; y++) mirror(lags, side, y)
  const by = <usize>away * 4
  for (let y = 0; y <= half; y++) {
    const row = lags + <usize>(y * side) * 4
    const up = lags + <usize>(((y - away) & mask) * side) * 4
    const down = lags + <usize>(((y + away) & mask) * side) * 4
    const to = out + <usize>(y * side) * 4
    const opposite = out + <usize>((-y & mask) * side) * 4
    for (let x = 0; x < side; x += 4) {
      let value: v128
      if (x >= 8 && x < side - 8) {
        const at = <usize>x * 4
        const beside = f32x4.max(
          f32x4.max(
            f32x4.add(v128.load(row + at - by), v128.load(row + at + by)),
            f32x4.add(v128.load(up + at), v128.load(down + at)),
          ),
          f32x4.max(
            f32x4.add(v128.load(up + at - by), v128.load(down + at + by)),
            f32x4.add(v128.load(up + at + by), v128.load(down + at - by)),
          ),
        )
        value = f32x4.mul(f32x4.splat(scale), f32x4.sub(v128.load(row + at), f32x4.mul(f32x4.splat(0.5), beside)))
        v128.store(to + at, value)
        if (y > 0) v128.store(opposite + <usize>(side - x - 3) * 4, v128.shuffle<i32>(value, value, 3, 2, 1, 0))
      } else
        for (let lane = x; lane < x + 4; lane++) {
          const left = <usize>((lane - away) & mask) * 4
          const right = <usize>((lane + away) & mask) * 4
          const at = <usize>lane * 4
          const beside = max(
            max(load<f32>(row + left) + load<f32>(row + right), load<f32>(up + at) + load<f32>(down + at)),
            max(load<f32>(up + left) + load<f32>(down + right), load<f32>(up + right) + load<f32>(down + left)),
          )
          const single = scale * (load<f32>(row + at) - <f32>0.5 * beside)
          store<f32>(to + at, single)
          if (y > 0) store<f32>(opposite + <usize>(-lane & mask) * 4, single)
        }
    }
  }
}

/**
 * Tries square lattices of any period and turn: `count` angles whose cosines and sines lie in `circle` (f64 pairs), and
 * periods from `shortest` to `longest`, each `growth` times the last; up to `turning` in the fine lags, then in the coarse.
 * Leaves x, y and score of those that score above `least` (f32 each), and returns how many: at most `most`.
 */
export function squares(
  coarse: usize, fine: usize, side: i32, horizon: i32, circle: usize, count: i32, shortest: f64, longest: f64,
  growth: f64, turning: f64, least: f32, out: usize, most: i32,
): i32 {
  let found = 0
  const mask = side - 1
  for (let radius = shortest; radius < longest; radius *= growth) {
    const lags = radius >= turning ? coarse : fine
    for (let angle = 0; angle < count; angle++) {
      const x = radius * load<f64>(circle + <usize>angle * 16)
      const y = radius * load<f64>(circle + <usize>angle * 16, 8)
      let sum: f32 = 0
      let steps = 0
      for (let step = 0; step < 10; step++) {
        // Where the nearest four show nothing, the rest cannot make up for it but by chance.
        if (step == 4 && sum < 1) break
        const m = <f64>acrossOf(step)
        const n = <f64>downOf(step)
        const left = <i32>floor(m * x - n * y + 0.5)
        const top = <i32>floor(m * y + n * x + 0.5)
        if (left > horizon || left < -horizon || top > horizon || top < -horizon) continue
        sum += load<f32>(lags + <usize>((top & mask) * side + (left & mask)) * 4)
        steps++
      }
      if (steps < 3 || sum < 1) continue
      const score = sum / sqrt<f32>(<f32>steps)
      if (score <= least || found == most) continue
      const to = out + <usize>found * 12
      store<f32>(to, <f32>x)
      store<f32>(to, <f32>y, 4)
      store<f32>(to, score, 8)
      found++
    }
  }
  return found
}

/** Steps of the lattice: (1, 0), (0, 1), (1, 1), (1, −1), (2, 0), (0, 2), (2, 1), (1, 2), (2, −1), (1, −2). */
// @ts-ignore: decorator
@inline
function acrossOf(step: i32): i32 {
  return <i32>load<i8>(ACROSS + <usize>step)
}

// @ts-ignore: decorator
@inline
function downOf(step: i32): i32 {
  return <i32>load<i8>(DOWN + <usize>step)
}

const ACROSS = memory.data<i8>([1, 0, 1, 1, 2, 0, 2, 1, 2, 1])
const DOWN = memory.data<i8>([0, 1, 1, -1, 0, 2, 1, 2, -1, -2])
