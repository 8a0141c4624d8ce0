import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What kernels.as exports; see there. Addresses are bytes into the memory. */
type Exports = {
  memory: WebAssembly.Memory
  luma(from: number, to: number, count: number, channels: number): void
  addRows(sums: number, values: number, width: number, rows: number): void
}

const WASM = join(import.meta.dirname, 'kernels.wasm')
/** Below this lie the compiler's own data. */
const FIRST = 4096
/** Kernels read and write a little past the ends of arrays. */
const APART = 64
const PAGE = 65_536

export const kernels: Exports = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(WASM)))
  .exports as unknown as Exports

/** Places for two arrays of so many bytes, in a memory that grows as needed. They hold until the next call. */
export function places(one: number, other: number): [number, number] {
  const second = FIRST + Math.ceil(one / APART) * APART + APART
  const missing = second + other + APART - kernels.memory.buffer.byteLength
  if (missing > 0) kernels.memory.grow(Math.ceil(missing / PAGE))
  return [FIRST, second]
}
