import { colour } from './mix'

/**
 * The deviation of each cell of 8 × 8 pixels, row by row: of every other pixel of every other row, in its green or its one
 * colour.
 */
export function texture(samples: usize, width: i32, height: i32, channels: i32, out: usize): void {
  const columns = (width + 7) >> 3
  const rows = (height + 7) >> 3
  const green = channels >= 3 ? 1 : 0
  const even = i16x8.splat(0x00ff)
  const ones = i16x8.splat(1)
  for (let row = 0; row < rows; row++) {
    const top = row << 3
    const to = out + <usize>(row * columns) * 4
    let column = 0
    if (top + 8 <= height && channels != 2)
      for (; (column + 2) << 3 <= width; column += 2) {
        let sum = i32x4.splat(0)
        let squares = i32x4.splat(0)
        for (let y = top; y < top + 8; y += 2) {
          const at = samples + <usize>((y * width + (column << 3)) * channels)
          const all = channels == 1 ? v128.load(at) : colour(at, channels, 1)
          const values = y & 2 ? i16x8.shr_u(all, 8) : v128.and(all, even)
          sum = i32x4.add(sum, i32x4.dot_i16x8_s(values, ones))
          squares = i32x4.add(squares, i32x4.dot_i16x8_s(values, values))
        }
        store<f32>(to + <usize>column * 4, deviation(
          16, i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1),
          i32x4.extract_lane(squares, 0) + i32x4.extract_lane(squares, 1),
        ))
        store<f32>(to + <usize>column * 4, deviation(
          16, i32x4.extract_lane(sum, 2) + i32x4.extract_lane(sum, 3),
          i32x4.extract_lane(squares, 2) + i32x4.extract_lane(squares, 3),
        ), 4)
      }
    for (; column < columns; column++) {
      let count = 0
      let sum = 0
      let squares = 0
      for (let y = top; y < min(height, top + 8); y += 2)
        for (let x = (column << 3) + (y & 2 ? 1 : 0); x < min(width, (column << 3) + 8); x += 2) {
          const value = <i32>load<u8>(samples + <usize>((y * width + x) * channels + green))
          count++
          sum += value
          squares += value * value
        }
      store<f32>(to + <usize>column * 4, deviation(count, sum, squares))
    }
  }
}

// @ts-ignore: decorator
@inline
function deviation(count: i32, sum: i32, squares: i32): f32 {
  const mean = <f32>sum / <f32>count
  return sqrt<f32>(max<f32>(0, <f32>squares / <f32>count - mean * mean))
}
