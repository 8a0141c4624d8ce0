// The inner loops of the picture mark in AssemblyScript with SIMD. They own no memory: callers give addresses, and leave
// 64 bytes free behind every array. compile.ts makes kernels.wasm of it.

/**
 * Repeated changes: adds gain · tile, times the share of each colour, to every `step`-th row; the sum of squared changes,
 * as clipped. One channel takes the whole; of three or four the fourth is left alone.
 */
export function change(
  samples: usize, pixels: usize, width: i32, height: i32, channels: i32,
  first: i32, step: i32, gains: usize, columns: i32, gain: f32, red: f32, green: f32, blue: f32,
  tile: usize, side: i32, left: i32, top: i32,
): f64 {
  let total: f64 = 0
  const stride = side + 16
  for (let y = first; y < height; y += step) {
    const strengths = gains + <usize>((y >> 3) * columns) * 4
    const row = tile + <usize>(((y + top) % side) * stride) * 4
    let place = left % side
    let from = samples + <usize>(y * width * channels)
    let to = pixels + <usize>(y * width * channels)
    let squares = i32x4.splat(0)
    let x = 0
    for (; x + 16 <= width; x += 16) {
      const g0 = f32x4.splat(gain * load<f32>(strengths + <usize>(x >> 3) * 4))
      const g1 = f32x4.splat(gain * load<f32>(strengths + <usize>(x >> 3) * 4 + 4))
      const at = row + <usize>place * 4
      const t0 = f32x4.mul(g0, v128.load(at))
      const t1 = f32x4.mul(g0, v128.load(at + 16))
      const t2 = f32x4.mul(g1, v128.load(at + 32))
      const t3 = f32x4.mul(g1, v128.load(at + 48))
      place += 16
      if (place >= side) place -= side
      if (channels == 1) {
        squares = i32x4.add(squares, apply(from, to, share(t0, t1, t2, t3, 1)))
      } else {
        let r = share(t0, t1, t2, t3, red)
        let g = share(t0, t1, t2, t3, green)
        let b = share(t0, t1, t2, t3, blue)
        // A place from 16 on is none, and gives 0.
        if (channels == 3) {
          const c0 = v128.or(v128.or(
            i8x16.swizzle(r, i8x16(0, 16, 16, 1, 16, 16, 2, 16, 16, 3, 16, 16, 4, 16, 16, 5)),
            i8x16.swizzle(g, i8x16(16, 0, 16, 16, 1, 16, 16, 2, 16, 16, 3, 16, 16, 4, 16, 16))),
            i8x16.swizzle(b, i8x16(16, 16, 0, 16, 16, 1, 16, 16, 2, 16, 16, 3, 16, 16, 4, 16)))
          const c1 = v128.or(v128.or(
            i8x16.swizzle(r, i8x16(16, 16, 6, 16, 16, 7, 16, 16, 8, 16, 16, 9, 16, 16, 10, 16)),
            i8x16.swizzle(g, i8x16(5, 16, 16, 6, 16, 16, 7, 16, 16, 8, 16, 16, 9, 16, 16, 10))),
            i8x16.swizzle(b, i8x16(16, 5, 16, 16, 6, 16, 16, 7, 16, 16, 8, 16, 16, 9, 16, 16)))
          const c2 = v128.or(v128.or(
            i8x16.swizzle(r, i8x16(16, 11, 16, 16, 12, 16, 16, 13, 16, 16, 14, 16, 16, 15, 16, 16)),
            i8x16.swizzle(g, i8x16(16, 16, 11, 16, 16, 12, 16, 16, 13, 16, 16, 14, 16, 16, 15, 16))),
            i8x16.swizzle(b, i8x16(10, 16, 16, 11, 16, 16, 12, 16, 16, 13, 16, 16, 14, 16, 16, 15)))
          squares = i32x4.add(squares, apply(from, to, c0))
          squares = i32x4.add(squares, apply(from + 16, to + 16, c1))
          squares = i32x4.add(squares, apply(from + 32, to + 32, c2))
        } else {
          for (let four: i32 = 0; four < 4; four++) {
            const c = v128.or(v128.or(
              i8x16.swizzle(r, i8x16(0, 16, 16, 16, 1, 16, 16, 16, 2, 16, 16, 16, 3, 16, 16, 16)),
              i8x16.swizzle(g, i8x16(16, 0, 16, 16, 16, 1, 16, 16, 16, 2, 16, 16, 16, 3, 16, 16))),
              i8x16.swizzle(b, i8x16(16, 16, 0, 16, 16, 16, 1, 16, 16, 16, 2, 16, 16, 16, 3, 16)))
            squares = i32x4.add(squares, apply(from + <usize>(16 * four), to + <usize>(16 * four), c))
            r = i8x16.swizzle(r, i8x16(4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 16, 16, 16))
            g = i8x16.swizzle(g, i8x16(4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 16, 16, 16))
            b = i8x16.swizzle(b, i8x16(4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 16, 16, 16))
          }
        }
      }
      from += <usize>(16 * channels)
      to += <usize>(16 * channels)
    }
    total += <f64>(i32x4.extract_lane(squares, 0) + i32x4.extract_lane(squares, 1) + i32x4.extract_lane(squares, 2) + i32x4.extract_lane(squares, 3))
    const colours = channels == 1 ? 1 : 3
    for (; x < width; x++) {
      const c = gain * load<f32>(strengths + <usize>(x >> 3) * 4) * load<f32>(row + <usize>place * 4)
      if (++place >= side) place = 0
      for (let colour = 0; colour < colours; colour++) {
        const own = colours == 1 ? <f32>1 : colour == 0 ? red : colour == 1 ? green : blue
        const before = <i32>load<u8>(from + <usize>colour)
        const after = max(0, min(255, before + max(-127, min(127, <i32>nearest(own * c)))))
        store<u8>(to + <usize>colour, <u8>after)
        total += <f64>((after - before) * (after - before))
      }
      from += <usize>channels
      to += <usize>channels
    }
  }
  return total
}

