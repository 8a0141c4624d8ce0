/** The discrete Fourier transform of a power of two of complex samples, in place and unscaled. */
export type Transform = (re: Float64Array, im: Float64Array) => void

/** The forward transform of this length, exp(−2πi…). For the way back, swap the two parts before and after. */
export function transformOf(length: number): Transform {
  const bits = Math.log2(length)
  const cos = Float64Array.from({ length: length / 2 }, (_, at) => Math.cos((2 * Math.PI * at) / length))
  const sin = Float64Array.from({ length: length / 2 }, (_, at) => Math.sin((2 * Math.PI * at) / length))
  const reversed = Uint32Array.from({ length }, (_, at) => {
    let turned = 0
    for (let bit = 0; bit < bits; bit++) turned |= ((at >> bit) & 1) << (bits - 1 - bit)
    return turned
  })
  return (re, im) => {
    for (let at = 0; at < length; at++) {
      const other = reversed[at]!
      if (other <= at) continue
      const [r, i] = [re[at]!, im[at]!]
      re[at] = re[other]!
      im[at] = im[other]!
      re[other] = r
      im[other] = i
    }
    for (let half = 1; half < length; half *= 2) {
      const step = length / (2 * half)
      for (let start = 0; start < length; start += 2 * half)
        for (let at = 0; at < half; at++) {
          const c = cos[at * step]!
          const s = -sin[at * step]!
          const a = start + at
          const b = a + half
          const r = re[b]! * c - im[b]! * s
          const i = re[b]! * s + im[b]! * c
          re[b] = re[a]! - r
          im[b] = im[a]! - i
          re[a]! += r
          im[a]! += i
        }
    }
  }
}

/** The power of two nearest to so many samples, on a scale of octaves. */
export function powerNear(samples: number): number {
  return 2 ** Math.max(4, Math.round(Math.log2(samples)))
}
