import { AvouchError } from '@avouch/core/errors'
import type { Kind } from '../family.ts'
import { SOUND_LIMITS, soundWithinLimits } from '../limits.ts'
import { behindTags } from '../sound-kinds.ts'
import { decodeThrough } from './ffmpeg.ts'
import { readWav } from './wav.ts'

/** Decoded sound as it comes: pieces of samples from −1 to 1, as many in each channel. They can be gone through once. */
export type Source = { channels: number; rate: number; pieces: AsyncGenerator<Float32Array[]> }

type Decoded = { channelData: Float32Array[]; sampleRate: number }
type Decoder = {
  decode(bytes: Uint8Array): Decoded
  flush?(): Decoded
  free(): void
}

/** So much of a file is decoded at a time, so that what grows beyond the limits is stopped while it grows. */
const PIECE = 65_536

/**
 * Decodes WAV, FLAC, MP3, Opus and Vorbis here, M4A and AAC through ffmpeg where there is one, piece by piece. `see` is told
 * how much of the file was taken, from 0 to 1, where that is known. Throws, now or while pieces are taken, `input` with the
 * reason, `limit` where it is longer than taken, `unavailable` where ffmpeg is missing.
 */
export async function openSound(
  bytes: Uint8Array,
  kind: Kind,
  { limits = SOUND_LIMITS as { seconds: number; samples: number }, see = (_: number): void => {} } = {},
): Promise<Source> {
  if (kind.name === 'wav') {
    const { channels, rate, depth, from, to } = readWav(bytes)
    soundWithinLimits(channels, rate, (to - from) / Math.max(1, (channels * depth) / 8), limits)
  }
  const all = decoded(bytes, kind, see)
  const first = await all.next()
  if (first.done) throw unreadable('there is no sound in it')
  const { channelData, sampleRate: rate } = first.value
  const channels = channelData.length
  try {
    soundWithinLimits(channels, rate, 0, limits)
  } catch (error) {
    await all.return(undefined)
    throw error
  }
  return { channels, rate, pieces: pieces() }

  async function* pieces(): AsyncGenerator<Float32Array[]> {
    let length = 0
    try {
      for (let next: IteratorResult<Decoded> = first; !next.done; next = await all.next()) {
        const { channelData: own, sampleRate } = next.value
        if (own.length !== channels || sampleRate !== rate)
          throw unreadable('it changes its rate or channels midway')
        length += own[0]!.length
        soundWithinLimits(channels, rate, length, limits)
        yield own
      }
    } finally {
      await all.return(undefined)
    }
  }
}

/** What a file decodes to, piece by piece; none is empty, and what is no number is silence. */
async function* decoded(
  bytes: Uint8Array,
  kind: Kind,
  see: (done: number) => void,
): AsyncGenerator<Decoded, undefined> {
  const foreign = kind.name === 'm4a' || kind.name === 'aac'
  const decoder = await decoderOf(foreign ? 'wav' : kind.name)
  const plain = kind.name === 'wav' ? bytes : bytes.subarray(behindTags(bytes))
  const source = foreign ? decodeThrough(bytes, kind.name === 'm4a' ? 'mov' : 'aac') : parts(plain, see)
  const take = ({ channelData, sampleRate }: Decoded): Decoded | undefined =>
    channelData[0]?.length
      ? {
          sampleRate,
          // a decoder may give out views of memory that it uses again
          channelData: channelData.map((channel) =>
            channel.map((sample) => (Number.isFinite(sample) ? sample : 0)),
          ),
        }
      : undefined
  try {
    for await (const part of source) {
      const found = take(decoder.decode(part))
      if (found) yield found
    }
    const rest = decoder.flush && take(decoder.flush())
    if (rest) yield rest
  } catch (error) {
    if (error instanceof AvouchError) throw error
    throw unreadable(error instanceof Error ? error.message.split('\n')[0]!.slice(0, 160) : 'unknown')
  } finally {
    decoder.free()
  }
}

function* parts(bytes: Uint8Array, see: (done: number) => void): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE) {
    see(at / bytes.length)
    yield bytes.subarray(at, at + PIECE)
  }
}

/** Decoders are loaded when they are needed: the largest of them takes a while. */
async function decoderOf(name: string): Promise<Decoder> {
  switch (name) {
    case 'wav':
      return (await import('@audio/decode-wav')).decoder()
    case 'flac':
      return (await import('@audio/decode-flac')).decoder()
    case 'mp3':
      return (await import('@audio/decode-mp3')).decoder()
    case 'opus':
      return (await import('@audio/decode-opus')).decoder()
    case 'vorbis':
      return (await import('@audio/decode-vorbis')).decoder()
    default:
      throw new AvouchError('internal', `no decoder for ${name}`)
  }
}

function unreadable(why: string): AvouchError {
  return new AvouchError('input', `the sound cannot be decoded: ${why}`, {
    fix: 'It is cut off, damaged, or not what its first bytes say.',
  })
}
