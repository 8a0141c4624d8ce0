/**
 * Mixes the colours of a picture by weights in 4096ths, plus an offset, at its size or at half of it (`halve` 1: four pixels
 * to one), into rows of 16-bit values. Grey pictures have their one channel by the first weight.
 */
export function mix(
  pixels: usize, out: usize, width: i32, height: i32, channels: i32, red: i32, green: i32, blue: i32, offset: i32,
  halve: i32,
): void {
  const columns = width >> halve
  const rows = height >> halve
  const shift = 12 + 2 * halve
  const start = (offset << shift) + (1 << (shift - 1))
  const pair = i32x4.splat((green << 16) | (red & 0xffff))
  const single = i32x4.splat(blue & 0xffff)
  const plus = i32x4.splat(start)
  for (let y = 0; y < rows; y++) {
    const upper = pixels + <usize>((y << halve) * width * channels)
    const lower = upper + <usize>(width * channels)
    const to = out + <usize>(y * columns) * 2
    let x = 0
    if (channels >= 3)
      for (; x + 8 <= columns; x += 8) {
        const at = <usize>((x << halve) * channels)
        let r: v128
        let g: v128
        let b: v128
        if (halve) {
          r = four(colour(upper + at, channels, 0), colour(lower + at, channels, 0))
          g = four(colour(upper + at, channels, 1), colour(lower + at, channels, 1))
          b = four(colour(upper + at, channels, 2), colour(lower + at, channels, 2))
        } else {
          r = i16x8.extend_low_i8x16_u(colour(upper + at, channels, 0))
          g = i16x8.extend_low_i8x16_u(colour(upper + at, channels, 1))
          b = i16x8.extend_low_i8x16_u(colour(upper + at, channels, 2))
        }
        const zero = i16x8.splat(0)
        const low = i32x4.add(
          i32x4.dot_i16x8_s(v128.shuffle<i16>(r, g, 0, 8, 1, 9, 2, 10, 3, 11), pair),
          i32x4.dot_i16x8_s(v128.shuffle<i16>(b, zero, 0, 8, 1, 9, 2, 10, 3, 11), single),
        )
        const high = i32x4.add(
          i32x4.dot_i16x8_s(v128.shuffle<i16>(r, g, 4, 12, 5, 13, 6, 14, 7, 15), pair),
          i32x4.dot_i16x8_s(v128.shuffle<i16>(b, zero, 4, 12, 5, 13, 6, 14, 7, 15), single),
        )
        v128.store(to + <usize>x * 2, i16x8.narrow_i32x4_u(
          i32x4.shr_s(i32x4.add(low, plus), shift),
          i32x4.shr_s(i32x4.add(high, plus), shift),
        ))
      }
    for (; x < columns; x++) {
      const at = <usize>((x << halve) * channels)
      let sum = weighed(upper + at, channels, red, green, blue)
      if (halve)
        sum += weighed(upper + at + <usize>channels, channels, red, green, blue) +
          weighed(lower + at, channels, red, green, blue) + weighed(lower + at + <usize>channels, channels, red, green, blue)
      store<u16>(to + <usize>x * 2, <u16>((sum + start) >> shift))
    }
  }
}

// @ts-ignore: decorator
@inline
function weighed(at: usize, channels: i32, red: i32, green: i32, blue: i32): i32 {
  const own = <i32>load<u8>(at) * red
  return channels < 3 ? own : own + <i32>load<u8>(at, 1) * green + <i32>load<u8>(at, 2) * blue
}

/** Sums of two pixels of the upper row and two of the lower. */
// @ts-ignore: decorator
@inline
function four(upper: v128, lower: v128): v128 {
  return i16x8.add(i16x8.extadd_pairwise_i8x16_u(upper), i16x8.extadd_pairwise_i8x16_u(lower))
}

/** One colour of the 16 pixels from here on. */
// @ts-ignore: decorator
@inline
export function colour(at: usize, channels: i32, which: i32): v128 {
  const v0 = v128.load(at)
  const v1 = v128.load(at, 16)
  const v2 = v128.load(at, 32)
  if (channels == 3) {
    if (which == 0) return v128.shuffle<i8>(v128.shuffle<i8>(v0, v1, 0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 0, 0, 0, 0, 0), v2,
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 17, 20, 23, 26, 29)
    if (which == 1) return v128.shuffle<i8>(v128.shuffle<i8>(v0, v1, 1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 0, 0, 0, 0, 0), v2,
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 18, 21, 24, 27, 30)
    return v128.shuffle<i8>(v128.shuffle<i8>(v0, v1, 2, 5, 8, 11, 14, 17, 20, 23, 26, 29, 0, 0, 0, 0, 0, 0), v2,
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 19, 22, 25, 28, 31)
  }
  const v3 = v128.load(at, 48)
  if (which == 0) return v128.shuffle<i64>(every4(v0, v1, 0), every4(v2, v3, 0), 0, 2)
  if (which == 1) return v128.shuffle<i64>(every4(v0, v1, 1), every4(v2, v3, 1), 0, 2)
  return v128.shuffle<i64>(every4(v0, v1, 2), every4(v2, v3, 2), 0, 2)
}

// @ts-ignore: decorator
@inline
function every4(low: v128, high: v128, which: i32): v128 {
  if (which == 0) return v128.shuffle<i8>(low, high, 0, 4, 8, 12, 16, 20, 24, 28, 0, 4, 8, 12, 16, 20, 24, 28)
  if (which == 1) return v128.shuffle<i8>(low, high, 1, 5, 9, 13, 17, 21, 25, 29, 1, 5, 9, 13, 17, 21, 25, 29)
  return v128.shuffle<i8>(low, high, 2, 6, 10, 14, 18, 22, 26, 30, 2, 6, 10, 14, 18, 22, 26, 30)
}
