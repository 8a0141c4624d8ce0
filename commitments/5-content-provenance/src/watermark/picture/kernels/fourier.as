/** Columns that go through all stages together, in the cache: a row of them is two vectors of real parts, two of imaginary. */
const STRIP = 8
const ROW: usize = 64

/**
 * The Fourier transform of a square field in place, by columns and then by rows. `cos` and `sin` are the `side` points of
 * the circle, `reversed` the places by turned bits; `otherRe`, `otherIm` have room for the field, `strip` for 64 bytes a
 * row. Only the first `wide` columns of the field hold anything, and only the first `tall` rows of the result are made.
 * `side` from 16.
 */
export function transform(
  re: usize, im: usize, otherRe: usize, otherIm: usize, side: i32, sign: f32, cos: usize, sin: usize, reversed: usize,
  strip: usize, wide: i32, tall: i32,
): void {
  const filled = min(side, (wide + STRIP - 1) & -STRIP)
  const rest = <usize>((side - filled) * side) * 4
  memory.fill(otherRe + <usize>(filled * side) * 4, 0, rest)
  memory.fill(otherIm + <usize>(filled * side) * 4, 0, rest)
  columns(re, im, otherRe, otherIm, side, filled, sign, cos, sin, reversed, strip)
  columns(otherRe, otherIm, re, im, side, min(side, (tall + STRIP - 1) & -STRIP), sign, cos, sin, reversed, strip)
}

/** Transforms columns and lays them down as rows. */
function columns(
  re: usize, im: usize, toRe: usize, toIm: usize, side: i32, count: i32, sign: f32, cos: usize, sin: usize,
  reversed: usize, strip: usize,
): void {
  const wide = <usize>side * 4
  const rows = <usize>side
  for (let left = 0; left < count; left += STRIP) {
    const shift = <usize>left * 4
    for (let row: usize = 0; row < rows; row++) {
      const from = shift + <usize>load<u16>(reversed + row * 2) * wide
      const to = strip + row * ROW
      v128.store(to, v128.load(re + from))
      v128.store(to, v128.load(re + from + 16), 16)
      v128.store(to, v128.load(im + from), 32)
      v128.store(to, v128.load(im + from + 16), 48)
    }
    stages(strip, rows, sign, cos, sin)
    for (let row: usize = 0; row < rows; row += 4)
      for (let x: usize = 0; x < <usize>STRIP; x += 4) {
        const from = strip + row * ROW + x * 4
        const to = (<usize>left + x) * wide + row * 4
        turned(from, toRe + to, wide)
        turned(from + 32, toIm + to, wide)
      }
  }
}

function stages(strip: usize, rows: usize, sign: f32, cos: usize, sin: usize): void {
  let half: usize = 1
  if (ctz(rows) & 1) {
    for (let at = strip; at < strip + rows * ROW; at += 2 * ROW)
      for (let x: usize = 0; x < ROW; x += 16) {
        const a = v128.load(at + x)
        const b = v128.load(at + x + ROW)
        v128.store(at + x, f32x4.add(a, b))
        v128.store(at + x + ROW, f32x4.sub(a, b))
      }
    half = 2
  }
  const turn = f32x4.splat(sign)
  for (; half < rows; half *= 4) {
    const step = rows / (4 * half)
    for (let place: usize = 0; place < half; place++) {
      const c2 = v128.load32_splat(cos + place * step * 4)
      const s2 = f32x4.mul(turn, v128.load32_splat(sin + place * step * 4))
      const c1 = v128.load32_splat(cos + place * step * 8)
      const s1 = f32x4.mul(turn, v128.load32_splat(sin + place * step * 8))
      const c3 = v128.load32_splat(cos + place * step * 12)
      const s3 = f32x4.mul(turn, v128.load32_splat(sin + place * step * 12))
      for (let row = place; row < rows; row += 4 * half)
        for (let x: usize = 0; x < 32; x += 16) {
          const p0 = strip + row * ROW + x
          const p1 = p0 + half * ROW
          const p2 = p1 + half * ROW
          const p3 = p2 + half * ROW
          const r1 = v128.load(p1)
          const i1 = v128.load(p1, 32)
          const r2 = v128.load(p2)
          const i2 = v128.load(p2, 32)
          const r3 = v128.load(p3)
          const i3 = v128.load(p3, 32)
          const ar = f32x4.sub(f32x4.mul(r1, c1), f32x4.mul(i1, s1))
          const ai = f32x4.add(f32x4.mul(r1, s1), f32x4.mul(i1, c1))
          const br = f32x4.sub(f32x4.mul(r2, c2), f32x4.mul(i2, s2))
          const bi = f32x4.add(f32x4.mul(r2, s2), f32x4.mul(i2, c2))
          const cr = f32x4.sub(f32x4.mul(r3, c3), f32x4.mul(i3, s3))
          const ci = f32x4.add(f32x4.mul(r3, s3), f32x4.mul(i3, c3))
          const r0 = v128.load(p0)
          const i0 = v128.load(p0, 32)
          const ur = f32x4.add(r0, ar)
          const ui = f32x4.add(i0, ai)
          const vr = f32x4.sub(r0, ar)
          const vi = f32x4.sub(i0, ai)
          const wr = f32x4.add(br, cr)
          const wi = f32x4.add(bi, ci)
          // A quarter turn: by i times the sign.
          const xr = f32x4.mul(turn, f32x4.sub(ci, bi))
          const xi = f32x4.mul(turn, f32x4.sub(br, cr))
          v128.store(p0, f32x4.add(ur, wr))
          v128.store(p0, f32x4.add(ui, wi), 32)
          v128.store(p1, f32x4.add(vr, xr))
          v128.store(p1, f32x4.add(vi, xi), 32)
          v128.store(p2, f32x4.sub(ur, wr))
          v128.store(p2, f32x4.sub(ui, wi), 32)
          v128.store(p3, f32x4.sub(vr, xr))
          v128.store(p3, f32x4.sub(vi, xi), 32)
        }
    }
  }
}

/** Four rows of a strip by four columns, laid down as four rows. */
// @ts-ignore: decorator
@inline
function turned(from: usize, to: usize, wide: usize): void {
  const r0 = v128.load(from)
  const r1 = v128.load(from + ROW)
  const r2 = v128.load(from + 2 * ROW)
  const r3 = v128.load(from + 3 * ROW)
  const t0 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5)
  const t1 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5)
  const t2 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7)
  const t3 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7)
  v128.store(to, v128.shuffle<i64>(t0, t1, 0, 2))
  v128.store(to + wide, v128.shuffle<i64>(t0, t1, 1, 3))
  v128.store(to + 2 * wide, v128.shuffle<i64>(t2, t3, 0, 2))
  v128.store(to + 3 * wide, v128.shuffle<i64>(t2, t3, 1, 3))
}
