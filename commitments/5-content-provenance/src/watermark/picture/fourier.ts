import { type Kernels, kernelsApart } from './kernels/kernels.ts'

/** A square field of complex numbers, row by row. */
export type Field = { side: number; re: Float32Array; im: Float32Array }

export function field(side: number): Field {
  return { side, re: new Float32Array(side * side), im: new Float32Array(side * side) }
}

/** Bytes of a row of columns that are transformed together. */
const STRIP = 64

/** A transform that is laid out in the memory of some kernels, with its tables. */
export type Transform = {
  /** Places of the field's parts, to be filled and read by the caller. */
  re: number
  im: number
  /**
   * Forward with exp(−2πi…), or back with exp(+2πi…), neither scaled; where only the first `wide` columns of the field
   * hold anything, and only the first `tall` rows of the result are wanted.
   */
  run(direction: 'forward' | 'back', wide?: number, tall?: number): void
}

/** So many bytes a transform takes at least. */
export function transformBytes(side: number): number {
  return 4 * side * side * 4 + side * (4 + 4 + 2 + STRIP)
}

/** Lays a transform out from this place on. The side is a power of two from 16 to 1024. */
export function layTransform({ run }: Kernels, from: number, side: number): Transform {
  const bytes = side * side * 4
  const [re, im, otherRe, otherIm, cosAt] = [0, 1, 2, 3, 4].map((at) => from + at * bytes) as Five
  const [sinAt, strip] = [cosAt + 4 * side, cosAt + 8 * side]
  const reversedAt = strip + STRIP * side
  const { buffer } = run.memory
  const bits = Math.log2(side)
  const turn = (2 * Math.PI) / side
  new Float32Array(buffer, cosAt, side).set(
    Float32Array.from({ length: side }, (_, at) => Math.cos(turn * at)),
  )
  new Float32Array(buffer, sinAt, side).set(
    Float32Array.from({ length: side }, (_, at) => Math.sin(turn * at)),
  )
  const reversed = new Uint16Array(buffer, reversedAt, side)
  for (let at = 0; at < side; at++) {
    let turned = 0
    for (let bit = 0; bit < bits; bit++) turned |= ((at >> bit) & 1) << (bits - 1 - bit)
    reversed[at] = turned
  }
  return {
    re,
    im,
    run(direction, wide = side, tall = side) {
      const sign = direction === 'forward' ? -1 : 1
      run.transform(re, im, otherRe, otherIm, side, sign, cosAt, sinAt, reversedAt, strip, wide, tall)
    },
  }
}

type Five = [number, number, number, number, number]

/** The discrete Fourier transform in place; see `Transform`. */
export function transform(of: Field, direction: 'forward' | 'back'): Field {
  const { side, re, im } = of
  const { laid, memory } = apartFor(side)
  const [reIn, imIn] = [laid.re, laid.im].map((at) => new Float32Array(memory.buffer, at, side * side)) as [
    Float32Array,
    Float32Array,
  ]
  reIn.set(re)
  imIn.set(im)
  laid.run(direction)
  re.set(reIn)
  im.set(imIn)
  return of
}

type Apart = { laid: Transform; memory: WebAssembly.Memory }

const aparts = new Map<number, Apart>()

function apartFor(side: number): Apart {
  const known = aparts.get(side)
  if (known !== undefined) return known
  const kernels = kernelsApart()
  const [from] = kernels.places(transformBytes(side))
  const made = { laid: layTransform(kernels, from, side), memory: kernels.run.memory }
  aparts.set(side, made)
  return made
}