// @ts-ignore: decorator
@inline
function share(t0: v128, t1: v128, t2: v128, t3: v128, part: f32): v128 {
  const by = f32x4.splat(part)
  return i8x16.narrow_i16x8_s(
    i16x8.narrow_i32x4_s(rounded(f32x4.mul(by, t0)), rounded(f32x4.mul(by, t1))),
    i16x8.narrow_i32x4_s(rounded(f32x4.mul(by, t2)), rounded(f32x4.mul(by, t3))),
  )
}

// @ts-ignore: decorator
@inline
function rounded(value: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(value))
}

// @ts-ignore: decorator
@inline
function apply(from: usize, to: usize, c: v128): v128 {
  const before = v128.load(from)
  const up = i8x16.max_s(c, i8x16.splat(0))
  const down = i8x16.max_s(i8x16.neg(c), i8x16.splat(0))
  const after = i8x16.sub_sat_u(i8x16.add_sat_u(before, up), down)
  v128.store(to, after)
  const away = v128.or(i8x16.sub_sat_u(after, before), i8x16.sub_sat_u(before, after))
  return i32x4.add(
    i32x4.extadd_pairwise_i16x8_u(i16x8.extmul_low_i8x16_u(away, away)),
    i32x4.extadd_pairwise_i16x8_u(i16x8.extmul_high_i8x16_u(away, away)),
  )
}

/**
 * Each value less its 24 neighbours two and four pixels away, no difference counting more than `limit`; over the
 * deviation of that about it, cut off, over the root of the deviation. `values` are 16 bits wide, in rows of `width + 16`
 * that repeat their ends 8 times; `rest` has room for (width + 16) · height · 2 bytes, `scratch` for 2 · (width + 32) words.
 */
