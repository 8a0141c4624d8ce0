import { AvouchError } from '@avouch/core/errors'
import { type Clip, H264, rewritten, shapeOf } from '../../attack/video-raw.ts'
import { kindOf } from '../../media/families.ts'
import type { InspectedMedia, Kind, Look } from '../../media/family.ts'
import { withFolder } from '../../media/video/folder.ts'
import { containerOf } from '../../media/video/process.ts'
import { frameStream, framesOf } from '../../media/video/samples.ts'
import { inspectVideo, markVideo } from '../../media/video.ts'
import { VIDEO_KINDS } from '../../media/video-kinds.ts'
import type { Bench } from '../bench.ts'
import { sizeOfFrames } from '../size.ts'

/** Of so many frames, one is compared. */
const EVERY = 5

/** What was seen of films that were marked or looked at here, as long as they are worked with. */
const looks = new WeakMap<Clip, Look>()
const views = new WeakMap<Clip, InspectedMedia['view']>()

/** A film as MP4, as it is; what is none is coded as one, as well as can be. */
const bench: Bench<Clip> = {
  async read(bytes) {
    const { family, kind } = await kindOf(bytes)
    if (family.name !== 'video') throw new AvouchError('input', 'this is no film')
    return shapeOf(bytes, containerOf(kind.name))
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
  async mark(clip, payload, key) {
    const { bytes, look, watermark } = await markVideo(clip.bytes, kindNamed(clip.container), {
      payload,
      key,
    })
    if (watermark.state === 'missing')
      throw new AvouchError('input', `the film holds no mark: ${watermark.why}`)
    const marked = { ...clip, bytes }
    looks.set(marked, look)
    return marked
  },
  async detect(clip, key) {
    const { mark, look, view } = await inspectVideo(clip.bytes, kindNamed(clip.container), { key })
    looks.set(clip, look)
    views.set(clip, view)
    return mark
  },
  look: (clip) => seen(looks.get(clip)),
  view: (clip) => seen(views.get(clip)),
}
export default bench

function kindNamed(container: string): Kind {
  return VIDEO_KINDS.find(({ name }) => name === container)!
}

function seen<T>(found: T | undefined): T {
  if (found === undefined) throw new AvouchError('internal', 'the film was neither marked nor looked at')
  return found
}

type Given = Clip & { file: string }

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
