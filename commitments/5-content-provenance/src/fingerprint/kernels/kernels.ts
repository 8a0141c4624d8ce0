import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { placesIn } from '../../wasm/places.ts'

/** What kernels.as exports; see there. Addresses are bytes into the memory. */
type Exports = {
  memory: WebAssembly.Memory
  luma(from: number, to: number, count: number, channels: number): void
  addRows(sums: number, values: number, width: number, rows: number): void
  means(sums: number, bounds: number, out: number, cells: number, rows: number): void
}

const WASM = join(import.meta.dirname, 'kernels.wasm')

/** The kernels, and places for their arrays. */
export const kernels: Exports = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(WASM)))
  .exports as unknown as Exports

export const places = placesIn(kernels.memory)
