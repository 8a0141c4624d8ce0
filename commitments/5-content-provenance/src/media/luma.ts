import { kernels, places } from '../fingerprint/kernels/kernels.ts'

/** Pixels looked at in one go: few enough to stay in a processor's nearest memory. */
const AT_ONCE = 8192

/** Brightness of pixels by ITU-R BT.601, one byte a pixel. Transparent pixels count as they are stored. */
export function lumaOf(pixels: Uint8Array, channels: number): Uint8Array {
  if (channels === 1) return pixels
  const count = pixels.length / channels
  const luma = new Uint8Array(count)
  if (channels === 2) for (let at = 0; at < count; at++) luma[at] = pixels[at * 2]!
  else inParts(pixels, channels, luma)
  return luma
}

function inParts(pixels: Uint8Array, channels: number, luma: Uint8Array): void {
  const [from, to] = places(AT_ONCE * channels, AT_ONCE)
  const memory = new Uint8Array(kernels.memory.buffer)
  for (let at = 0; at < luma.length; at += AT_ONCE) {
    const count = Math.min(AT_ONCE, luma.length - at)
    memory.set(pixels.subarray(at * channels, (at + count) * channels), from)
    kernels.luma(from, to, count, channels)
    luma.set(memory.subarray(to, to + count), at)
  }
}