export function residual(
  values: usize, out: usize, width: i32, height: i32, reach: i32, limit: i32, floor: f32, cut: f32,
  rest: usize, scratch: usize,
): void {
  const stride = <usize>(width + 16) * 2
  const most = i16x8.splat(<i16>limit)
  const least = i16x8.splat(<i16>-limit)
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
      let sum = across(own, r0 + x, most, least)
      sum = i16x8.add(sum, across(own, r1 + x, most, least))
      sum = i16x8.add(sum, across(own, r2 + x, most, least))
      sum = i16x8.add(sum, across(own, r3 + x, most, least))
      sum = i16x8.add(sum, across(own, r4 + x, most, least))
      v128.store(to + x, sum)
    }
  }
  normalise(rest, stride, out, width, height, reach, floor, cut, scratch)
}

// @ts-ignore: decorator
@inline
function across(own: v128, row: usize, most: v128, least: v128): v128 {
  const a = i16x8.add(limited(own, v128.load(row - 8), most, least), limited(own, v128.load(row - 4), most, least))
  const b = i16x8.add(limited(own, v128.load(row + 4), most, least), limited(own, v128.load(row + 8), most, least))
  return i16x8.add(i16x8.add(a, b), limited(own, v128.load(row), most, least))
}

// @ts-ignore: decorator
@inline
function limited(own: v128, other: v128, most: v128, least: v128): v128 {
  return i16x8.max_s(least, i16x8.min_s(most, i16x8.sub(own, other)))
}

