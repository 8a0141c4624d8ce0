import type { Scheme, Workshop } from '../attack.ts'
import { opened, part, type Raw, rawOf } from '../picture-raw.ts'

/** So many marked pictures are averaged, and so large a part of each; smaller pictures are enlarged. */
const MANY = 8
const SIDE = 400

/** What marked pictures have in common besides what they show: nothing, if no pattern stays the same. */
async function pattern({ files, mark }: Workshop<Raw>): Promise<Float32Array> {
  const mean = new Float32Array(SIDE * SIDE * 3)
  for (const picture of files.slice(0, MANY)) {
    const marked = mark(await square(picture))
    const smooth = await rawOf(opened(marked).blur(1.5))
    for (let at = 0; at < mean.length; at++)
      mean[at] = mean[at]! + (marked.pixels[at]! - smooth.pixels[at]!) / MANY
  }
  return mean
}

async function square(picture: Raw): Promise<Raw> {
  const { width, height } = picture
  if (Math.min(width, height) < SIDE) return rawOf(opened(picture).resize(SIDE, SIDE, { fit: 'cover' }))
  return part(picture, (width - SIDE) >> 1, (height - SIDE) >> 1, SIDE, SIDE)
}

function laidOver(picture: Raw, mean: Float32Array, strength: number): Raw {
  const pixels = new Uint8ClampedArray(mean.length)
  for (let at = 0; at < mean.length; at++) pixels[at] = picture.pixels[at]! + strength * mean[at]!
  return { ...picture, pixels: new Uint8Array(pixels.buffer) }
}

const forgery: Scheme<Raw> = {
  kind: 'forgery',
  name: 'averaging-forgery',
  title: `The average of ${MANY} marked pictures laid over an unmarked one`,
  expected: 'fails',
  files: MANY + 1,
  async attempt(workshop) {
    return laidOver(await square(workshop.files[MANY]!), await pattern(workshop), 2)
  },
}

const removal: Scheme<Raw> = {
  kind: 'removal',
  name: 'averaging-removal',
  title: `The average of ${MANY} marked pictures taken off another marked one`,
  expected: 'fails',
  files: MANY + 1,
  async attempt(workshop) {
    const mean = await pattern(workshop)
    return laidOver(workshop.mark(await square(workshop.files[MANY]!)), mean, -1)
  },
}
export default [forgery, removal]
