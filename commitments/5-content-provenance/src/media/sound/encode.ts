import { AvouchError } from '@avouch/core/errors'
import type { Kind } from '../family.ts'
import { behindTags } from '../sound-kinds.ts'
import { type FfmpegJob, type Writing, writeThrough } from './ffmpeg.ts'
import { readWav, replaceSamples } from './wav.ts'

/** How changed sound is written: its form, and how long the original is, in seconds, by which its bit rate is told. */
export type Form = { channels: number; rate: number; seconds: number }

/**
 * Takes changed samples, to write a file of the same kind as `bytes` is. WAV keeps its depth and all else that is in it. The
 * others are coded anew by ffmpeg, at about the bit rate they had, with their tags; covers are kept but for Ogg and AAC.
 */
export async function openWriter(bytes: Uint8Array, kind: Kind, form: Form): Promise<Writing> {
  if (kind.name === 'wav') return replaceSamples(bytes, readWav(bytes))
  const { channels, rate } = form
  if (channels > 2 && !MANY.includes(kind.name))
    throw new AvouchError('input', `the sound has ${channels} channels`, {
      fix: 'Give sound of more than two channels as WAV, FLAC or M4A.',
    })
  const { from, cover, ...job } = writer(bytes, kind, form)
  return writeThrough(bytes, from, { channels, rate, cover, ...job })
}

/** Kinds that have their channels in the order of WAV. */
const MANY = ['flac', 'm4a', 'aac']

type Job = Pick<FfmpegJob, 'from' | 'to' | 'encoder'> & { cover: boolean }

function writer(bytes: Uint8Array, kind: Kind, { channels, seconds }: Form): Job {
  const own = (bytes.length * 8) / 1000 / Math.max(1, seconds)
  const rate = (least: number, most: number): string[] => [
    '-b:a',
    `${Math.round(Math.max(least, Math.min(most, own)))}k`,
  ]
  switch (kind.name) {
    case 'flac': {
      const depth = flacDepth(bytes) <= 16 ? ['-sample_fmt', 's16'] : ['-sample_fmt', 's32']
      return { from: 'flac', to: 'flac', cover: true, encoder: ['-c:a', 'flac', ...depth] }
    }
    case 'mp3':
      return { from: 'mp3', to: 'mp3', cover: true, encoder: ['-c:a', 'libmp3lame', ...rate(64, 320)] }
    case 'm4a':
      return {
        from: 'mov',
        to: 'ipod',
        cover: true,
        encoder: ['-c:a', 'aac', ...rate(64, 160 * Math.max(2, channels))],
      }
    case 'aac':
      return {
        from: 'aac',
        to: 'adts',
        cover: false,
        encoder: ['-c:a', 'aac', ...rate(64, 160 * Math.max(2, channels))],
      }
    case 'opus':
      return { from: 'ogg', to: 'opus', cover: false, encoder: ['-c:a', 'libopus', ...rate(48, 256)] }
    case 'vorbis':
      return {
        from: 'ogg',
        to: 'ogg',
        cover: false,
        encoder: ['-c:a', 'libvorbis', '-q:a', own > 150 ? '7' : '5'],
      }
    default:
      throw new AvouchError('internal', `no encoder for ${kind.name}`)
  }
}

/** Bits a sample, from the stream's first block (RFC 9639, 8.2). */
function flacDepth(bytes: Uint8Array): number {
  const at = behindTags(bytes) + 8 + 12
  return (((bytes[at] ?? 0) & 1) << 4) + ((bytes[at + 1] ?? 0xf0) >> 4) + 1
}
