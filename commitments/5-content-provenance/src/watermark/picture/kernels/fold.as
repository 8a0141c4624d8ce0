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
  for (let part = 0; part < columns * rows; part++) {
    const left = ((part % columns) * width) / columns
    const right = ((part % columns + 1) * width) / columns
    const top = ((part / columns) * height) / rows
    const bottom = ((part / columns + 1) * height) / rows
    const tile = tiles + (<usize>part << 14)
    const x = <f64>left + 0.5 - <f64>width / 2
    for (let row = top; row < bottom; row++) {
      const y = <f64>row + 0.5 - <f64>height / 2
      let u = fraction(xx * x + xy * y)
      let v = fraction(yx * x + yy * y)
      const end = values + <usize>(row * width + right) * 4
      for (let at = values + <usize>(row * width + left) * 4; at < end; at += 4) {
        const sample = tile + (((v >> 26) << 8) | ((u >> 26) << 2))
        store<f32>(sample, load<f32>(sample) + load<f32>(at))
        u += du
        v += dv
      }
    }
  }
}

function fraction(tiles: f64): u32 {
  return <u32><u64>nearest((tiles - floor(tiles)) * 4294967296.0)
}
