import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { detectInSpectra, embedInSound, type Spectra, spectraOf } from '../../watermark/sound/index.ts'
import { CHIP_SECONDS, FRAMES } from '../../watermark/sound/pattern.ts'
import type { MarkRequest } from '../family.ts'
import { interleaved, overlapping, planesOf } from '../sound/pieces.ts'
import type { Film, FilmSound } from './film.ts'
import { VIDEO_LIMITS } from './limits.ts'
import { beginning, type Container, inputOf, outputOf, start } from './process.ts'

/** A sound track that was written anew with the mark, or why not. */
export type MarkedTrack = { file: string; snr: number } | { missing: string }

/** Samples of all channels that are marked at a time: a minute of stereo at 48 kHz. */
const PIECE = 6_000_000
/** Seconds of what goes before and after, so that pieces fit together. */
const BESIDE = 0.5
/** Seconds of processor for a sound track. */
const SECONDS = 600
/** The rate at which marks are looked for, in one channel. */
const LOOK_RATE = 16_000

/** Marks the sound of a film piece by piece, and reads the mark back out of the track as written. */
export async function markTrack(
  film: Film & { sound: FilmSound },
  folder: string,
  { payload, key }: MarkRequest,
): Promise<MarkedTrack> {
  const { rate, channels } = film.sound
  const file = join(folder, `track.${film.container}`)
  const decoder = start(
    'ffmpeg',
    [
      ...beginning(SECONDS),
      ...['-xerror', '-copyts', ...inputOf(film.file, film.container), '-map', '0:a:0', '-vn', '-sn', '-dn'],
      // gaps are filled, overlaps cut, and the beginning is that of the film, so that sound and picture stay together
      ...[
        '-af',
        'aresample=async=1:min_hard_comp=0.02:first_pts=0',
        '-ar',
        String(rate),
        '-ac',
        String(channels),
      ],
      ...['-t', String(VIDEO_LIMITS.seconds), '-f', 'f32le', 'pipe:1'],
    ],
    { seconds: SECONDS, stdout: true },
  )
  const encoder = start(
    'ffmpeg',
    [
      ...beginning(SECONDS),
      ...[
        '-protocol_whitelist',
        'pipe',
        '-f',
        'f32le',
        '-ar',
        String(rate),
        '-ac',
        String(channels),
        '-i',
        'pipe:0',
      ],
      ...[...soundCodec(film.container, film.sound), '-f', film.container, file],
    ],
    { seconds: SECONDS, stdin: true },
  )
  const origin = randomInt(FRAMES * 1000) / 1000
  let snr = Number.POSITIVE_INFINITY
  try {
    const piece = Math.floor(PIECE / channels)
    const beside = Math.floor(BESIDE * rate)
    const source = planesOf(decoder.child.stdout as AsyncIterable<Buffer>, channels)
    for await (const { planes, from, to, at } of overlapping(source, channels, piece, beside)) {
      const chips = (origin + at / rate / CHIP_SECONDS) % FRAMES
      const marked = embedInSound(planes, rate, payload, key, { origin: chips })
      snr = Math.min(snr, marked.snr)
      const { stdin } = encoder.child
      if (stdin && !stdin.write(interleaved(marked.channels, from, to)))
        await Promise.race([once(stdin, 'drain'), encoder.ended])
    }
    await decoder.ended
    encoder.child.stdin?.end()
    await encoder.ended
  } finally {
    decoder.stop()
    encoder.stop()
  }
  if (snr === Number.POSITIVE_INFINITY) return { missing: 'the sound is silent where it would lie' }
  const written = await spectraIn(file, film.container)
  const found = written && detectInSpectra(written, key, { geometry: 'intact' })
  if (found?.contentId === payload.contentId && found.service === payload.service) return { file, snr }
  return { missing: 'the sound is too short, too quiet or too plain to hold it' }
}

/** The spectra of a film's sound, by which marks and likeness are looked for; undefined where there is none. */
export async function spectraIn(file: string, container: Container): Promise<Spectra | undefined> {
  const most = VIDEO_LIMITS.seconds * LOOK_RATE * 4
  const raw = await outputOf(
    start(
      'ffmpeg',
      [
        ...beginning(60),
        ...[
          ...inputOf(file, container),
          '-map',
          '0:a:0',
          '-vn',
          '-sn',
          '-dn',
          '-ar',
          String(LOOK_RATE),
          '-ac',
          '1',
        ],
        ...['-t', String(VIDEO_LIMITS.seconds), '-f', 'f32le', 'pipe:1'],
      ],
      { seconds: 90, stdout: true },
    ),
    most + 4_096,
  )
  if (raw.length < 4 * LOOK_RATE) return undefined
  const samples = new Float32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + (raw.length & ~3)))
  for (let at = 0; at < samples.length; at++) if (!Number.isFinite(samples[at]!)) samples[at] = 0
  return spectraOf([samples], LOOK_RATE)
}

/** Near the bit rate it had; what was without loss stays so. */
function soundCodec(container: Container, { codec, bitRate, channels }: FilmSound): string[] {
  if (container === 'webm')
    return ['-c:a', 'libopus', '-b:a', kilobits(bitRate, 48 * channels, 256 * channels)]
  if (codec === 'alac' || codec.startsWith('pcm_')) return ['-c:a', 'alac']
  return ['-c:a', 'aac', '-b:a', kilobits(bitRate, 64 * channels, 160 * channels)]
}

function kilobits(bitsPerSecond: number, least: number, most: number): string {
  return `${Math.round(Math.max(least, Math.min(most, bitsPerSecond / 1000)))}k`
}
