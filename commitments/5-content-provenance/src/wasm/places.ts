/** Below this lie the compiler's own data. */
const FIRST = 4096
/** Kernels read and write a little past the ends of arrays. */
const APART = 64
const PAGE = 65_536

/** Places for arrays of so many bytes each, from the bottom of a memory, which grows as needed. They hold until the next call. */
export type Places = <const Sizes extends readonly number[]>(
  ...sizes: Sizes
) => { [at in keyof Sizes]: number }

/** Gives places in the memory of kernels, as addresses in bytes. Throws `RangeError` where the memory cannot grow so far. */
export function placesIn(memory: WebAssembly.Memory): Places {
  return (...sizes) => {
    let next = FIRST
    const found = sizes.map((size) => {
      const place = next
      next += Math.ceil(size / APART) * APART + APART
      return place
    })
    const missing = next - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE))
    return found as unknown as { [at in keyof typeof sizes]: number }
  }
}
