import { AvouchError } from '@avouch/core/errors'
import { type Clip, H264, rewritten } from '../../attack/video-raw.ts'
import { kindOf } from '../../media/families.ts'
import { readFilm } from '../../media/video/film.ts'
import { withFolder } from '../../media/video/folder.ts'
import { containerOf } from '../../media/video/process.ts'
import { frameStream, framesOf } from '../../media/video/samples.ts'
import { inspectVideo } from '../../media/video.ts'
import { VIDEO_KINDS } from '../../media/video-kinds.ts'
import type { Bench } from '../bench.ts'
import { sizeOfFrames } from '../size.ts'

/** Of so many frames, one is compared. */
const EVERY = 5

/** A film as MP4, as it is; what is none is coded as one, as well as can be. */
const bench: Bench<Clip & { width: number; height: number }> = {
  async read(bytes) {
    const { family, kind } = await kindOf(bytes)
    if (family.name !== 'video') throw new AvouchError('input', 'this is no film')
    const container = containerOf(kind.name)
    const { width, height } = await withFolder(bytes, (file) =>
      readFilm(file, container, bytes.length, 'look'),
    )
    return { bytes, container, width, height }
  },
  write: async (clip) =>
    clip.container === 'mp4'
      ? clip.bytes
      : (await rewritten(clip, { encoder: [...H264, '-crf', '12'] })).bytes,
  sizeOf: ({ width, height }) => sizeOfFrames(width, height),
  likened: (original, marked) =>
    withFolder(original.bytes, (one) =>
      withFolder(marked.bytes, (other) => compared({ ...original, file: one }, { ...marked, file: other })),
    ),
  mark() {
    throw new AvouchError('internal', 'there are no schemes of forging marks in films')
  },
  async detect({ bytes, container }, key) {
    const kind = VIDEO_KINDS.find(({ name }) => name === container)!
    return (await inspectVideo(bytes, kind, { key })).mark
  },
  look() {
    throw new AvouchError('internal', 'there are no schemes of forging marks in films')
  },
  view() {
    throw new AvouchError('internal', 'there are no schemes of forging marks in films')
  },
}
export default bench

type Given = Clip & { file: string; width: number; height: number }

/** The mean squared difference of frames side by side, as PSNR: what marking changed, and coding anew with it. */
async function compared(one: Given, other: Given): Promise<{ psnr: number }> {
  const { width, height } = one
  if (width !== other.width || height !== other.height)
    throw new AvouchError('input', 'the marked film has another size than the original')
  const [first, second] = [one, other].map((given) =>
    frameStream(given, { ...given, step: EVERY, most: 2_000 }),
  )
  let [squares, count] = [0, 0]
  try {
    const others = framesOf(second!.child.stdout as AsyncIterable<Buffer>, width * height)
    for await (const luma of framesOf(first!.child.stdout as AsyncIterable<Buffer>, width * height)) {
      const next = await others.next()
      if (next.done) break
      for (let at = 0; at < luma.length; at++) squares += (luma[at]! - next.value[at]!) ** 2
      count += luma.length
    }
  } finally {
    first!.stop()
    second!.stop()
  }
  if (count === 0) throw new AvouchError('input', 'the films have no frames to be compared')
  return { psnr: Math.min(99, 10 * Math.log10(255 ** 2 / Math.max(1e-6, squares / count))) }
}
