import { once } from 'node:events'
import { join } from 'node:path'
import { AvouchError } from '@avouch/core/errors'
import { type FilmGlance, filmGlance } from '../../fingerprint/film.ts'
import { frameMarker } from '../../watermark/video/embed.ts'
import type { MarkRequest } from '../family.ts'
import { pictureCodec } from './encoder.ts'
import type { Film } from './film.ts'
import { VIDEO_LIMITS } from './limits.ts'
import { nutPieces } from './nut.ts'
import { beginning, inputOf, type Running, start, unreadable } from './process.ts'

/** How many frames lie between two that are kept for comparing: 96 of a short film, two a second of a longer one. */
function glanceEvery({ frames, seconds, framesPerSecond }: Film): number {
  const wanted = Math.max(seconds / 1_200, Math.min(0.5, seconds / 96))
  return Math.max(1, Math.ceil(frames / 1_200), Math.floor(wanted * framesPerSecond))
}

/** A film written anew, with its frames marked. */
export type Rewritten = { file: string; psnr: number; glance: FilmGlance; frames: number }

/** Pixels that are decoded, marked and coded in a second at least, by the slowest encoder on one old processor. */
const SLOWEST = 2_000_000

/** By the clock, whatever else the machine does; `secondsFor` is of processor. */
const BY_THE_CLOCK = VIDEO_LIMITS.markSeconds - 100

/** Seconds of processor that writing a film anew may take. */
export function secondsFor({ frames, width, height }: Film): number {
  return Math.min(VIDEO_LIMITS.markSeconds - 100, 60 + (frames * width * height) / SLOWEST)
}

/**
 * Marks every frame of a film on its way from one ffmpeg to another, one frame in memory at a time. Times of frames,
 * subtitles, chapters, tags, colour and shape of pixels stay; `track` is the sound that goes with it. Throws `input`
 * where the film cannot be read to its end, `limit` where it is more than its headers told.
 */
export async function rewriteFilm(
  film: Film,
  track: string | undefined,
  folder: string,
  { payload, key }: MarkRequest,
): Promise<Rewritten> {
  const { width, height } = film
  const seconds = secondsFor(film)
  const file = join(folder, `out.${film.container}`)
  const codec = await pictureCodec(film)
  const decoder = start('ffmpeg', decoderOf(film, seconds), { seconds: BY_THE_CLOCK, stdout: true })
  const encoder = start('ffmpeg', encoderOf(film, codec, { track, file, seconds }), {
    seconds: BY_THE_CLOCK,
    stdin: true,
  })
  const marker = frameMarker(width, height, payload, key)
  const glance = filmGlance()
  const every = glanceEvery(film)
  const [luma, whole] = [width * height, bytesOf(film)]
  let frames = 0
  let error = 0
  try {
    for await (const piece of nutPieces(decoder.child.stdout as AsyncIterable<Buffer>)) {
      await write(encoder, piece.head)
      const { frame } = piece
      if (frame === undefined) continue
      // a picture that changes its size midway comes here at its first size, for ffmpeg scales it; else it is none of ours
      if (frame.length !== whole) throw unreadable()
      withinTold(film, frames)
      const plain = brightnessOf(frame, luma, film.depth)
      const marked = marker.mark(plain)
      if (frames % every === 0) glance.add({ luma: marked.luma, width, height })
      error += 10 ** (-marked.psnr / 10)
      setBrightness(frame, { plain, marked: marked.luma, depth: film.depth })
      await write(encoder, frame)
      frames++
    }
    await decoder.ended
    encoder.child.stdin?.end()
    await encoder.ended
  } catch (cause) {
    // whichever of the two ended first tells more than the pipe that broke
    throw (await failureOf(decoder, encoder)) ?? cause
  } finally {
    decoder.stop()
    encoder.stop()
  }
  if (frames === 0 || frames < film.frames * 0.7) throw unreadable()
  return { file, psnr: -10 * Math.log10(error / frames), glance, frames }
}

/** One that was stopped by us tells nothing; its end comes after a moment where its pipe broke. */
async function failureOf(...all: readonly Running[]): Promise<unknown> {
  const soon = new Promise<undefined>((resolve) => setTimeout(resolve, 200, undefined))
  const failures = await Promise.all(
    all.map(({ ended }) =>
      Promise.race([
        soon,
        ended.then(
          () => undefined,
          (error: unknown) => error,
        ),
      ]),
    ),
  )
  return failures.find((one) => one instanceof AvouchError && one.code !== 'input') ?? failures.find(Boolean)
}

