import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What kernels.as exports; see there. Addresses are bytes into the memory. */
type Exports = {
  memory: WebAssembly.Memory
  luma(from: number, to: number, count: number, channels: number): void
  addRows(sums: number, values: number, width: number, rows: number): void
  means(sums: number, bounds: number, out: number, cells: number, rows: number): void
}

const WASM = join(import.meta.dirname, 'kernels.wasm')
/** Below this lie the compiler's own data. */
const FIRST = 4096
/** Kernels read and write a little past the ends of arrays. */
const APART = 64
const PAGE = 65_536

export const kernels: Exports = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(WASM)))
  .exports as unknown as Exports

/** Places for arrays of so many bytes each, in a memory that grows as needed. They hold until the next call. */
export function places<const Sizes extends readonly number[]>(
  ...sizes: Sizes
): { [at in keyof Sizes]: number } {
  let next = FIRST
  const found = sizes.map((size) => {
    const place = next
    next += Math.ceil(size / APART) * APART + APART
    return place
  })
  const missing = next - kernels.memory.buffer.byteLength
  if (missing > 0) kernels.memory.grow(Math.ceil(missing / PAGE))
  return found as unknown as { [at in keyof Sizes]: number }
}