function normalise(
  rest: usize, stride: usize, out: usize, width: i32, height: i32, reach: i32, floor: f32, cut: f32, scratch: usize,
): void {
  const wide = <usize>(width + 32) * 4
  const squares = scratch + 64
  const shares = squares + wide
  memory.fill(scratch, 0, wide * 2)
  for (let x = 0; x < width; x++)
    store<f32>(shares + <usize>x * 4, <f32>1 / <f32>(min(width - 1, x + reach) - max(0, x - reach) + 1))
  for (let row = 0; row < min(reach, height); row++) enter(rest + <usize>row * stride, width, squares)
  const least = f32x4.splat(floor)
  const most = f32x4.splat(cut)
  const fewest = f32x4.splat(-cut)
  for (let y = 0; y < height; y++) {
    if (y + reach < height) enter(rest + <usize>(y + reach) * stride, width, squares)
    if (y > reach) leave(rest + <usize>(y - reach - 1) * stride, width, squares)
    const rows = f32x4.splat(<f32>1 / <f32>(min(height - 1, y + reach) - max(0, y - reach) + 1))
    const from = rest + <usize>y * stride
    const to = out + <usize>(y * width) * 4
    for (let x = 0; x < width; x += 4) {
      let square = i32x4.splat(0)
      for (let near = x - reach; near <= x + reach; near++) square = i32x4.add(square, v128.load(squares + <usize>(near * 4)))
      const share = f32x4.mul(rows, v128.load(shares + <usize>x * 4))
      const deviation = f32x4.sqrt(f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(square), share), least))
      const value = f32x4.convert_i32x4_s(v128.load_ext<i16>(from + <usize>x * 2))
      const ratio = f32x4.max(fewest, f32x4.min(most, f32x4.div(value, deviation)))
      v128.store(to + <usize>x * 4, f32x4.div(ratio, f32x4.sqrt(deviation)))
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

/** Adds every pixel of a rectangle to its sample of a tile of 64 × 64; positions are 32-bit fractions of a tile. */
export function foldRow(tile: usize, values: usize, count: i32, u: u32, v: u32, du: u32, dv: u32): void {
  const end = values + <usize>count * 4
  for (let at = values; at < end; at += 4) {
    const sample = tile + <usize>(((v >>> 26) << 6) | (u >>> 26)) * 4
    store<f32>(sample, load<f32>(sample) + load<f32>(at))
    u += du
    v += dv
  }
}

/** The Fourier transform of a square field in place: columns, transpose, columns, transpose. `side` from 16. */
export function transform(re: usize, im: usize, side: i32, sign: f32, cos: usize, sin: usize, reversed: usize): void {
  columns(re, im, side, sign, cos, sin, reversed)
  transpose(re, side)
  transpose(im, side)
  columns(re, im, side, sign, cos, sin, reversed)
  transpose(re, side)
  transpose(im, side)
}

const STRIP = 32

function columns(re: usize, im: usize, side: i32, sign: f32, cos: usize, sin: usize, reversed: usize): void {
  const wide = <usize>side * 4
  const strip = min(STRIP, side)
  // A strip of columns at a time stays in the cache through all stages.
  for (let left = 0; left < side; left += strip) {
    const shift = <usize>left * 4
    for (let row = 0; row < side; row++) {
      const other = <i32>load<u16>(reversed + <usize>row * 2)
      if (other > row) {
        swap(re + shift + <usize>row * wide, re + shift + <usize>other * wide, strip)
        swap(im + shift + <usize>row * wide, im + shift + <usize>other * wide, strip)
      }
    }
    for (let half = 1; half < side; half *= 2) {
      const step = side / (2 * half)
      for (let start = 0; start < side; start += 2 * half)
        for (let at = 0; at < half; at++) {
          const c = f32x4.splat(load<f32>(cos + <usize>(at * step) * 4))
          const s = f32x4.splat(sign * load<f32>(sin + <usize>(at * step) * 4))
          const a = shift + <usize>(start + at) * wide
          const b = a + <usize>half * wide
          for (let x: usize = 0; x < <usize>strip * 4; x += 16) {
            const br = v128.load(re + b + x)
            const bi = v128.load(im + b + x)
            const tr = f32x4.sub(f32x4.mul(br, c), f32x4.mul(bi, s))
            const ti = f32x4.add(f32x4.mul(br, s), f32x4.mul(bi, c))
            const ar = v128.load(re + a + x)
            const ai = v128.load(im + a + x)
            v128.store(re + b + x, f32x4.sub(ar, tr))
            v128.store(im + b + x, f32x4.sub(ai, ti))
            v128.store(re + a + x, f32x4.add(ar, tr))
            v128.store(im + a + x, f32x4.add(ai, ti))
          }
        }
    }
  }
}

// @ts-ignore: decorator
@inline
function swap(a: usize, b: usize, count: i32): void {
  for (let x: usize = 0; x < <usize>count * 4; x += 16) {
    const kept = v128.load(a + x)
    v128.store(a + x, v128.load(b + x))
    v128.store(b + x, kept)
  }
}

function transpose(values: usize, side: i32): void {
  const wide = <usize>side * 4
  for (let top = 0; top < side; top += 4)
    for (let left = top; left < side; left += 4) {
      const a = values + <usize>top * wide + <usize>left * 4
      const b = values + <usize>left * wide + <usize>top * 4
      const a0 = v128.load(a)
      const a1 = v128.load(a + wide)
      const a2 = v128.load(a + 2 * wide)
      const a3 = v128.load(a + 3 * wide)
      const b0 = v128.load(b)
      const b1 = v128.load(b + wide)
      const b2 = v128.load(b + 2 * wide)
      const b3 = v128.load(b + 3 * wide)
      turned(b, wide, a0, a1, a2, a3)
      if (left != top) turned(a, wide, b0, b1, b2, b3)
    }
}

// @ts-ignore: decorator
@inline
function turned(to: usize, wide: usize, r0: v128, r1: v128, r2: v128, r3: v128): void {
  const t0 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5)
  const t1 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5)
  const t2 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7)
  const t3 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7)
  v128.store(to, v128.shuffle<i64>(t0, t1, 0, 2))
  v128.store(to + wide, v128.shuffle<i64>(t0, t1, 1, 3))
  v128.store(to + 2 * wide, v128.shuffle<i64>(t2, t3, 0, 2))
  v128.store(to + 3 * wide, v128.shuffle<i64>(t2, t3, 1, 3))
}
