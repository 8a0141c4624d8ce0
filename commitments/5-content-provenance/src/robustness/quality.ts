import type { Raw } from '../attack/picture-raw.ts'
import { lumaOf } from '../media/luma.ts'

/** How near a marked picture is to the original: PSNR in dB over all samples, and the mean structural similarity, 0 … 1. */
export type PictureQuality = { psnr: number; ssim: number }

/** What is told of what does not differ at all, in dB. */
const SAME = 99

/** Both pictures have the same size. */
export function qualityOf(original: Raw, marked: Raw): PictureQuality {
  let squares = 0
  for (let at = 0; at < original.pixels.length; at++)
    squares += (original.pixels[at]! - marked.pixels[at]!) ** 2
  const error = squares / original.pixels.length
  return {
    psnr: error === 0 ? SAME : Math.min(SAME, 10 * Math.log10(255 ** 2 / error)),
    ssim: similarity(original, marked),
  }
}

const WINDOW = 8
const STEP = 4
const C1 = (0.01 * 255) ** 2
const C2 = (0.03 * 255) ** 2

/**
 * The structural similarity of brightness (Wang, Bovik, Sheikh and Simoncelli, 2004), mean over square windows of 8 pixels
 * at every fourth pixel, all pixels of a window alike. A picture smaller than a window is one window.
 */
function similarity(original: Raw, marked: Raw): number {
  const { width, height } = original
  const [a, b] = [lumaOf(original.pixels, 3), lumaOf(marked.pixels, 3)]
  const [wide, high] = [Math.min(WINDOW, width), Math.min(WINDOW, height)]
  const count = wide * high
  let sum = 0
  let windows = 0
  for (let top = 0; top + high <= height; top += STEP)
    for (let left = 0; left + wide <= width; left += STEP) {
      let [sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0]
      for (let y = top; y < top + high; y++)
        for (let at = y * width + left; at < y * width + left + wide; at++) {
          const [va, vb] = [a[at]!, b[at]!]
          sa += va
          sb += vb
          saa += va * va
          sbb += vb * vb
          sab += va * vb
        }
      const [ma, mb] = [sa / count, sb / count]
      const [varianceA, varianceB] = [saa / count - ma * ma, sbb / count - mb * mb]
      const covariance = sab / count - ma * mb
      sum +=
        ((2 * ma * mb + C1) * (2 * covariance + C2)) /
        ((ma * ma + mb * mb + C1) * (varianceA + varianceB + C2))
      windows++
    }
  return sum / windows
}

/** How far the change stays below the sound, in dB, over all channels. What one is longer counts as change. */
export function signalToChange(original: readonly Float32Array[], marked: readonly Float32Array[]): number {
  let [sound, change] = [0, 0]
  original.forEach((samples, channel) => {
    const other = marked[channel]!
    for (let at = 0; at < Math.max(samples.length, other.length); at++) {
      const [was, is] = [samples[at] ?? 0, other[at] ?? 0]
      sound += was * was
      change += (is - was) ** 2
    }
  })
  return change === 0 ? SAME : Math.max(-SAME, Math.min(SAME, 10 * Math.log10(sound / change)))
}