function withinTold({ frames: told, width, height }: Film, frames: number): void {
  if (frames < VIDEO_LIMITS.frames && frames * width * height < VIDEO_LIMITS.work && frames <= 2 * told + 240)
    return
  throw new AvouchError('limit', 'the film has more frames than its headers tell, or than are taken', {
    fix: 'Use a shorter film, or write it anew: its headers are wrong.',
  })
}

async function write({ child, ended }: Running, bytes: Buffer): Promise<void> {
  const { stdin } = child
  if (stdin === null) throw unreadable()
  if (stdin.write(bytes)) return
  // an encoder that ended takes nothing more
  await Promise.race([once(stdin, 'drain'), ended.then(() => Promise.reject(unreadable()))])
}

/** The brightness of a raw frame, of 8 bits a sample, or of the upper 8 of 10. What is of 8 is not copied. */
function brightnessOf(frame: Buffer, luma: number, depth: Film['depth']): Uint8Array {
  if (depth === 8) return new Uint8Array(frame.buffer, frame.byteOffset, luma)
  const plain = new Uint8Array(luma)
  for (let at = 0; at < luma; at++) plain[at] = (frame[2 * at]! >> 2) | (frame[2 * at + 1]! << 6)
  return plain
}

/** Of 10 bits, what marking changed in the upper 8 is added to all of them. */
function setBrightness(
  frame: Buffer,
  { plain, marked, depth }: { plain: Uint8Array; marked: Uint8Array; depth: Film['depth'] },
): void {
  if (depth === 8) {
    frame.set(marked, 0)
    return
  }
  for (let at = 0; at < marked.length; at++) {
    const sample = frame[2 * at]! | (frame[2 * at + 1]! << 8)
    const value = Math.max(0, Math.min(1_023, sample + 4 * (marked[at]! - plain[at]!)))
    frame[2 * at] = value & 255
    frame[2 * at + 1] = value >> 8
  }
}

function bytesOf({ width, height, pixelFormat, depth }: Film): number {
  const across = /^yuvj?44[40]p/.test(pixelFormat) ? width : Math.ceil(width / 2)
  const down = /420p/.test(pixelFormat) ? Math.ceil(height / 2) : height
  return (width * height + 2 * across * down) * (depth === 8 ? 1 : 2)
}

function decoderOf(film: Film, seconds: number): string[] {
  return [
    ...beginning(seconds),
    // whatever is damaged is refused, not marked in part
    ...['-xerror', '-copyts', '-noautorotate', '-threads', '2', ...inputOf(film.file, film.container)],
    ...[
      '-map',
      '0:v:0',
      '-an',
      '-sn',
      '-dn',
      '-vsync',
      'passthrough',
      '-frames:v',
      String(VIDEO_LIMITS.frames + 1),
    ],
    ...['-c:v', 'rawvideo', '-pix_fmt', film.pixelFormat, '-f', 'nut', 'pipe:1'],
  ]
}

function encoderOf(
  film: Film,
  codec: readonly string[],
  { track, file, seconds }: { track: string | undefined; file: string; seconds: number },
): string[] {
  const { container, colour } = film
  const original = track === undefined ? 1 : 2
  return [
    ...beginning(seconds),
    ...['-copyts', '-protocol_whitelist', 'pipe', '-f', 'nut', '-i', 'pipe:0'],
    ...(track === undefined ? [] : inputOf(track, container)),
    ...inputOf(film.file, container),
    ...['-map', '0:v:0'],
    ...(track === undefined ? [] : ['-map', '1:a:0', '-c:a', 'copy']),
    ...(film.subtitles ? ['-map', `${original}:s`, '-c:s', 'copy'] : []),
    ...['-map_metadata', String(original), '-map_chapters', String(original)],
    ...['-vsync', 'passthrough', '-enc_time_base', '-1', '-pix_fmt', film.pixelFormat],
    ...codec,
    ...(colour.range ? ['-color_range', colour.range] : []),
    ...(colour.space ? ['-colorspace', colour.space] : []),
    ...(colour.primaries ? ['-color_primaries', colour.primaries] : []),
    ...(colour.transfer ? ['-color_trc', colour.transfer] : []),
    // what is larger is cut off there, seen to be too large, and not given out
    ...['-fs', String(VIDEO_LIMITS.bytes + 2 ** 20), '-f', container, file],
  ]
}
