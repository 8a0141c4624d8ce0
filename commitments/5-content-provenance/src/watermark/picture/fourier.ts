import { kernels, places } from './kernels/kernels.ts'

/** A square field of complex numbers, row by row. */
export type Field = { side: number; re: Float32Array; im: Float32Array }

export function field(side: number): Field {
  return { side, re: new Float32Array(side * side), im: new Float32Array(side * side) }
}

/**
 * The discrete Fourier transform in place: forward with exp(−2πi…), or back with exp(+2πi…), neither scaled. The side is
 * a power of two from 16 to 1024.
 */
export function transform(of: Field, direction: 'forward' | 'back'): Field {
  const { side, re, im } = of
  const { cos, sin, reversed } = tableOf(side)
  const bytes = side * side * 4
  const [reAt, imAt, cosAt, sinAt, reversedAt] = places(bytes, bytes, side * 2, side * 2, side * 2)
  const { buffer } = kernels.memory
  const reIn = new Float32Array(buffer, reAt, side * side)
  const imIn = new Float32Array(buffer, imAt, side * side)
  reIn.set(re)
  imIn.set(im)
  new Float32Array(buffer, cosAt, side / 2).set(cos)
  new Float32Array(buffer, sinAt, side / 2).set(sin)
  new Uint16Array(buffer, reversedAt, side).set(reversed)
  kernels.transform(reAt, imAt, side, direction === 'forward' ? -1 : 1, cosAt, sinAt, reversedAt)
  re.set(reIn)
  im.set(imIn)
  return of
}

type Table = { cos: Float32Array; sin: Float32Array; reversed: Uint16Array }

const tables = new Map<number, Table>()

function tableOf(side: number): Table {
  const known = tables.get(side)
  if (known !== undefined) return known
  const bits = Math.log2(side)
  const table = {
    cos: Float32Array.from({ length: side / 2 }, (_, at) => Math.cos((2 * Math.PI * at) / side)),
    sin: Float32Array.from({ length: side / 2 }, (_, at) => Math.sin((2 * Math.PI * at) / side)),
    reversed: Uint16Array.from({ length: side }, (_, at) => {
      let turned = 0
      for (let bit = 0; bit < bits; bit++) turned |= ((at >> bit) & 1) << (bits - 1 - bit)
      return turned
    }),
  }
  tables.set(side, table)
  return table
}
