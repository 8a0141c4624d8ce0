/** Brightness of pixels by ITU-R BT.601, one byte a pixel. Transparent pixels count as they are stored. */
export function lumaOf(pixels: Uint8Array, channels: number): Uint8Array {
  if (channels === 1) return pixels
  const count = pixels.length / channels
  const luma = new Uint8Array(count)
  if (channels === 2) for (let at = 0; at < count; at++) luma[at] = pixels[at * 2]!
  else
    for (let at = 0, from = 0; at < count; at++, from += channels)
      luma[at] =
        (pixels[from]! * 19_595 + pixels[from + 1]! * 38_470 + pixels[from + 2]! * 7_471 + 32_768) >> 16
  return luma
}
