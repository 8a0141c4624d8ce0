// The inner loops of how pictures look, in AssemblyScript with SIMD. They own no memory: callers give addresses, and leave
// 64 bytes free behind every array. compile.ts makes kernels.wasm of it.

/**
 * Brightness by ITU-R BT.601 of `count` pixels of three or four channels, red first, as in `luma.ts`. Green's share is
 * halved and taken twice, for products are of 16 bits with a sign.
 */
export function luma(from: usize, to: usize, count: i32, channels: i32): void {
  const rg3 = i8x16(0, 16, 1, 16, 3, 16, 4, 16, 6, 16, 7, 16, 9, 16, 10, 16)
  const gb3 = i8x16(1, 16, 2, 16, 4, 16, 5, 16, 7, 16, 8, 16, 10, 16, 11, 16)
  const rg4 = i8x16(0, 16, 1, 16, 4, 16, 5, 16, 8, 16, 9, 16, 12, 16, 13, 16)
  const gb4 = i8x16(1, 16, 2, 16, 5, 16, 6, 16, 9, 16, 10, 16, 13, 16, 14, 16)
  const rg = channels == 3 ? rg3 : rg4
  const gb = channels == 3 ? gb3 : gb4
  const stride = <usize>(channels * 4)
  for (let at: i32 = 0; at < count; at += 16) {
    const a = four(v128.load(from), rg, gb)
    const b = four(v128.load(from + stride), rg, gb)
    const c = four(v128.load(from + 2 * stride), rg, gb)
    const d = four(v128.load(from + 3 * stride), rg, gb)
    v128.store(to, i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d)))
    from += 4 * stride
    to += 16
  }
}

// @ts-ignore: decorator
@inline
function four(pixels: v128, rg: v128, gb: v128): v128 {
  const sum = i32x4.add(
    i32x4.dot_i16x8_s(i8x16.swizzle(pixels, rg), i16x8(19595, 19235, 19595, 19235, 19595, 19235, 19595, 19235)),
    i32x4.dot_i16x8_s(i8x16.swizzle(pixels, gb), i16x8(19235, 7471, 19235, 7471, 19235, 7471, 19235, 7471)))
  return i32x4.shr_u(i32x4.add(sum, i32x4.splat(32768)), 16)
}

/** Adds so many rows of `width` bytes, 256 at most, to sums of 32 bits, one for each column. */
export function addRows(sums: usize, values: usize, width: i32, rows: i32): void {
  for (let x: i32 = 0; x < width; x += 16) {
    let low = i16x8.splat(0)
    let high = i16x8.splat(0)
    let from = values + <usize>x
    for (let y: i32 = 0; y < rows; y++) {
      const sixteen = v128.load(from)
      low = i16x8.add(low, i16x8.extend_low_i8x16_u(sixteen))
      high = i16x8.add(high, i16x8.extend_high_i8x16_u(sixteen))
      from += <usize>width
    }
    const to = sums + <usize>x * 4
    v128.store(to, i32x4.add(v128.load(to), i32x4.extend_low_i16x8_u(low)))
    v128.store(to + 16, i32x4.add(v128.load(to + 16), i32x4.extend_high_i16x8_u(low)))
    v128.store(to + 32, i32x4.add(v128.load(to + 32), i32x4.extend_low_i16x8_u(high)))
    v128.store(to + 48, i32x4.add(v128.load(to + 48), i32x4.extend_high_i16x8_u(high)))
  }
}

/**
 * The means of cells out of the sums of columns: `bounds` has, for each cell, the first column and the first one behind it;
 * the sums are of `rows` rows.
 */
export function means(sums: usize, bounds: usize, out: usize, cells: i32, rows: i32): void {
  for (let cell: i32 = 0; cell < cells; cell++) {
    const left = load<i32>(bounds)
    const right = load<i32>(bounds + 4)
    let sum: u32 = 0
    for (let at = sums + <usize>left * 4; at < sums + <usize>right * 4; at += 4) sum += load<u32>(at)
    store<f64>(out, <f64>sum / <f64>(rows * (right - left)))
    bounds += 8
    out += 8
  }
}
