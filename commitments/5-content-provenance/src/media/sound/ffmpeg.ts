import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AvouchError } from '@avouch/core/errors'
import { SOUND_LIMITS } from '../limits.ts'
import { openFolder, withFolder } from '../video/folder.ts'
import { type Running, start } from '../video/process.ts'
import { interleaved } from './pieces.ts'

/** Seconds of processor that one call may take over sound of usual length, and over long sound. */
const SECONDS = 40
const LONG_SECONDS = 1_800

type Demuxer = 'mov' | 'aac' | 'wav' | 'mp3' | 'flac' | 'ogg'

export type FfmpegJob = {
  input: Uint8Array
  /** The one demuxer that may read it: nothing is guessed from the bytes of strangers. */
  from: Demuxer
  /** The muxer, and how its encoder is told to write. */
  to: 'wav' | 'flac' | 'mp3' | 'opus' | 'ogg' | 'ipod' | 'adts'
  encoder?: readonly string[]
}

/**
 * Has ffmpeg turn one file into another: without a shell, within limits, in a folder of its own that is removed, with files
 * as the only protocol. Throws `unavailable` where there is no ffmpeg, `input` where it refuses, `limit` where it takes too
 * long.
 */
export function runFfmpeg({
  input,
  from,
  to,
  encoder = ['-c:a', 'pcm_f32le'],
}: FfmpegJob): Promise<Uint8Array> {
  return withFolder(input, async (source, folder) => {
    const target = join(folder, 'out')
    await ended(
      start(
        'ffmpeg',
        [...beginning(SECONDS), ...inputOf(source, from), ...ONLY_SOUND, ...encoder, ...outputOf(to), target],
        { seconds: SECONDS + 10 },
      ),
    )
    return new Uint8Array(await readFile(target))
  })
}

/** A file decoded by ffmpeg, as the bytes of a WAV file of floats, as they come. Throws like `runFfmpeg`. */
export async function* decodeThrough(input: Uint8Array, from: Demuxer): AsyncGenerator<Uint8Array> {
  const { file, close } = await openFolder(input)
  const running = start(
    'ffmpeg',
    [
      ...[...beginning(LONG_SECONDS), ...inputOf(file, from), ...ONLY_SOUND],
      ...['-c:a', 'pcm_f32le', '-f', 'wav', 'pipe:1'],
    ],
    { seconds: LONG_SECONDS, stdout: true },
  )
  try {
    try {
      for await (const chunk of running.child.stdout as AsyncIterable<Buffer>)
        yield new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length)
    } catch (error) {
      // where it could not be started or was ended, that says more
      await ended(running)
      throw error
    }
    await ended(running)
  } finally {
    running.stop()
    await close()
  }
}

/** Takes samples as they come, and gives the file that they were written as. */
export type Writing = {
  write(channels: readonly Float32Array[], from: number, to: number): Promise<void>
  end(): Promise<Uint8Array>
  /** To be called in any case: ends what still runs and removes what it left. */
  stop(): Promise<void>
}

/**
 * Has ffmpeg write samples as they come. Tags, chapters and, where `cover` says so, the picture of the cover are those of
 * `given`, which its own demuxer reads. Throws like `runFfmpeg`.
 */
export async function writeThrough(
  given: Uint8Array,
  from: Demuxer,
  form: { channels: number; rate: number; cover: boolean } & Pick<FfmpegJob, 'to' | 'encoder'>,
): Promise<Writing> {
  const { channels, rate, cover, to, encoder = [] } = form
  const { file, folder, close } = await openFolder(given)
  const target = join(folder, 'out')
  const running = start(
    'ffmpeg',
    [
      ...beginning(LONG_SECONDS),
      ...['-protocol_whitelist', 'pipe', '-f', 'f32le', '-ar', `${rate}`, '-ac', `${channels}`],
      ...['-i', 'pipe:0', ...inputOf(file, from), '-map', '0:a:0'],
      ...['-map_metadata', '1', '-map_metadata:s:a', '1:s:a', '-map_chapters', '1'],
      ...(cover ? ['-map', '1:v?', '-c:v', 'copy', '-disposition:v', 'attached_pic'] : []),
      ...[...encoder, ...outputOf(to), target],
    ],
    { seconds: LONG_SECONDS, stdin: true },
  )
  return {
    async write(samples, first, last) {
      const { stdin } = running.child
      if (stdin && !stdin.write(interleaved(samples, first, last)))
        // where it ends before it has all, that is told at the end
        await Promise.race([once(stdin, 'drain').catch(() => {}), running.ended.catch(() => {})])
    },
    async end() {
      running.child.stdin?.end()
      await ended(running)
      return new Uint8Array(await readFile(target))
    },
    async stop() {
      running.stop()
      await close()
    },
  }
}

const ONLY_SOUND = ['-map', '0:a:0', '-vn', '-sn', '-dn', '-map_metadata', '-1']

function beginning(seconds: number): string[] {
  return [
    ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-threads', '1'],
    ...['-timelimit', String(seconds), '-max_alloc', String(256 * 2 ** 20)],
  ]
}

function inputOf(file: string, from: Demuxer): string[] {
  return ['-protocol_whitelist', 'file', '-f', from, '-i', file]
}

function outputOf(to: FfmpegJob['to']): string[] {
  return ['-fflags', '+bitexact', '-fs', String(SOUND_LIMITS.bytes), '-f', to]
}

/** Whether there is an ffmpeg on the path. */
export function ffmpegThere(): Promise<boolean> {
  return goesWell(['-hide_banner', '-version'])
}

/** Whether it has this encoder too. */
export function encoderThere(name: string): Promise<boolean> {
  return goesWell([
    ...['-nostdin', '-loglevel', 'error', '-f', 'lavfi', '-i', 'color=s=64x64', '-frames:v', '1'],
    ...['-c:v', name, '-f', 'null', '-'],
  ])
}

function goesWell(args: readonly string[]): Promise<boolean> {
  return start('ffmpeg', args, { seconds: SECONDS }).ended.then(
    () => true,
    () => false,
  )
}

/** Waits for it, and says of sound what is said of films. */
async function ended(running: Running): Promise<void> {
  await running.ended.catch((error: unknown) => {
    if (!(error instanceof AvouchError)) throw error
    if (error.code === 'unavailable')
      throw new AvouchError(
        'unavailable',
        'this kind of sound is read and written through ffmpeg, and there is none',
        {
          fix: 'Install ffmpeg (on Debian: apt install ffmpeg), name it by its path in AVOUCH_FFMPEG, or use a WAV file, which needs none.',
        },
      )
    if (error.code === 'limit')
      throw new AvouchError('limit', 'ffmpeg took too long, or too much memory, over the sound', {
        fix: 'Use a shorter sound.',
      })
    throw new AvouchError('input', 'ffmpeg cannot read or write this sound', {
      fix: 'It is damaged, or not what its first bytes say; else the ffmpeg here lacks its codec. Use a WAV file.',
    })
  })
}
