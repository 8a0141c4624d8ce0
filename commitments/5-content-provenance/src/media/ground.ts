import type { Picture } from './picture-file.ts'

type Pixels = Pick<Picture, 'pixels' | 'channels' | 'width' | 'height'>

/** Whether something lies behind a picture that shows through it somewhere. */
export function isTranslucent({ pixels, channels }: Pixels): boolean {
  if (channels !== 2 && channels !== 4) return false
  for (let at = channels - 1; at < pixels.length; at += channels) if (pixels[at] !== 255) return true
  return false
}

/**
 * A picture with alpha as it looks on a ground of one grey, 0 black … 255 white: what programs make of it that keep no
 * alpha, and what people see. Colours behind full transparency, which nobody sees, count for nothing.
 */
export function onGround({ pixels, channels, width, height }: Pixels, ground: number): Pixels {
  const colours = channels - 1
  const seen = new Uint8Array(width * height * colours)
  for (let from = 0, to = 0; from < pixels.length; from += channels) {
    const alpha = pixels[from + colours]!
    const behind = ground * (255 - alpha) + 127
    for (let colour = 0; colour < colours; colour++)
      seen[to++] = (pixels[from + colour]! * alpha + behind) / 255
  }
  return { pixels: seen, channels: colours, width, height }
}
