import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What kernels.as exports; see there. Addresses are bytes into the memory. */
type Exports = {
  memory: WebAssembly.Memory
  change(
    samples: number,
    pixels: number,
    width: number,
    height: number,
    channels: number,
    first: number,
    step: number,
    gains: number,
    columns: number,
    gain: number,
    red: number,
    green: number,
    blue: number,
    tile: number,
    side: number,
    left: number,
    top: number,
  ): number
  residual(
    values: number,
    out: number,
    width: number,
    height: number,
    reach: number,
    limit: number,
    floor: number,
    cut: number,
    rest: number,
    scratch: number,
  ): void
  foldRow(tile: number, values: number, count: number, u: number, v: number, du: number, dv: number): void
  transform(
    re: number,
    im: number,
    side: number,
    sign: number,
    cos: number,
    sin: number,
    reversed: number,
  ): void
}

const WASM = join(import.meta.dirname, 'kernels.wasm')
const SOURCE = join(import.meta.dirname, 'kernels.as')
/** Below this lie the compiler's own data. */
const FIRST = 4096
/** Arrays are kept so far apart, since kernels may read and write a little past their ends. */
const APART = 64
const PAGE = 65_536

export const kernels: Exports = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(WASM)))
  .exports as unknown as Exports

/**
 * Places for arrays of so many bytes each, from the bottom of the memory, which grows as needed. They hold until the next
 * call: a kernel's arrays are copied in, and its results out, at once.
 */
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

/** The digests by which source and binary are known to belong together. */
export function digests(): { source: string; wasm: string } {
  const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')
  return { source: digest(SOURCE), wasm: digest(WASM) }
}
