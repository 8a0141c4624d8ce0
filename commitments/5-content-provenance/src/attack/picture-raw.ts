import sharp, { type Sharp } from 'sharp'

/** A picture as attacks take it: rows of pixels of three bytes, red, green, blue. */
export type Raw = { pixels: Uint8Array; width: number; height: number }

export function opened({ pixels, width, height }: Raw): Sharp {
  return sharp(pixels, { raw: { width, height, channels: 3 } })
}

export async function rawOf(pipeline: Sharp): Promise<Raw> {
  const { data, info } = await pipeline
    .removeAlpha()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  return { pixels: data, width: info.width, height: info.height }
}

/** Written in the format that the pipeline names, and read again. */
export async function through(pipeline: Sharp): Promise<Raw> {
  return rawOf(sharp(await pipeline.toBuffer()))
}

/** Every byte changed by itself, rounded and clipped. */
export function mapped(picture: Raw, to: (value: number) => number): Raw {
  const pixels = new Uint8ClampedArray(picture.pixels.length)
  for (let at = 0; at < pixels.length; at++) pixels[at] = to(picture.pixels[at]!)
  return { ...picture, pixels: new Uint8Array(pixels.buffer) }
}

/** A part of the picture, in pixels; it must lie within. */
export function part({ pixels, width }: Raw, left: number, top: number, wide: number, high: number): Raw {
  const out = new Uint8Array(wide * high * 3)
  for (let y = 0; y < high; y++) {
    const from = ((top + y) * width + left) * 3
    out.set(pixels.subarray(from, from + wide * 3), y * wide * 3)
  }
  return { pixels: out, width: wide, height: high }
}

/** Three channels out of one to four; transparency is left away, as most services that take pictures do. */
export function asRaw(pixels: Uint8Array, width: number, height: number, channels: number): Raw {
  if (channels === 3) return { pixels, width, height }
  const out = new Uint8Array(width * height * 3)
  for (let at = 0, from = 0; at < out.length; at += 3, from += channels)
    for (let colour = 0; colour < 3; colour++) out[at + colour] = pixels[from + (channels < 3 ? 0 : colour)]!
  return { pixels: out, width, height }
}
