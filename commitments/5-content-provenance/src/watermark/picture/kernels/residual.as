/** The deviation is taken over a square that reaches so far on each side. */
const REACH = 4

/**
 * Each value less its 24 neighbours two and four pixels away, no difference counting more than `limit`, those of twice
 * that and more ever less, and those of `end` nothing; over the deviation of that about it, cut off, over the root of the
 * deviation. `values` are 16 bits wide, in rows of `width + 16` that repeat their ends 8 times; `rest` has room for
 * (width + 16) · height · 2 bytes, `scratch` for 3 · (width + 32) words.
 */
export function residual(
  values: usize, out: usize, width: i32, height: i32, limit: i32, end: i32, floor: f32,
  cut: f32, rest: usize, scratch: usize,
): void {
  const stride = <usize>(width + 16) * 2
  const most = i16x8.splat(<i16>limit)
  const last = i16x8.splat(<i16>end)
  // How steeply it falls, as a 15-bit fraction.
  const fall = i16x8.splat(<i16>((32768 * limit + end - 2 * limit - 1) / (end - 2 * limit)))
  for (let y = 0; y < height; y++) {
    const from = values + 16
    const r0 = from + <usize>max(0, y - 4) * stride
    const r1 = from + <usize>max(0, y - 2) * stride
    const r2 = from + <usize>y * stride
    const r3 = from + <usize>min(height - 1, y + 2) * stride
    const r4 = from + <usize>min(height - 1, y + 4) * stride
    const to = rest + <usize>y * stride
    for (let x: usize = 0; x < <usize>width * 2; x += 16) {
      const own = v128.load(r2 + x)
      let sum = across(own, r0 + x, most, last, fall)
      sum = i16x8.add(sum, across(own, r1 + x, most, last, fall))
      sum = i16x8.add(sum, beside(own, r2 + x, most, last, fall))
      sum = i16x8.add(sum, across(own, r3 + x, most, last, fall))
      sum = i16x8.add(sum, across(own, r4 + x, most, last, fall))
      v128.store(to + x, sum)
    }
  }
  normalise(rest, stride, out, width, height, floor, cut, scratch)
}

// @ts-ignore: decorator
@inline
function across(own: v128, row: usize, most: v128, last: v128, fall: v128): v128 {
  return i16x8.add(beside(own, row, most, last, fall), limited(own, v128.load(row), most, last, fall))
}

// @ts-ignore: decorator
@inline
function beside(own: v128, row: usize, most: v128, last: v128, fall: v128): v128 {
  const a = i16x8.add(limited(own, v128.load(row - 8), most, last, fall), limited(own, v128.load(row - 4), most, last, fall))
  const b = i16x8.add(limited(own, v128.load(row + 4), most, last, fall), limited(own, v128.load(row + 8), most, last, fall))
  return i16x8.add(a, b)
}

// @ts-ignore: decorator
@inline
function limited(own: v128, other: v128, most: v128, last: v128, fall: v128): v128 {
  const difference = i16x8.sub(own, other)
  const falling = i16x8.q15mulr_sat_s(i16x8.sub_sat_u(last, i16x8.abs(difference)), fall)
  const limit = i16x8.min_s(most, falling)
  return i16x8.max_s(i16x8.neg(limit), i16x8.min_s(limit, difference))
}

function normalise(
  rest: usize, stride: usize, out: usize, width: i32, height: i32, floor: f32, cut: f32, scratch: usize,
): void {
  const wide = <usize>(width + 32) * 4
  const squares = scratch + 64
  const shares = squares + wide
  const fours = shares + wide
  memory.fill(scratch, 0, wide * 3)
  for (let x = 0; x < width; x++)
    store<f32>(shares + <usize>x * 4, <f32>1 / <f32>(min(width - 1, x + REACH) - max(0, x - REACH) + 1))
  for (let row = 0; row < min(REACH, height); row++) enter(rest + <usize>row * stride, width, squares)
  const least = f32x4.splat(floor)
  const most = f32x4.splat(cut)
  const fewest = f32x4.splat(-cut)
  for (let y = 0; y < height; y++) {
    if (y + REACH < height) enter(rest + <usize>(y + REACH) * stride, width, squares)
    if (y > REACH) leave(rest + <usize>(y - REACH - 1) * stride, width, squares)
    const rows = f32x4.splat(<f32>1 / <f32>(min(height - 1, y + REACH) - max(0, y - REACH) + 1))
    const from = rest + <usize>y * stride
    const to = out + <usize>(y * width) * 4
    // Nine values are twice four, which are summed once, and one.
    for (let x = -REACH; x < width; x += 4) {
      const at = squares + <usize>(x * 4)
      const two = i32x4.add(v128.load(at), v128.load(at, 4))
      v128.store(fours + <usize>(x * 4), i32x4.add(two, i32x4.add(v128.load(at, 8), v128.load(at, 12))))
    }
    for (let x = 0; x < width; x += 4) {
      const at = fours + <usize>(x * 4)
      const square = i32x4.add(i32x4.add(v128.load(at - 16), v128.load(at)), v128.load(squares + <usize>(x * 4), 16))
      const share = f32x4.mul(rows, v128.load(shares + <usize>x * 4))
      const deviation = f32x4.sqrt(f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(square), share), least))
      const value = f32x4.convert_i32x4_s(v128.load_ext<i16>(from + <usize>x * 2))
      // One division does for both: by the deviation, and by its root.
      const root = f32x4.sqrt(deviation)
      const part = f32x4.div(f32x4.splat(1), f32x4.mul(deviation, root))
      const ratio = f32x4.max(fewest, f32x4.min(most, f32x4.mul(f32x4.mul(value, part), root)))
      v128.store(to + <usize>x * 4, f32x4.mul(f32x4.mul(ratio, part), deviation))
    }
  }
}

function enter(row: usize, width: i32, squares: usize): void {
  for (let x = 0; x < width; x += 4) {
    const value = masked(v128.load_ext<i16>(row + <usize>x * 2), width - x)
    const at = squares + <usize>x * 4
    v128.store(at, i32x4.add(v128.load(at), i32x4.mul(value, value)))
  }
}

function leave(row: usize, width: i32, squares: usize): void {
  for (let x = 0; x < width; x += 4) {
    const value = masked(v128.load_ext<i16>(row + <usize>x * 2), width - x)
    const at = squares + <usize>x * 4
    v128.store(at, i32x4.sub(v128.load(at), i32x4.mul(value, value)))
  }
}

/** What lies past the end of a row is none of it. */
// @ts-ignore: decorator
@inline
function masked(value: v128, left: i32): v128 {
  return left >= 4 ? value : v128.and(value, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(left)))
}
