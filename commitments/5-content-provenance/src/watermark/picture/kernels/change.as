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
      const t1 = f32x4.mul(g0, v128.load(at, 16))
      const t2 = f32x4.mul(g1, v128.load(at, 32))
      const t3 = f32x4.mul(g1, v128.load(at, 48))
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
      if (channels == 4) store<u8>(to, load<u8>(from, 3), 3)
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
    rounded(f32x4.mul(by, t0), f32x4.mul(by, t1)),
    rounded(f32x4.mul(by, t2), f32x4.mul(by, t3)),
  )
}

/** Added to a number of less than 15 bits, this leaves it rounded in the lower half of the sum. */
const ROUNDER: f32 = 12582912

// @ts-ignore: decorator
@inline
function rounded(a: v128, b: v128): v128 {
  const to = f32x4.splat(ROUNDER)
  return v128.shuffle<i16>(f32x4.add(a, to), f32x4.add(b, to), 0, 2, 4, 6, 8, 10, 12, 14)
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
  const low = i16x8.extend_low_i8x16_u(away)
  const high = i16x8.extend_high_i8x16_u(away)
  return i32x4.add(i32x4.dot_i16x8_s(low, low), i32x4.dot_i16x8_s(high, high))
}
