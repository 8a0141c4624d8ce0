import type { Scheme } from '../attack.ts'
import { opened, type Raw, rawOf } from '../picture-raw.ts'

/** The estimate of a mark misses a part of it, so that a forger lays it on more thickly. */
const STRENGTH = 2

/** The copy attack (Kutter, Voloshynovskiy and Herrigel, 2000): what smoothing takes out of a marked picture is laid over another. */
const copy: Scheme<Raw> = {
  kind: 'forgery',
  name: 'copy',
  title: 'A mark copied to another picture',
  expected: 'fails',
  files: 2,
  async attempt({ files, mark }) {
    const marked = mark(files[0]!)
    const { width, height } = marked
    const smooth = await rawOf(opened(marked).blur(1.5))
    const target = await rawOf(opened(files[1]!).resize(width, height, { fit: 'cover' }))
    const pixels = new Uint8ClampedArray(target.pixels.length)
    for (let at = 0; at < pixels.length; at++)
      pixels[at] = target.pixels[at]! + STRENGTH * (marked.pixels[at]! - smooth.pixels[at]!)
    return { pixels: new Uint8Array(pixels.buffer), width, height }
  },
}
export default [copy]
