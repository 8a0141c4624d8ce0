import { AvouchError } from '@avouch/core/errors'
import type { Writing } from './ffmpeg.ts'
import type { Samples } from './samples.ts'

/** How a WAV file writes samples, and where in it they stand. */
export type WavForm = {
  channels: number
  rate: number
  /** Bits a sample. */
  depth: number
  float: boolean
  /** First byte of the samples, and the byte behind them. */
  from: number
  to: number
}

const FLOAT = 3
const EXTENSIBLE = 0xfffe
/** Codings by their number, for telling why one is not taken (RFC 2361). */
const CODINGS: Record<number, string> = {
  1: 'PCM',
  2: 'ADPCM',
  3: 'floating-point PCM',
  6: 'A-law sound',
  7: 'µ-law sound',
  17: 'IMA ADPCM',
  85: 'MP3',
}

/**
 * Reads the head of a RIFF/WAVE file. Throws `input` where it has none, where its samples are missing or cut off, and for
 * codings other than whole numbers of 16, 24 or 32 bits and floats of 32.
 */
export function readWav(bytes: Uint8Array): WavForm {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let form: Omit<WavForm, 'from' | 'to'> | undefined
  for (const { name, from, size } of chunksOf(bytes)) {
    if (name === 'fmt ' && size >= 16 && from + size <= bytes.length) {
      const tag = view.getUint16(from, true)
      const coding = tag === EXTENSIBLE && size >= 26 ? view.getUint16(from + 24, true) : tag
      const depth = view.getUint16(from + 14, true)
      const known = coding === 1 ? [16, 24, 32] : coding === FLOAT ? [32] : []
      if (!known.includes(depth))
        throw new AvouchError(
          'input',
          `the WAV file holds ${CODINGS[coding] ?? `coding ${coding}`} of ${depth} bits a sample, which is not taken`,
          {
            fix: 'Convert it to PCM of 16, 24 or 32 bits, or to 32-bit float.',
          },
        )
      form = {
        channels: view.getUint16(from + 2, true),
        rate: view.getUint32(from + 4, true),
        depth,
        float: coding === FLOAT,
      }
    }
    if (name === 'data' && form) {
      if (from + size > bytes.length && size < 0xffffff00) throw damaged('it is cut off')
      const frame = (form.channels * form.depth) / 8
      const to = Math.min(bytes.length, from + size)
      return { ...form, from, to: to - ((to - from) % Math.max(1, frame)) }
    }
  }
  throw damaged('it has no samples')
}

/** The samples as a file of the given form. Whole numbers keep the scale by which they were read, so nothing drifts. */
export function writeWav(
  { channels, rate }: Samples,
  { depth, float }: Pick<WavForm, 'depth' | 'float'>,
): Uint8Array {
  const bytes = new Uint8Array(44 + ((channels[0]?.length ?? 0) * channels.length * depth) / 8)
  const view = new DataView(bytes.buffer)
  const frame = (channels.length * depth) / 8
  bytes.set(Buffer.from('RIFF____WAVEfmt '))
  view.setUint32(4, bytes.length - 8, true)
  view.setUint32(16, 16, true)
  view.setUint16(20, float ? FLOAT : 1, true)
  view.setUint16(22, channels.length, true)
  view.setUint32(24, rate, true)
  view.setUint32(28, rate * frame, true)
  view.setUint16(32, frame, true)
  view.setUint16(34, depth, true)
  bytes.set(Buffer.from('data'), 36)
  view.setUint32(40, bytes.length - 44, true)
  writeSamples(bytes, 44, channels, { depth, float })
  return bytes
}

/**
 * Writes the same file with other samples, as they come. All else in it stays, but for a manifest of C2PA, which spoke of
 * other samples.
 */
export function replaceSamples(bytes: Uint8Array, form: WavForm): Writing {
  const changed = Uint8Array.from(bytes)
  let at = form.from
  return {
    async write(channels, from, to) {
      writeSamples(changed, at, channels, form, from, to)
      at += ((to - from) * channels.length * form.depth) / 8
    },
    async end() {
      const parts = [changed.subarray(0, 12)]
      for (const { name, from, size } of chunksOf(changed))
        if (name !== 'C2PA')
          parts.push(changed.subarray(from - 8, Math.min(changed.length, from + size + (size % 2))))
      const length = parts.reduce((sum, part) => sum + part.length, 0)
      const whole = length === changed.length ? Buffer.from(changed.buffer) : Buffer.concat(parts)
      whole.writeUInt32LE(whole.length - 8, 4)
      return new Uint8Array(whole.buffer, whole.byteOffset, whole.length)
    },
    async stop() {},
  }
}

function* chunksOf(bytes: Uint8Array): Generator<{ name: string; from: number; size: number }> {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 12; at + 8 <= view.length; ) {
    const size = view.readUInt32LE(at + 4)
    yield { name: view.toString('latin1', at, at + 4), from: at + 8, size }
    at += 8 + size + (size % 2)
  }
}

function writeSamples(
  bytes: Uint8Array,
  start: number,
  channels: readonly Float32Array[],
  { depth, float }: Pick<WavForm, 'depth' | 'float'>,
  from = 0,
  to = channels[0]?.length ?? 0,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const most = 2 ** (depth - 1) - 1
  let at = start
  for (let n = from; n < to; n++)
    for (const samples of channels) {
      const sample = samples[n]!
      if (float) view.setFloat32(at, sample, true)
      else {
        // reading divides what is above zero by one less
        const scaled = Math.round(sample < 0 ? sample * (most + 1) : sample * most)
        const whole = Math.max(-most - 1, Math.min(most, scaled))
        if (depth === 16) view.setInt16(at, whole, true)
        else if (depth === 32) view.setInt32(at, whole, true)
        else {
          view.setInt16(at, whole & 0xffff, true)
          view.setInt8(at + 2, whole >> 16)
        }
      }
      at += depth / 8
    }
}

function damaged(why: string): AvouchError {
  return new AvouchError('input', `the WAV file cannot be read: ${why}`, { fix: 'Use a whole WAV file.' })
}
