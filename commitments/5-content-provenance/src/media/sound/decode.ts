import { AvouchError } from '@avouch/core/errors'
import type { Kind } from '../family.ts'
import { soundRoom, soundWithinLimits } from '../limits.ts'
import { roomFor } from '../room.ts'
import { behindTags } from '../sound-kinds.ts'
import { runFfmpeg } from './ffmpeg.ts'
import type { Samples } from './samples.ts'
import { readWav } from './wav.ts'

type Decoder = {
  decode(bytes: Uint8Array): { channelData: Float32Array[]; sampleRate: number }
  flush?(): { channelData: Float32Array[]; sampleRate: number }
  free(): void
}

/** So much of a file is decoded at a time, so that what grows beyond the limits is stopped while it grows. */
const PIECE = 65_536

/**
 * Decodes WAV, FLAC, MP3, Opus and Vorbis here, M4A and AAC through ffmpeg where there is one. Throws `input` with the
 * reason, `limit` where it is longer than taken, `unavailable` where ffmpeg is missing.
 */
export async function decodeSound(bytes: Uint8Array, kind: Kind): Promise<Samples> {
  await roomFor(soundRoom(bytes.length, kind.name))
  const samples = await decoded(bytes, kind)
  const [first] = samples.channels
  if (first === undefined || first.length === 0) throw unreadable('there is no sound in it')
  soundWithinLimits(samples.channels.length, samples.rate, first.length)
  for (const channel of samples.channels)
    for (let at = 0; at < channel.length; at++) if (!Number.isFinite(channel[at]!)) channel[at] = 0
  return samples
}

async function decoded(bytes: Uint8Array, kind: Kind): Promise<Samples> {
  if (kind.name === 'm4a' || kind.name === 'aac') {
    const wav = await runFfmpeg({ input: bytes, from: kind.name === 'm4a' ? 'mov' : 'aac', to: 'wav' })
    return decoded(wav, { ...kind, name: 'wav' })
  }
  if (kind.name === 'wav') {
    const { channels, rate, depth, from, to } = readWav(bytes)
    soundWithinLimits(channels, rate, (to - from) / Math.max(1, (channels * depth) / 8))
  }
  const decoder = await decoderOf(kind.name)
  try {
    return inPieces(decoder, kind.name === 'wav' ? bytes : bytes.subarray(behindTags(bytes)))
  } catch (error) {
    if (error instanceof AvouchError) throw error
    throw unreadable(error instanceof Error ? error.message.split('\n')[0]!.slice(0, 160) : 'unknown')
  } finally {
    decoder.free()
  }
}

function inPieces(decoder: Decoder, bytes: Uint8Array): Samples {
  const pieces: Float32Array[][] = []
  let [length, rate] = [0, 0]
  const take = ({ channelData, sampleRate }: ReturnType<Decoder['decode']>): void => {
    if (!channelData[0]?.length) return
    const [before] = pieces
    if (before && (before.length !== channelData.length || rate !== sampleRate))
      throw unreadable('it changes its rate or channels midway')
    rate = sampleRate
    length += channelData[0].length
    soundWithinLimits(channelData.length, rate, length)
    // a decoder may give out views of memory that it uses again
    pieces.push(channelData.map((channel) => channel.slice()))
  }
  for (let at = 0; at < bytes.length; at += PIECE) take(decoder.decode(bytes.subarray(at, at + PIECE)))
  if (decoder.flush) take(decoder.flush())
  const channels = (pieces[0] ?? []).map((_, channel) => {
    const whole = new Float32Array(length)
    let at = 0
    for (const piece of pieces) {
      whole.set(piece[channel]!, at)
      at += piece[channel]!.length
    }
    return whole
  })
  return { channels, rate }
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
