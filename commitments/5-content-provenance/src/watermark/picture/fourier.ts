/**
 * The discrete Fourier transform of square complex fields whose side is a power of two, in place, rows after columns.
 * Butterflies run along whole rows, so that the inner loop is contiguous.
 */
export type Field = { side: number; re: Float32Array; im: Float32Array }

export function field(side: number): Field {
  return { side, re: new Float32Array(side * side), im: new Float32Array(side * side) }
}

/** Transforms in place: forward with exp(−2πi…), or back with exp(+2πi…), neither scaled. */
export function transform(of: Field, direction: 'forward' | 'back'): Field {
  const sign = direction === 'forward' ? -1 : 1
  columns(of, sign)
  transpose(of)
  columns(of, sign)
  transpose(of)
  return of
}

const tables = new Map<number, { cos: Float64Array; sin: Float64Array; reversed: Uint16Array }>()

function table(side: number) {
  let known = tables.get(side)
  if (known === undefined) {
    const bits = Math.log2(side)
    known = {
      cos: Float64Array.from({ length: side / 2 }, (_, at) => Math.cos((2 * Math.PI * at) / side)),
      sin: Float64Array.from({ length: side / 2 }, (_, at) => Math.sin((2 * Math.PI * at) / side)),
      reversed: Uint16Array.from({ length: side }, (_, at) => {
        let turned = 0
        for (let bit = 0; bit < bits; bit++) turned |= ((at >> bit) & 1) << (bits - 1 - bit)
        return turned
      }),
    }
    tables.set(side, known)
  }
  return known
}

function columns({ side, re, im }: Field, sign: number): void {
  const { cos, sin, reversed } = table(side)
  for (let row = 0; row < side; row++) {
    const other = reversed[row]!
    if (other > row) {
      swapRows(re, row * side, other * side, side)
      swapRows(im, row * side, other * side, side)
    }
  }
  for (let half = 1; half < side; half *= 2) {
    const step = side / (2 * half)
    for (let start = 0; start < side; start += 2 * half)
      for (let at = 0; at < half; at++) {
        const c = cos[at * step]!
        const s = sign * sin[at * step]!
        const a = (start + at) * side
        const b = a + half * side
        butterflies(re, im, a, b, side, c, s)
      }
  }
}

function butterflies(
  re: Float32Array,
  im: Float32Array,
  a: number,
  b: number,
  side: number,
  c: number,
  s: number,
) {
  for (let x = 0; x < side; x++) {
    const br = re[b + x]!
    const bi = im[b + x]!
    const tr = br * c - bi * s
    const ti = br * s + bi * c
    const ar = re[a + x]!
    const ai = im[a + x]!
    re[b + x] = ar - tr
    im[b + x] = ai - ti
    re[a + x] = ar + tr
    im[a + x] = ai + ti
  }
}

function swapRows(values: Float32Array, a: number, b: number, side: number): void {
  for (let x = 0; x < side; x++) {
    const kept = values[a + x]!
    values[a + x] = values[b + x]!
    values[b + x] = kept
  }
}

function transpose({ side, re, im }: Field): void {
  const block = 16
  for (let top = 0; top < side; top += block)
    for (let left = top; left < side; left += block)
      for (let y = top; y < top + block && y < side; y++)
        for (let x = left === top ? y + 1 : left; x < left + block && x < side; x++) {
          const a = y * side + x
          const b = x * side + y
          const keptRe = re[a]!
          re[a] = re[b]!
          re[b] = keptRe
          const keptIm = im[a]!
          im[a] = im[b]!
          im[b] = keptIm
        }
}
