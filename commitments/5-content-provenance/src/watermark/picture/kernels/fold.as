/**
 * Lays the tiles of each of `columns` × `rows` parts of a picture over one another, into one field of 64 × 64 samples a
 * part. Positions on a tile, u = xx · x + xy · y and v = yx · x + yy · y from the picture's middle, are 32-bit fractions,
 * which wrap as tiles do.
 */
export function fold(
  values: usize, width: i32, height: i32, columns: i32, rows: i32, xx: f64, xy: f64, yx: f64, yy: f64, tiles: usize,
): void {
  memory.fill(tiles, 0, <usize>(columns * rows) << 14)
  const du = fraction(xx)
  const dv = fraction(yx)
  const us = i32x4(0, 1, 2, 3)
  const ahead = i32x4.mul(us, i32x4.splat(<i32>du))
  const below = i32x4.mul(us, i32x4.splat(<i32>dv))
  const across = i32x4.splat(<i32>(4 * du))
  const down = i32x4.splat(<i32>(4 * dv))
  const columnBits = i32x4.splat(63 << 2)
  const rowBits = i32x4.splat(63 << 8)
  for (let part = 0; part < columns * rows; part++) {
    const left = ((part % columns) * width) / columns
    const right = ((part % columns + 1) * width) / columns
    const top = ((part / columns) * height) / rows
    const bottom = ((part / columns + 1) * height) / rows
    const tile = tiles + (<usize>part << 14)
    const x = <f64>left + 0.5 - <f64>width / 2
    for (let row = top; row < bottom; row++) {
      const y = <f64>row + 0.5 - <f64>height / 2
      let u = i32x4.add(i32x4.splat(<i32>fraction(xx * x + xy * y)), ahead)
      let v = i32x4.add(i32x4.splat(<i32>fraction(yx * x + yy * y)), below)
      let at = values + <usize>(row * width + left) * 4
      const end = values + <usize>(row * width + right) * 4
      for (; at + 16 <= end; at += 16) {
        // The places of four samples, in bytes: rows by the upper 6 bits of v, columns by those of u.
        const places = v128.or(v128.and(i32x4.shr_u(v, 18), rowBits), v128.and(i32x4.shr_u(u, 24), columnBits))
        add(tile + <usize>i32x4.extract_lane(places, 0), at)
        add(tile + <usize>i32x4.extract_lane(places, 1), at + 4)
        add(tile + <usize>i32x4.extract_lane(places, 2), at + 8)
        add(tile + <usize>i32x4.extract_lane(places, 3), at + 12)
        u = i32x4.add(u, across)
        v = i32x4.add(v, down)
      }
      for (; at < end; at += 4) {
        const places = v128.or(v128.and(i32x4.shr_u(v, 18), rowBits), v128.and(i32x4.shr_u(u, 24), columnBits))
        add(tile + <usize>i32x4.extract_lane(places, 0), at)
        u = i32x4.add(u, i32x4.splat(<i32>du))
        v = i32x4.add(v, i32x4.splat(<i32>dv))
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function add(sample: usize, value: usize): void {
  store<f32>(sample, load<f32>(sample) + load<f32>(value))
}

function fraction(tiles: f64): u32 {
  return <u32><u64>nearest((tiles - floor(tiles)) * 4294967296.0)
}
