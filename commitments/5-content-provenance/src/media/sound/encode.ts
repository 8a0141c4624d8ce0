import { AvouchError } from '@avouch/core/errors'
import type { Kind } from '../family.ts'
import { behindTags } from '../sound-kinds.ts'
import { type FfmpegJob, runFfmpeg } from './ffmpeg.ts'
import { type Samples, secondsOf } from './samples.ts'
import { readWav, replaceSamples, writeWav } from './wav.ts'

/**
 * Writes changed samples as a file of the same kind as `bytes` is. WAV keeps its depth and all else that is in it. The
 * others are coded anew by ffmpeg, at about the bit rate they had; their tags are not kept.
 */
export async function encodeSound(bytes: Uint8Array, kind: Kind, samples: Samples): Promise<Uint8Array> {
  if (kind.name === 'wav') return replaceSamples(bytes, readWav(bytes), samples.channels)
  if (samples.channels.length > 2)
    throw new AvouchError('input', `the sound has ${samples.channels.length} channels`, {
      fix: 'Give sound of more than two channels as WAV.',
    })
  const input = writeWav(samples, { depth: 32, float: true })
  return runFfmpeg({ input, from: 'wav', ...writer(bytes, kind, samples) })
}

function writer(bytes: Uint8Array, kind: Kind, samples: Samples): Pick<FfmpegJob, 'to' | 'encoder'> {
  const own = (bytes.length * 8) / 1000 / secondsOf(samples)
  const rate = (least: number, most: number): string[] => [
    '-b:a',
    `${Math.round(Math.max(least, Math.min(most, own)))}k`,
  ]
  switch (kind.name) {
    case 'flac':
      return {
        to: 'flac',
        encoder: [
          '-c:a',
          'flac',
          ...(flacDepth(bytes) <= 16 ? ['-sample_fmt', 's16'] : ['-sample_fmt', 's32']),
        ],
      }
    case 'mp3':
      return { to: 'mp3', encoder: ['-c:a', 'libmp3lame', ...rate(64, 320)] }
    case 'm4a':
      return { to: 'ipod', encoder: ['-c:a', 'aac', ...rate(64, 320)] }
    case 'aac':
      return { to: 'adts', encoder: ['-c:a', 'aac', ...rate(64, 320)] }
    case 'opus':
      return { to: 'opus', encoder: ['-c:a', 'libopus', ...rate(48, 256)] }
    case 'vorbis':
      return { to: 'ogg', encoder: ['-c:a', 'libvorbis', '-q:a', own > 150 ? '7' : '5'] }
    default:
      throw new AvouchError('internal', `no encoder for ${kind.name}`)
  }
}

/** Bits a sample, from the stream's first block (RFC 9639, 8.2). */
function flacDepth(bytes: Uint8Array): number {
  const at = behindTags(bytes) + 8 + 12
  return (((bytes[at] ?? 0) & 1) << 4) + ((bytes[at + 1] ?? 0xf0) >> 4) + 1
}
