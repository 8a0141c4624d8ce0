import type { Plane } from '../../fingerprint/shrink.ts'
import { addToRun, type Run } from '../../watermark/picture/series.ts'
import { type Glance, glanceOf, isCut } from '../../watermark/video/shots.ts'
import type { Film } from './film.ts'
import { beginning, inputOf, type Running, start } from './process.ts'

/** Frames looked at, in runs of four. */
const RUNS = 12
const A_RUN = 4
/** A film of fewer pixels than this in all its frames is decoded from end to end; a longer one at places. */
const WHOLE = 2_000_000_000
/** Frames left out between two of a place. */
const STEP = 3
/** Seconds of processor for one call. */
const SECONDS = 60
/** Places of which fewer are distinct, since key frames lie far apart, tell too little. */
const FEWEST = 5

/** Frames from all over a film, as runs in which marks are looked for. `see` is called with each frame. */
export async function sampleRuns(film: Film, see: (frame: Plane) => void): Promise<Run[]> {
  const step = Math.max(1, Math.ceil(film.frames / (RUNS * A_RUN)))
  if (film.frames * film.width * film.height <= WHOLE)
    return read(film, { step, most: RUNS * A_RUN * 2 }, see)
  const runs: Run[] = []
  const seen: Glance[] = []
  for (let place = 0; place < RUNS; place++) {
    const from = (film.seconds * (place + 0.5)) / RUNS
    let fresh = true
    let first = true
    const frames: Plane[] = []
    const found = await read(film, { step: STEP, most: A_RUN, from }, (frame) => {
      const glance = glanceOf(frame.luma, frame.width, frame.height)
      // the same key frame again, from which two places were reached
      if (first) fresh = !seen.some((other) => Buffer.compare(other, glance) === 0)
      if (first) seen.push(glance)
      first = false
      frames.push(frame)
    })
    if (!fresh) continue
    for (const frame of frames) see(frame)
    runs.push(...found)
  }
  return runs.length >= FEWEST ? runs : read(film, { step, most: RUNS * A_RUN * 2 }, see)
}

async function read(
  film: Film,
  { step, most, from }: { step: number; most: number; from?: number },
  see: (frame: Plane) => void,
): Promise<Run[]> {
  const { width, height } = film
  const running = frameStream(film, { width, height, step, most, from })
  const runs: Run[] = []
  let run: Run | undefined
  let [held, before]: [number, Glance | undefined] = [0, undefined]
  try {
    for await (const luma of framesOf(running.child.stdout as AsyncIterable<Buffer>, width * height)) {
      const glance = glanceOf(luma, width, height)
      if (held === A_RUN || (before && isCut(before, glance))) {
        run = undefined
        held = 0
      }
      const fresh = run === undefined
      run = addToRun(run, luma, width, height)
      if (fresh) runs.push(run)
      held++
      before = glance
      see({ luma, width, height })
    }
    await running.ended
  } catch (error) {
    // a film that breaks off is looked at as far as it goes
    if (runs.length === 0) throw error
  } finally {
    running.stop()
  }
  return runs
}

/** Starts ffmpeg that gives out every so-manieth frame's brightness at this size, row by row, as the film has it stored. */
export function frameStream(
  { file, container }: Pick<Film, 'file' | 'container'>,
  given: { width: number; height: number; step: number; most: number; from?: number | undefined },
): Running {
  const { width, height, step, most, from } = given
  return start(
    'ffmpeg',
    [
      ...beginning(SECONDS),
      ...(from === undefined ? [] : ['-noaccurate_seek', '-ss', from.toFixed(3)]),
      ...[
        '-noautorotate',
        '-threads',
        '2',
        ...inputOf(file, container),
        '-map',
        '0:v:0',
        '-an',
        '-sn',
        '-dn',
      ],
      ...['-vf', `select='not(mod(n\\,${step}))',scale=${width}:${height},format=gray`],
      ...['-vsync', 'passthrough', '-frames:v', String(most), '-f', 'rawvideo', 'pipe:1'],
    ],
    { seconds: SECONDS, stdout: true },
  )
}

/** Frames of so many bytes each, one after another. */
export async function* framesOf(stream: AsyncIterable<Buffer>, size: number): AsyncGenerator<Uint8Array> {
  let frame = new Uint8Array(size)
  let filled = 0
  for await (const chunk of stream)
    for (let at = 0; at < chunk.length; ) {
      const part = Math.min(size - filled, chunk.length - at)
      frame.set(chunk.subarray(at, at + part), filled)
      filled += part
      at += part
      if (filled < size) continue
      yield frame
      frame = new Uint8Array(size)
      filled = 0
    }
}
